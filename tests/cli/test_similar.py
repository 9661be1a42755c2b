"""`similar`: an index that is built, gone on with and forgotten, and the films in it that are nearest to another."""

import json
import shutil

import pytest

from cxr_core.imaging import load_film
from cxr_core.similar import FilmIndex, Store, features_of, list_similar, sketch_of
from tests.cli.running import invoke, one_line
from tests.similar.films import folder_of, write_film

pytestmark = pytest.mark.slow


@pytest.fixture
def films(tmp_path):
    labels, sources = ("COVID", "Lung_Opacity"), ["web"] * 9 + ["rsna"] * 15
    rows = [{"seed": n, "path": f"{n}.png", "label": labels[n % 2], "source": sources[n], "group": n // 2} for n in range(24)]
    folder_of(tmp_path / "films", rows)
    (tmp_path / "films" / "23.png").write_bytes(b"no film")
    (tmp_path / "films" / "22.png").unlink()
    write_film(tmp_path / "other.png", 500)
    return tmp_path / "films"


def test_an_index_is_built_gone_on_with_and_forgotten(films, tiny_model, cache_of_this_user):
    done = invoke("similar", films, "--model", tiny_model)
    assert done.exit_code == 0, done.stderr
    (folder,) = (cache_of_this_user / "similar").glob("*/*")
    assert done.stdout == f"22 films are in the index {folder}\n"
    assert done.stderr.splitlines() == ["Films that cannot be read: 1", "Films that are listed, but not there: 1"]
    stamps = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert invoke("similar", films, "--model", tiny_model).stdout == done.stdout
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == stamps
    assert invoke("similar", films, "--model", tiny_model, "--forget").stdout == "The index is removed.\n"
    assert not folder.exists()
    assert invoke("similar", films, "--model", tiny_model, "--forget").stdout == "There is no index of these folders and this model.\n"


def test_the_nearest_films_are_those_of_the_library(films, tiny_model, tmp_path):
    from cxr_core.models import Classifier

    named = ["--model", tiny_model, "--cache", tmp_path / "cache", "--film", tmp_path / "other.png", "--film", films / "4.png"]
    done = invoke("similar", films, *named, "--json")
    assert done.exit_code == 0, done.stderr
    other, own = map(json.loads, done.stdout.splitlines())
    classifier, listed = Classifier.load(tiny_model), list_similar([films])
    index = FilmIndex(listed, Store([films], classifier.identity, tmp_path / "cache").load())
    film = load_film(tmp_path / "other.png")
    found = index.search(features_of(film, classifier), sketch_of(film), film.fingerprint)
    assert [one["path"] for one in other["films"]] == [str(one.path) for one in found.neighbours]
    assert (other["schema"], other["left_out"], other["own_source"]) == ("second-look-similar/1", 0, None)
    assert (own["left_out"], own["own_source"]) == (2, "web")
    assert not {str(films / "4.png"), str(films / "5.png")} & {one["path"] for one in own["films"]}
    text = invoke("similar", films, *named)
    assert f"  {found.neighbours[0].distance:.3f}  " in text.stdout
    assert "Lung opacity" in text.stdout
    assert "come from the source of this film, web; of all films here, 41% do." in text.stdout
    assert "0 is the same to the network" in text.stdout


def test_a_film_that_cannot_be_read_is_told_and_the_others_are_found(films, tiny_model, tmp_path):
    done = invoke("similar", films, "--model", tiny_model, "--film", films / "23.png", "--film", tmp_path / "other.png")
    assert done.exit_code == 1
    assert f"{films / '23.png'}: The file is not an image" in done.stderr
    assert f"{tmp_path / 'other.png'}:" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "There is no data folder and no CSV file nowhere."),
        (["nowhere", "--json"], "--json goes with --film."),
        (["nowhere", "--forget", "--film", "a.png"], "--forget goes without --film and --json."),
    ],
)
def test_what_cannot_be_has_its_sentence(arguments, sentence, tiny_model):
    assert sentence in one_line(invoke("similar", *arguments, "--model", tiny_model))


def test_films_that_moved_have_an_index_of_their_own(films, tiny_model, cache_of_this_user):
    invoke("similar", films, "--model", tiny_model)
    shutil.copytree(films, films.parent / "moved")
    invoke("similar", films.parent / "moved", "--model", tiny_model)
    assert len(list((cache_of_this_user / "similar").glob("*/*"))) == 2
