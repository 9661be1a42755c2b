"""The films of a data set: their hash, their classes, and the tables beside them."""

import pandas as pd
import pytest

from cxr_core.data import DataSetError, class_codes, index_sha256, open_collections
from cxr_core.data.data_set import absent_classes

FILMS = pd.DataFrame(
    {
        "path": [f"films/{number}.png" for number in range(5)],
        "label": ["Normal", "COVID", "Viral Pneumonia", "Lung_Opacity", "COVID"],
        "split": ["train", "val", "test", "train", "train"],
        "group": ["a", "b", "c", "d", "e"],
    }
)


def test_codes_follow_the_class_order():
    assert class_codes(FILMS).tolist() == [2, 0, 3, 1, 0]


def test_hash_is_of_films_classes_and_splits_whatever_their_order():
    digest = index_sha256(FILMS)
    assert index_sha256(FILMS[::-1]) == digest
    assert index_sha256(FILMS.assign(source="web")) == digest
    for column in FILMS:
        assert index_sha256(FILMS.assign(**{column: FILMS[column].replace(FILMS[column][0], "other")})) != digest


def test_hash_of_a_table_that_is_written_today_stays_the_same():
    assert index_sha256(FILMS) == "147f1696f183e4cf8976ca9d22025c6de59244489e12416488f920f0e1cd7d80"


def test_absent_classes_are_said_by_split():
    assert absent_classes(FILMS) == [
        "The training films hold none of Viral Pneumonia.",
        "The validation films hold none of Lung_Opacity, Normal, Viral Pneumonia.",
        "The test films hold none of COVID, Lung_Opacity, Normal.",
    ]


def test_table_beside_a_collection_is_found_whichever_it_is(listed, small):
    (small / "more.csv").write_text("path,label,lungs,infection\nCOVID/images/COVID-0.png,COVID,masks/0.png,\n")
    table = open_collections([listed, small]).table_beside("more.csv", ("path", "label"))
    assert table.loc[0, ["path", "lungs", "infection"]].tolist() == ["small/COVID/images/COVID-0.png", "small/masks/0.png", ""]
    assert open_collections([listed]).table_beside("more.csv", ("path",)) is None


def test_table_beside_a_collection_must_be_whole(listed):
    (listed / "more.csv").write_text("path,label\nCOVID/images/COVID-0.png,\n")
    with pytest.raises(DataSetError, match=r"more\.csv, line 2: has an empty label"):
        open_collections([listed]).table_beside("more.csv", ("path", "label"))
