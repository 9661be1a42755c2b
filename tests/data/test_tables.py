"""CSV files are read whoever wrote them, and all that is wrong with them is told."""

import pandas as pd
import pytest

from cxr_core.data import DataSetError, read_table
from cxr_core.data.tables import cell_faults, read_rows

COLUMNS = ("path", "label", "split", "group")
TEXT = "path,label,split,group,note\na.png,COVID,train,1,x\nb.png,Normal,val,2,\n"


@pytest.fixture
def write(tmp_path):
    def write(content, encoding="utf-8"):
        path = tmp_path / "films.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def test_table_is_text_and_empty_cells_are_empty(write):
    found = read_table(write(TEXT), COLUMNS)
    assert found["group"].tolist() == ["1", "2"]
    assert found["note"].tolist() == ["x", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings_of_spreadsheets(write, encoding):
    found = read_table(write(TEXT.replace("a.png", "Röntgen.png"), encoding), COLUMNS)
    assert found["path"].tolist() == ["Röntgen.png", "b.png"]


@pytest.mark.parametrize(
    "change", [("\n", "\r\n"), (",", ";"), (",", "\t"), ("a.png,COVID,train", "a.png, COVID ,train  "), ("\na", "\n\na")]
)
def test_dialects_of_spreadsheets(write, change):
    pd.testing.assert_frame_equal(read_table(write(TEXT.replace(*change)), COLUMNS), read_table(write(TEXT), COLUMNS))


@pytest.mark.parametrize("blank", ["\n", ",,,,\n", "  , ,,,\n\n"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_blank_lines_are_no_rows(write, blank, separator):
    found = read_table(write((TEXT + blank).replace(",", separator)), COLUMNS)
    assert found["label"].tolist() == ["COVID", "Normal"]


@pytest.mark.parametrize("word", ["NA", "null", "nan", "None", "N/A"])
def test_words_that_elsewhere_mean_nothing_are_words(write, word):
    assert read_table(write(TEXT.replace(",2,", f",{word},")), COLUMNS)["group"].tolist() == ["1", word]


def test_quoted_names_may_hold_anything(write):
    found = read_table(write(TEXT.replace("a.png", '"a,b;""c""\nd.png"')), COLUMNS)
    assert found["path"][0] == 'a,b;"c"\nd.png'


def test_row_that_ends_early_has_empty_cells(write):
    with pytest.raises(DataSetError, match=r"line 4: has an empty split; .*line 4: has an empty group\.$"):
        read_table(write(TEXT + "c.png,COVID\n"), COLUMNS)


@pytest.mark.parametrize("column", COLUMNS)
def test_missing_column_is_named(write, column):
    with pytest.raises(DataSetError, match=f"lacks the columns {column}"):
        read_table(write(TEXT.replace(column, "other", 1)), COLUMNS)


@pytest.mark.parametrize(("column", "value", "allowed"), [("label", "covid", "Lung_Opacity"), ("split", "dev", "train, val, test")])
def test_unknown_word_is_refused(write, column, value, allowed):
    with pytest.raises(DataSetError, match=f"line 3: has the {column} '{value}'; allowed are .*{allowed}"):
        read_table(write(TEXT.replace("Normal" if column == "label" else "val", value)), COLUMNS)


def test_everything_wrong_is_told_with_its_line(write):
    path = write("path,label,split,group\n,COVID,train,1\nb.png,covid,dev,2\n\nc.png,COVID,train,\n")
    faults = cell_faults(read_rows(path), path, COLUMNS)
    assert sorted((fault.line, fault.reason.split(";")[0]) for fault in faults) == [
        (2, "has an empty path"),
        (3, "has the label 'covid'"),
        (3, "has the split 'dev'"),
        (5, "has an empty group"),
    ]
    assert all(fault.stops for fault in faults)


def test_many_faults_are_counted_and_twenty_named(write):
    with pytest.raises(DataSetError, match=r"line 21: has an empty label; and 13 more, which .*check-data") as refused:
        read_table(write("path,label\n" + "a.png,\n" * 33), ("path", "label"))
    assert "line 22" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b'path,label\n"a', b"\xff\xfe\x00\x80,\xff\n\x81,2\n", b"path,label\n\0\0\0"])
def test_what_is_no_table_is_refused(write, content):
    with pytest.raises(DataSetError, match="not a CSV file that can be read"):
        read_table(write(content), ("path",))
