"""Rows on drawn films with a tiny network: made once, measured where they say, and of one budget."""

import pytest

from cxr_core.ablation import Budget, Workplace, check_rows, gather_outside, rows_folder, run_row, write_row
from cxr_core.ablation.plan import ROWS
from cxr_core.artifacts import read_helps
from cxr_core.data import index_sha256
from cxr_core.training import RunError
from tests.eager import eagerly
from tests.helps import drawn_row, write_rows
from tests.tiny import TINY

BUDGET = Budget("none", TINY, size=32, epoch_films=32, epochs=2)


@pytest.fixture(scope="module")
def made(tiny, both, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    work = Workplace(folder / "runs", folder / "cache", "the command")
    told = {"progress": lambda what, done, total: None, "announce": lambda sentence: None, "callbacks": []}
    with eagerly():
        rows = [run_row(ROWS[key], BUDGET, both, gather_outside(both), work, **told) for key in ("lung-crop", "all")]
    for row in rows:
        write_row(row, folder / "results")
    return folder, rows


@pytest.mark.slow
def test_rows_are_kept_as_they_were_made(made):
    folder, rows = made
    assert read_helps(folder / "results") == rows


@pytest.mark.slow
def test_row_says_what_was_done_and_on_which_films_it_was_measured(made, both):
    (crop, everything), films = made[1], both.films
    own = films["collection"].iloc[0]
    assert (crop.collections, everything.collections) == ([own], [own, "kermany"])
    assert everything.title == "lung crop + all of these"
    assert (crop.against, everything.against) == ("helps-whole-film", "helps-more-films")
    assert crop.train_films == ((films["split"] == "train") & (films["collection"] == own)).sum()
    assert everything.train_films == (films["split"] == "train").sum()
    assert crop.in_set.films == ((films["split"] == "test") & (films["collection"] == own)).sum()
    assert everything.outside.films == {"JSRT": 2, "external": 4, "Kermany": 6}
    assert everything.recipe["amplitudes"] == 0.6
    assert crop.budget == everything.budget
    assert (crop.epochs, crop.epoch_films, crop.index_sha256) == (2, 32, index_sha256(films))


@pytest.mark.slow
def test_rows_name_no_folder_of_the_machine(made, collections):
    for path in (made[0] / "results").iterdir():
        assert str(made[0]) not in path.read_text()
        assert str(collections) not in path.read_text()


@pytest.mark.slow
def test_row_that_is_there_is_not_made_again_and_another_budget_is_refused(made, both):
    results, digest = made[0] / "results", index_sha256(both.films)
    assert [row.key for row in check_rows(results, BUDGET, digest, [ROWS["lung-crop"], ROWS["maps"]])] == ["maps"]
    for other in (Budget("none", TINY, 32, 32, 3), Budget("none", TINY, 32, 16, 2), Budget("imagenet", TINY, 32, 32, 2)):
        with pytest.raises(RunError, match="holds the row helps-lung-crop of another budget, start or data set"):
            check_rows(results, other, digest, [ROWS["maps"]])
    with pytest.raises(RunError, match="another budget"):
        check_rows(results, BUDGET, "00" * 32, [ROWS["maps"]])


def test_rows_on_another_data_set_than_the_pages_stay_in_their_own_folder(tmp_path, monkeypatch):
    ours = tmp_path / "ours"
    monkeypatch.setattr("cxr_core.ablation.run.STUDY_FOLDER", ours)
    assert rows_folder(tmp_path, "00" * 32) == ours  # nothing there yet
    write_rows(ours, [drawn_row("all")])
    assert rows_folder(tmp_path, "00" * 32) == tmp_path / "results"
    assert rows_folder(tmp_path, drawn_row("all").index_sha256) == ours
