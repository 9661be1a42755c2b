"""What a run was asked to do: kept, compared, and told without naming a folder."""

import hashlib
import json

import pandas as pd
import pytest
from pydantic import ValidationError

from cxr_core.artifacts import CARD_FILE, KNOWN_WEIGHTS, WEIGHTS_FILE
from cxr_core.data import index_sha256
from cxr_core.training import Recipe, RunError
from cxr_core.training.recipe import RECIPE_FILE

INDEX = pd.DataFrame({"path": ["b.png", "a.png"], "label": ["COVID", "Normal"], "split": ["train", "test"], "group": ["g1", "g2"]})


@pytest.fixture
def parent_run(tmp_path):
    folder = tmp_path / "parent_run"
    folder.mkdir()
    Recipe(backbone="MobileNetV2", size=96, init="none", epochs=7).save(folder)
    (folder / "best.weights.h5").write_bytes(b"weights")
    return folder


@pytest.fixture
def child(parent_run):
    return Recipe(
        backbone="MobileNetV2", size=128, epochs=3, init=str(parent_run / "best.weights.h5"), teacher=str(parent_run), seed=4
    ).pinned(INDEX)


def test_save_and_load_give_it_back(child, tmp_path):
    child.save(tmp_path)
    assert Recipe.load(tmp_path) == child
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [RECIPE_FILE]


def test_a_save_that_fails_leaves_the_one_before(child, parent_run, monkeypatch):
    def fail(*_):
        raise OSError("no space")

    before = Recipe.load(parent_run)
    monkeypatch.setattr("cxr_core.files.os.replace", fail)
    with pytest.raises(OSError, match="no space"):
        child.save(parent_run)
    assert Recipe.load(parent_run) == before


def test_recipe_of_a_model_folder_is_that_of_its_card(tiny_model):
    assert Recipe.load(tiny_model) == Recipe(backbone="Tiny", size=64, init="none")


def test_weights_of_a_model_folder_bring_their_recipe(tiny_model):
    recipe = Recipe(init=str(tiny_model / WEIGHTS_FILE), teacher=str(tiny_model)).pinned(INDEX)
    assert recipe.parent == recipe.teacher_recipe == Recipe.load(tiny_model)
    assert recipe.lineage() == "random weights; then 10 epochs at 64 px"


def test_missing_recipe_is_named(tmp_path):
    with pytest.raises(RunError, match=rf"There is no recipe .*{RECIPE_FILE}"):
        Recipe.load(tmp_path)


@pytest.mark.parametrize("text", ["", "{", '{"surprise": 1}', '{"size": "wide"}', "\ud800"])
def test_damaged_recipe_is_named(tmp_path, text):
    (tmp_path / RECIPE_FILE).write_text(text, errors="surrogatepass")
    with pytest.raises(RunError, match=rf"{RECIPE_FILE} is damaged"):
        Recipe.load(tmp_path)


def test_missing_teacher_is_a_sentence(tmp_path):
    with pytest.raises(RunError, match="nowhere"):
        Recipe(teacher=str(tmp_path / "nowhere")).pinned(INDEX)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("size", 16),
        ("epochs", 0),
        ("optimizer", "sgd"),
        ("augmentation", "wild"),
        ("dropout", 1.0),
        ("speed", 1),
        ("crop", "heart"),
        ("class_balance", 1.1),
        ("source_balance", -0.1),
        ("epoch_films", 0),
        ("amplitudes", 1.5),
        ("surroundings", -1),
        ("map_weight", -1),
    ],
)
def test_impossible_settings_are_refused(setting, value):
    with pytest.raises(ValidationError, match=setting):
        Recipe(**{setting: value})


@pytest.mark.parametrize("setting", ["amplitudes", "surroundings", "map_weight"])
def test_films_whose_views_are_kept_are_neither_mixed_nor_supervised(setting):
    with pytest.raises(ValidationError, match="set views to 0"):
        Recipe(trainable_layers=20, views=4, **{setting: 0.5})
    assert not Recipe(trainable_layers=20, views=0, **{setting: 0.5}).cached
    assert not Recipe(trainable_layers=None, **{setting: 0.5}).cached
    assert Recipe(trainable_layers=20, views=4).cached


def test_pinned_holds_what_it_grew_from(child, parent_run):
    assert child.init_sha256 == hashlib.sha256(b"weights").hexdigest()
    assert child.parent == Recipe.load(parent_run)
    assert child.teacher_recipe == Recipe.load(parent_run)


def test_pinned_without_files_names_the_data_alone():
    recipe = Recipe(init="none")
    assert recipe.pinned(INDEX) == recipe.model_copy(update={"data_sha256": index_sha256(INDEX)})


