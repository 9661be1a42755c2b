"""Example films are drawn from a folder, and a folder that cannot be used is told."""

import pytest

from cxr_core.data import DataSetError, example_films, open_collections
from cxr_core.data.location import list_films
from cxr_core.labels import CLASS_NAMES


def test_some_films_of_every_class(phantom_data):
    found = example_films(phantom_data, each=3)
    assert {name: len(films) for name, films in found.items()} == dict.fromkeys(CLASS_NAMES, 3)
    assert all(film.pixels.shape == (96, 96) for films in found.values() for film in films)


def test_class_with_fewer_films_gives_those_that_there_are(phantom_data):
    assert len(example_films(phantom_data, each=99)["COVID"]) == 10


def test_same_seed_draws_the_same_films(phantom_data):
    def drawn(seed):
        return [film.pixels.tobytes() for films in example_films(phantom_data, seed=seed).values() for film in films]

    assert drawn(0) == drawn(0)
    assert drawn(0) != drawn(1)


def test_manifest_is_honoured(phantom_data, tmp_path):
    path = phantom_data / "COVID" / "images" / "COVID-0.png"
    (tmp_path / "manifest.csv").write_text(f"path,label\n{path},Normal\n")
    assert {name: len(films) for name, films in example_films(tmp_path).items() if films} == {"Normal": 1}


def test_films_listed_are_those_of_the_index(phantom_data):
    assert list_films(phantom_data).to_numpy().tolist() == open_collections([phantom_data]).films[["path", "label"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: folder / "absent", "There is no data folder"),
        (lambda folder: folder, "neither a manifest.csv nor the four folders"),
        (lambda folder: folder / ("x" * 300), "cannot be read"),
    ],
)
def test_folder_that_cannot_be_used_is_told(tmp_path, make, reason):
    with pytest.raises(DataSetError, match=reason):
        example_films(make(tmp_path))


def test_film_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "manifest.csv").write_text("path,label\nnotes.png,COVID\n")
    (tmp_path / "notes.png").write_text("these are my notes")
    with pytest.raises(DataSetError, match=r"notes\.png: The file is not an image"):
        example_films(tmp_path)
