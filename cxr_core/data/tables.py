"""CSV files of a data folder: read whoever wrote them, and everything that is wrong with their cells found at once."""

import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from cxr_core.data.errors import DataSetError
from cxr_core.data.faults import Fault, refuse
from cxr_core.labels import CLASS_NAMES

SPLITS = ("train", "val", "test")

HELD = "held"
"""Split of films that are kept out of everything: twins of test films of another collection."""

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_KNOWN = {"label": CLASS_NAMES, "split": (*SPLITS, HELD)}


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read a CSV file of a data folder as text.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        Columns that it must have, without an empty cell. `label` and `split` may hold known ones only.

    Returns
    -------
    pandas.DataFrame
        All columns of the file, as text; empty cells are empty texts.

    Raises
    ------
    DataSetError
        The file cannot be used, with everything that is wrong.
    """
    table = read_rows(path, columns)
    refuse(cell_faults(table, path, columns))
    return table.reset_index(drop=True)


def read_rows(path: Path, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Read a CSV file as text, with what spreadsheets make of one: semicolons or tabs, byte order marks, blank lines and spaces.

    Parameters
    ----------
    path : Path
        The file, in UTF-8, UTF-16 with its mark, or Latin-1.
    columns : sequence of str
        Columns that it must have; their cells may be empty.

    Returns
    -------
    pandas.DataFrame
        All columns, as text without spaces around it but for `path`, which is as it stands; the index is the line of each row.

    Raises
    ------
    DataSetError
        The file is no table, or lacks columns.
    """
    text = _text(path)
    header = text.lstrip().partition("\n")[0]
    try:
        table = pd.read_csv(
            io.StringIO(text),
            sep=max(",;\t", key=header.count),
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            index_col=False,
        )
    except ValueError as error:  # of which pandas' own errors are kinds
        raise _no_table(path) from error
    table.columns = table.columns.str.strip()
    missing = [column for column in columns if column not in table]
    if missing:
        raise DataSetError(f"{path} lacks the columns {', '.join(missing)}.")
    table = table.fillna("").set_axis(pd.RangeIndex(2, len(table) + 2))
    for column in table.columns.difference(["path"]):
        table[column] = table[column].str.strip()
    return table[table.apply(lambda cells: cells.str.strip() != "").any(axis=1)]


def cell_faults(table: pd.DataFrame, path: Path, columns: Sequence[str]) -> list[Fault]:
    """Find empty cells and unknown labels and splits.

    Parameters
    ----------
    table : pandas.DataFrame
        From `read_rows`.
    path : Path
        Its file.
    columns : sequence of str
        Columns that are looked at.

    Returns
    -------
    list of Fault
        One a cell.
    """
    faults = []
    for column in columns:
        cells, known = table[column], _KNOWN.get(column)
        wrong = cells[(cells == "") | ~cells.isin(known)] if known else cells[cells == ""]
        for line, cell in wrong.items():
            reason = f"has the {column} {cell!r}; allowed are {', '.join(known or ())}" if cell else f"has an empty {column}"
            faults.append(Fault(f"{path}, line {line}", reason, line=int(line)))
    return faults


def _text(path: Path) -> str:
    data = path.read_bytes()
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise _no_table(path) from error
        text = data.decode("latin-1")
    if "\0" in text:
        raise _no_table(path)
    return text


def _no_table(path: Path) -> DataSetError:
    return DataSetError(f"{path} is not a CSV file that can be read.")