def test_epochs_of_a_parent_are_those_that_were_done(parent_run):
    (parent_run / "checkpoint-002.weights.h5").write_bytes(b"")
    state = {"checkpoint": "checkpoint-002.weights.h5", "history": [{"epoch": 1}, {"epoch": 2}], "best": 0.5}
    (parent_run / "state.json").write_text(json.dumps(state))
    recipe = Recipe(init=str(parent_run / "best.weights.h5"), teacher=str(parent_run)).pinned(INDEX)
    assert recipe.parent.epochs == recipe.teacher_recipe.epochs == 2


def test_another_split_is_other_work(child):
    assert not child.same_work(child.pinned(INDEX.assign(split="train")))


def test_order_of_the_rows_is_no_other_work(child):
    assert child.same_work(child.pinned(INDEX[::-1]))


def test_card_without_a_recipe_of_this_version_is_named(tiny_model, tmp_path):
    card = json.loads((tiny_model / CARD_FILE).read_text())
    card["training"]["recipe"] = {"surprise": 1}
    (tmp_path / CARD_FILE).write_text(json.dumps(card))
    with pytest.raises(RunError, match="holds no recipe of this version"):
        Recipe.load(tmp_path)


def test_what_is_judged_is_no_part_of_the_work(child):
    assert child.same_work(child.model_copy(update={"average_epochs": 3, "epochs": 20}))


def test_same_work_wherever_the_files_lie(child):
    moved = child.model_copy(update={"init": "elsewhere/best.weights.h5", "teacher": "elsewhere", "epochs": 99})
    assert child.same_work(moved)
    assert moved.same_work(child)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("backbone", "DenseNet121"),
        ("size", 96),
        ("seed", 5),
        ("learning_rate", 1.0),
        ("batch_size", 1),
        ("init_sha256", "0"),
        ("parent", None),
        ("crop", "none"),
        ("dilated", True),
        ("epoch_films", 7),
        ("class_balance", 0.1),
        ("source_balance", 0.1),
        ("amplitudes", 0.1),
        ("surroundings", 0.1),
        ("map_weight", 0.1),
        ("outlined_draws", 2.0),
    ],
)
def test_any_other_setting_is_other_work(child, setting, value):
    assert not child.same_work(child.model_copy(update={setting: value}))


@pytest.mark.parametrize("other", ["imagenet", "some.weights.h5"])
def test_random_weights_are_not_the_same_start(other):
    assert not Recipe(init="none").same_work(Recipe(init=other))
    assert not Recipe(init=other).same_work(Recipe(init="none"))


def test_card_names_files_and_no_folders(child, tmp_path):
    plain = child.for_card()
    assert str(tmp_path) not in json.dumps(plain)
    assert plain["init"] == "best.weights.h5"
    assert plain["teacher"] == "parent_run"
    assert plain["parent"]["epochs"] == 7
    assert plain["parent"]["parent"] is None


def test_card_holds_every_setting(child):
    assert set(child.for_card()) == set(Recipe.model_fields)


def test_card_of_a_long_chain_names_no_folders(child, tmp_path):
    chain = Recipe(init=str(tmp_path / "b.weights.h5"), parent=child, teacher=str(tmp_path / "t"), teacher_recipe=child)
    assert str(tmp_path) not in json.dumps(chain.for_card())


def test_lineage_of_the_first_weights(tmp_path):
    (tmp_path / "bare.weights.h5").write_bytes(b"bare")
    digest = hashlib.sha256(b"bare").hexdigest()[:12]
    assert Recipe(init="none").lineage() == "random weights"
    assert Recipe(init="imagenet").lineage() == "ImageNet weights of DenseNet121 (Keras)"
    assert Recipe(init=str(tmp_path / "bare.weights.h5")).pinned(INDEX).lineage() == f"bare.weights.h5 (SHA-256 {digest})"


def test_lineage_goes_back_through_the_parents(child):
    grandchild = Recipe(size=192, parent=child.model_copy(update={"teacher_recipe": None}))
    assert child.lineage() == "random weights; then 7 epochs at 96 px"
    assert grandchild.lineage() == "random weights; then 7 epochs at 96 px; then 3 epochs at 128 px"


def test_lineage_names_the_teacher_of_a_parent(child):
    assert Recipe(parent=child).lineage().endswith("then 3 epochs at 128 px, taught by MobileNetV2")


@pytest.mark.parametrize("digest", list(KNOWN_WEIGHTS))
def test_lineage_names_the_origin_of_known_weights(digest):
    assert Recipe(init="renamed.weights.h5", init_sha256=digest).lineage() == KNOWN_WEIGHTS[digest].origin
