"""Two drawn collections to train on, and three to be judged by."""

import pytest

from cxr_core.data import open_collections
from cxr_core.labels import CLASS_NAMES
from tests.helps import draw_collection


@pytest.fixture(scope="session")
def collections(tmp_path_factory):
    """Folder of the first collection, with the tables of the others beside it."""
    folder = tmp_path_factory.mktemp("pack")
    children = ("Lung_Opacity", "Normal", "Viral Pneumonia")
    draw_collection(folder, "own", CLASS_NAMES, ("train", "train", "train", "val", "test")).to_csv(folder / "manifest.csv", index=False)
    draw_collection(folder, "kermany", children, ("train", "train", "val", "test", "test")).to_csv(folder / "kermany.csv", index=False)
    jsrt = draw_collection(folder, "jsrt", ("Normal", ""), ("all", "all")).drop(columns=["split", "group"])
    jsrt.to_csv(folder / "jsrt.csv", index=False)
    external = draw_collection(folder, "external", ("COVID", "Viral Pneumonia"), ("all", "all"), patient="one")
    external.drop(columns=["split", "group"]).to_csv(folder / "external.csv", index=False)
    return folder


@pytest.fixture(scope="session")
def both(collections):
    return open_collections([collections, collections / "kermany.csv"])


@pytest.fixture(scope="session")
def alone(collections):
    return open_collections([collections])
