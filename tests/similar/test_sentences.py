"""What the nearest films come to, in words."""

from pathlib import Path

import numpy as np
import pytest

from cxr_core.similar.index import FilmIndex, Found, Neighbour
from cxr_core.similar.sentences import class_sentence, far_sentence, left_out_sentence, source_sentences
from tests.similar.films import computed, listed


def index_of(sources, labels=None):
    return FilmIndex(
        listed(len(sources), sources=sources, labels=labels), computed(np.random.default_rng(0).normal(5, 1, (len(sources), 8)))
    )


def found_of(*films, own_source="", left_out=0, distance=0.3):
    return Found(tuple(Neighbour(Path("x"), label, source, distance, "") for label, source in films), left_out, own_source)


HALF = ["web"] * 50 + ["rsna"] * 50


def test_how_many_share_a_source_is_told_beside_how_many_of_the_folder_do():
    found = found_of(*[("COVID", "web")] * 7, *[("Normal", "rsna")] * 3)
    first, second = source_sentences(found, index_of(HALF, ["COVID"] * 49 + ["Normal"] * 51))
    assert first == "**7 of the 10 come from one source, web**; of all films here, 50% do."
    assert (
        second
        == "98% of the films of that source here are COVID: so these films cannot tell whether the network sees the disease or the source."
    )


def test_a_source_of_several_classes_leaves_the_question_open():
    found = found_of(*[("COVID", "web")] * 10)
    assert source_sentences(found, index_of(HALF, ["COVID", "Normal"] * 50)) == [
        "**All 10 come from one source, web**; of all films here, 50% do."
    ]


def test_of_a_film_that_the_folder_knows_its_own_source_counts():
    found = found_of(*[("COVID", "web")] * 7, *[("Normal", "rsna")] * 3, own_source="rsna")
    assert source_sentences(found, index_of(HALF)) == [
        "**3 of the 10 come from the source of this film, rsna**; of all films here, 50% do."
    ]
    none = source_sentences(found_of(("COVID", "web"), ("COVID", "web"), own_source="rsna"), index_of(HALF))
    assert none == ["**None of these films come from the source of this film, rsna**; of all films here, 50% do."]


@pytest.mark.parametrize(
    ("sources", "near", "sentence"),
    [
        ([""] * 20, [""] * 10, "This folder does not say where its films come from"),
        (["web"] * 20, ["web"] * 10, "All films here come from one source, web"),
        (["web"] * 10 + ["x"] + [""] * 9, [""] * 10, "None of these films has a known source."),
        (HALF, ["web"], "**The one film comes from one source, web**; of all films here, 50% do."),
        (HALF, ["web", "rsna"], "**No two of these films come from the same source.**"),
        (["web"] * 399 + ["rare"], ["rare", "rare"], "**Both films come from one source, rare**; of all films here, less than 1% do."),
        (
            ["web"] * 399 + ["rare"],
            ["web"] * 9 + ["rare"],
            "**9 of the 10 come from one source, web**; of all films here, more than 99% do.",
        ),
    ],
)
def test_each_kind_of_folder_has_its_sentence(sources, near, sentence):
    told = source_sentences(found_of(*[("", source) for source in near]), index_of(sources))
    assert told[0].startswith(sentence)
    assert len(told) == 1


def test_nothing_found_says_nothing():
    nothing = Found((), 0)
    index = index_of(HALF)
    assert (source_sentences(nothing, index), class_sentence(nothing), left_out_sentence(nothing), far_sentence(nothing, index)) == (
        [],
        "",
        "",
        "",
    )


def test_classes_are_counted():
    found = found_of(*[("Lung_Opacity", "")] * 6, *[("Normal", "")] * 3, ("", ""))
    assert class_sentence(found) == "By class: Lung opacity 6, Normal 3, not known 1."


def test_films_that_were_passed_over_are_told():
    assert left_out_sentence(found_of(left_out=1)).endswith("or of its patient: 1 film.")
    assert left_out_sentence(found_of(left_out=1200)).endswith("or of its patient: 1,200 films.")


def test_a_film_that_nothing_is_like_is_told():
    index = index_of(HALF)
    assert far_sentence(found_of(("COVID", "web"), distance=index.usual - 0.01), index) == ""
    told = far_sentence(found_of(("COVID", "web"), distance=index.usual + 0.2), index)
    assert told == (
        f"Nothing here looks much like this film: the nearest is {index.usual + 0.2:.2f} away, while 95% of the films here have one within "
        f"{index.usual:.2f}."
    )
    assert far_sentence(found_of(("COVID", "web"), distance=5.0), index_of(["web"] * 5)) == ""
