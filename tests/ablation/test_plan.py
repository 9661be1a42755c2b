"""Rows differ in one thing each, at one budget."""

import pytest

from cxr_core.ablation import Budget, chosen_rows, films_of, recipe_of
from cxr_core.ablation.plan import ROWS
from cxr_core.data import DataSetError
from cxr_core.training import RunError

BUDGET = Budget("none", size=64, epoch_films=3, epochs=2, seed=1)


def settings(key):
    return recipe_of(ROWS[key], BUDGET).model_dump()


def test_every_row_is_the_one_it_stands_against_but_for_one_thing():
    one_thing = {
        "lung-crop": {"crop": "lungs"},
        "more-films": {},
        "machines": {"augmentation": "machines"},
        "amplitudes": {"amplitudes": 0.6},
        "surroundings": {"surroundings": 0.5},
        "maps": {"map_weight": 0.5},
        "all": {"augmentation": "machines", "amplitudes": 0.6, "surroundings": 0.5, "map_weight": 0.5},
        "all-whole-film": {"crop": "none"},
    }
    for key, changed in one_thing.items():
        assert settings(key) == settings(ROWS[key].against) | changed
    assert set(ROWS) == {"whole-film", *one_thing}


def test_rows_are_chosen_in_the_order_of_the_table():
    assert [row.key for row in chosen_rows(["all", "whole-film"])] == ["whole-film", "all"]
    assert chosen_rows([]) == list(ROWS.values())
    with pytest.raises(RunError, match="There is no row"):
        chosen_rows(["masks"])


def test_films_are_of_train_with_the_first_collections_val(both):
    budget = Budget("none", epoch_films=100)
    more, one = films_of(ROWS["more-films"], budget, both), films_of(ROWS["lung-crop"], budget, both)
    assert set(more["collection"]) > set(one["collection"]) == {both.films["collection"].iloc[0]}
    assert set(more["split"]) == {"train", "val"}
    assert more[more["split"] == "val"].equals(one[one["split"] == "val"])
    assert len(more[more["split"] == "train"]) == (both.films["split"] == "train").sum()


def test_no_more_films_are_taken_than_are_shown_and_rows_alike_take_the_same(both):
    found = [films_of(ROWS[key], BUDGET, both) for key in ("more-films", "maps", "all-whole-film")]
    assert (found[0]["split"] == "train").sum() == 6
    assert found[1].equals(found[0])
    assert found[2].equals(found[0])


def test_row_with_further_collections_asks_for_them(alone):
    films_of(ROWS["lung-crop"], BUDGET, alone)
    with pytest.raises(DataSetError, match="The row machines trains on further collections"):
        films_of(ROWS["machines"], BUDGET, alone)
