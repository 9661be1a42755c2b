"""The films from elsewhere that rows are judged by, and the figures on them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cxr_core.artifacts import OutsideFigures
from cxr_core.data import DataSet, class_codes
from cxr_core.evaluation import gather, roc_area
from cxr_core.labels import CLASS_NAMES, COVID
from cxr_core.stats import Interval, share_among
from cxr_core.training import RunError

NORMALS, EXTERNAL, KERMANY = "JSRT", "external", "Kermany"
"""Collections that an evaluation knows by their tables; of Kermany's its own test folder alone."""

HELD_OUT = (NORMALS, EXTERNAL)
"""No row may train on these."""

_ALL = range(len(CLASS_NAMES))
_LUNG_OPACITY, _NORMAL, _VIRAL = (CLASS_NAMES.index(name) for name in ("Lung_Opacity", "Normal", "Viral Pneumonia"))


@dataclass(frozen=True)
class Outside:
    """Collections that rows are judged by.

    Attributes
    ----------
    root : Path
        The folder that their paths are relative to.
    collections : mapping of str to pandas.DataFrame
        By name: `path`, `label`, `group` of the films that have one of the four classes.
    """

    root: Path
    collections: Mapping[str, pd.DataFrame]


def gather_outside(data: DataSet) -> Outside:
    """Find the collections whose tables lie beside a data set.

    Parameters
    ----------
    data : DataSet

    Returns
    -------
    Outside

    Raises
    ------
    RunError
        None is there, or films that are to be held out are in the data set.
    DataSetError
        A table cannot be used.
    """
    trained = set(data.films.loc[data.films["split"] != "test", "path"])
    found = {}
    for collection in gather(data, "test").collections:
        if collection.name not in (*HELD_OUT, KERMANY):
            continue
        labelled = collection.films[collection.films["label"] != ""].reset_index(drop=True)
        shared = [path for path in labelled["path"] if path in trained]
        if shared:
            raise RunError(
                f"{shared[0]} would be trained on, and rows are judged by it as a film of {collection.name}. Leave it out of --data."
            )
        if collection.name in HELD_OUT and collection.seen:
            raise RunError(
                f"Films of the source of {collection.name}, held out of every row, would be trained on. Leave them out of --data."
            )
        if not labelled.empty:
            found[collection.name] = labelled
    if not any(name in found for name in HELD_OUT):
        raise RunError("Beside the data are no films of the four classes in jsrt.csv or external.csv: nothing to judge rows by.")
    return Outside(data.root, found)


def outside_figures(outside: Outside, predict: Callable[[Path, list[str]], np.ndarray]) -> OutsideFigures:
    """Measure a classifier on the films from elsewhere.

    Parameters
    ----------
    outside : Outside
    predict : callable
        Given a folder and paths in it, returns probabilities, shape (n, 4), rows summing to 1.

    Returns
    -------
    OutsideFigures
    """
    y_true = {name: class_codes(films) for name, films in outside.collections.items()}
    probabilities = {name: predict(outside.root, list(films["path"])) for name, films in outside.collections.items()}
    groups = {name: (name + ":" + films["group"]).to_numpy() for name, films in outside.collections.items()}

    def among(names: Sequence[str], hit: Callable[[np.ndarray, np.ndarray], np.ndarray], rows: Sequence[int] = _ALL) -> Interval:
        there = [name for name in names if name in y_true]
        if not there:
            return Interval(value=None)
        true = np.concatenate([y_true[name] for name in there])
        top = np.concatenate([probabilities[name].argmax(1) for name in there])
        return share_among(hit(true, top), np.isin(true, rows), np.concatenate([groups[name] for name in there]))

    return OutsideFigures(
        films={name: len(true) for name, true in y_true.items()},
        held_out=among(HELD_OUT, np.equal),
        normals_called_covid=among([NORMALS], lambda true, top: top == COVID, [_NORMAL]),
        external_accuracy=among([EXTERNAL], np.equal),
        kermany_accuracy=among([KERMANY], np.equal),
        kermany_normal_against_rest=among([KERMANY], lambda true, top: (true == _NORMAL) == (top == _NORMAL)),
        kermany_bacterial_against_viral=_bacterial_against_viral(y_true[KERMANY], probabilities[KERMANY], groups[KERMANY])
        if KERMANY in y_true
        else Interval(value=None),
    )


def _bacterial_against_viral(y_true: np.ndarray, probabilities: np.ndarray, groups: np.ndarray) -> Interval:
    """Area under the ROC curve of P(Viral Pneumonia) among the two pneumonias, on the films of these."""
    rows = np.isin(y_true, (_LUNG_OPACITY, _VIRAL))
    viral = probabilities[:, _VIRAL] / np.maximum(probabilities[:, [_LUNG_OPACITY, _VIRAL]].sum(1), 1e-12)
    return roc_area(y_true[rows] == _VIRAL, viral[rows], groups[rows])
