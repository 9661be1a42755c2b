"""A series from a number: the same for all, half Normal, with films on which the model is wrong, one of a group."""

import pandas as pd
import pytest

from cxr_core.labels import CLASS_NAMES
from cxr_core.practice import Link, PracticeError, candidates, draw_series


def films_of(each=30, wrong=5, group=1):
    rows = [
        {"path": f"{name}-{number}", "label": name, "group": f"{name}-{number // group}", "source": "here", "infection": ""}
        for name in CLASS_NAMES
        for number in range(each)
    ]
    films = pd.DataFrame(rows)
    number = films["path"].str.extract(r"-(\d+)$")[0].astype(int)
    return films.assign(
        model=films["label"].where(number >= wrong, films["label"].map(lambda name: CLASS_NAMES[(CLASS_NAMES.index(name) + 1) % 4]))
    )


def counts(cases):
    return pd.Series([case.label for case in cases]).value_counts().to_dict()


def test_a_number_gives_the_same_series_whatever_came_before():
    films = films_of()
    first = draw_series(films, 42, 20)
    assert draw_series(films.copy(), 42, 20) == first
    assert draw_series(films, 43, 20) != first
    assert len({case.path for case in first}) == 20


def test_half_are_normal_and_the_rest_is_balanced():
    assert counts(draw_series(films_of(), 1, 24)) == {"Normal": 12, "COVID": 4, "Lung_Opacity": 4, "Viral Pneumonia": 4}
    labels = [case.label for case in draw_series(films_of(), 1, 24)]
    assert labels[:12] != ["Normal"] * 12  # in no order of classes


def test_a_third_of_each_class_is_what_the_model_is_wrong_on():
    films = films_of()
    model = dict(zip(films["path"], films["model"], strict=True))
    wrong = [case.label for case in draw_series(films, 3, 24) if model[case.path] != case.label]
    assert pd.Series(wrong).value_counts().to_dict() == {"Normal": 4, "COVID": 1, "Lung_Opacity": 1, "Viral Pneumonia": 1}


@pytest.mark.parametrize("wrong", [0, 30])
def test_where_the_model_is_never_or_always_wrong_the_series_is_full(wrong):
    assert len(draw_series(films_of(wrong=wrong), 3, 24)) == 24


def test_a_class_with_too_few_films_leaves_its_places_to_others():
    films = films_of()
    few = films[(films["label"] != "COVID") | (films["path"] == "COVID-7")]
    found = counts(draw_series(few, 5, 24))
    assert (found["COVID"], sum(found.values())) == (1, 24)
    only_normal = films[films["label"] == "Normal"]
    assert counts(draw_series(only_normal, 5, 24)) == {"Normal": 24}


def test_of_near_duplicates_there_is_one():
    films = films_of(each=20, group=5)  # four groups a class
    cases = draw_series(films, 9, 40)
    groups = films.set_index("path")["group"]
    assert len(cases) == 16
    assert len({groups[case.path] for case in cases}) == 16


def test_too_few_films_are_refused():
    with pytest.raises(PracticeError, match="at least 4 films"):
        draw_series(films_of(each=8, group=8).head(24), 1, 20)


def test_the_model_reads_three_films_for_each_without_knowing_which_are_hard():
    films = films_of()
    pool = candidates(films, 4, 12)
    assert len(pool) == 36
    assert candidates(films.assign(model=""), 4, 12)["path"].tolist() == pool["path"].tolist()
    assert set(pool.columns) == set(films.columns)


def test_a_link_comes_back():
    link = Link(42, 12, "revise", "0123abcd", "494d15")
    assert Link.of(link.query) == link
    assert Link.of({"series": "42"}) == Link(42)
    assert Link.of({"part": "results"}) is None


@pytest.mark.parametrize(
    "query",
    [
        {"series": "x"},
        {"series": "0"},
        {"series": "5", "films": "1000"},
        {"series": "5", "order": "none"},
        {"series": "5", "pool": "../.."},
    ],
)
def test_a_damaged_link_is_refused(query):
    with pytest.raises(PracticeError):
        Link.of(query)


def test_another_folder_or_model_is_told():
    link = Link(42, 12, "alone", "0123abcd", "494d15")
    assert link.why_other(link) == ""
    assert Link(42, 12).why_other(link) == ""  # nothing was drawn yet
    assert "other films" in Link(42, 12, "alone", "ffffffff", "494d15").why_other(link)
    assert "another model" in Link(42, 12, "alone", "0123abcd", "none").why_other(link)
