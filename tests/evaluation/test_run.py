"""Measuring a classifier, and the card that comes of it."""

import shutil
from unittest import mock

import cv2
import numpy as np
import pandas as pd
import pytest

from cxr_core.artifacts import (
    CALIBRATION_FILE,
    CARD_FILE,
    ModelCard,
    read_calibration,
    read_card,
    read_identity,
    read_reads,
    read_training,
)
from cxr_core.calibration import fit_calibration
from cxr_core.data import DataSetError, class_codes, index_sha256, open_collections
from cxr_core.evaluation import evaluate, write_evaluation
from cxr_core.evaluation.corruptions import CORRUPTIONS
from cxr_core.evaluation.run import check_data
from cxr_core.gate import GATE_FILE
from cxr_core.imaging import decode_film
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import prepare
from cxr_core.models import Classifier
from tests.evaluating import few_pictures

pytestmark = pytest.mark.slow


def measure(model, data, split="test", report=lambda what, done, total: None, rule="sensitivity"):
    return evaluate(model, open_collections([data]), split, read_training(model), "the command", report, rule)


@pytest.fixture(scope="module", autouse=True)
def without_saliency_checks():
    # They take as long as all the rest here together, and have a test of their own.
    with mock.patch("cxr_core.evaluation.run.check_saliency", return_value=None):
        yield


@pytest.fixture(scope="module")
def full_data(phantom_data, tmp_path_factory):
    root = tmp_path_factory.mktemp("full") / "data"
    shutil.copytree(phantom_data, root)
    index = open_collections([root]).films
    twins, external, others, masks = [], [], [], []
    for number, (path, label) in enumerate(zip(index["path"], index["label"], strict=True)):
        film = cv2.imread(str(root / path), cv2.IMREAD_GRAYSCALE)
        twins.append({"path": f"twin-{number}.png", "twin": path, "label": label})
        cv2.imwrite(str(root / twins[-1]["path"]), cv2.GaussianBlur(film, (0, 0), 2))
        if number % 4 == 0 and label != "Normal":
            patient = f"p{number % 3}" if number % 8 else None
            external.append({"path": f"other-{number}.png", "label": label, "patient": patient})
            cv2.imwrite(str(root / external[-1]["path"]), film[:, ::-1])
        if number % 5 == 0 and label != "COVID":
            split = "test" if number % 2 else "train"
            others.append({"path": f"child-{number}.png", "label": label, "split": split, "group": f"c{number % 4}", "source": "clinic"})
            cv2.imwrite(str(root / others[-1]["path"]), 255 - film)
        lungs, infection = np.zeros_like(film), np.zeros_like(film)
        lungs[20:70, 10:85], infection[20:60, 10:45] = 255, 255
        masks.append({"path": path, "lungs": f"lungs-{number}.png", "infection": f"infection-{number}.png" if label == "COVID" else ""})
        cv2.imwrite(str(root / masks[-1]["lungs"]), lungs)
        cv2.imwrite(str(root / f"infection-{number}.png"), infection)
    adults = [{"path": one["path"], "label": "Normal" if row % 2 else ""} for row, one in enumerate(twins[:9])]
    sources = [{"path": path, "source": "clinic" if row % 2 else "harbour"} for row, path in enumerate(index["path"])]
    tables = {"paired_copies": twins, "external": external, "kermany": others, "jsrt": adults, "masks": masks, "sources": sources}
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(root / f"{name}.csv", index=False)
    return root


@pytest.fixture(scope="module")
def calls():
    return []


@pytest.fixture(scope="module")
def evaluation(tiny_model, full_data, calls):
    return measure(tiny_model, full_data, report=lambda *call: calls.append(call))


@pytest.fixture(scope="module")
def card(evaluation):
    return evaluation.card


@pytest.fixture(scope="module")
def plain(tiny_model, full_data):
    """The network's own probabilities of films, at temperature 1."""
    network = Classifier.load_unfitted(tiny_model).network

    def run(paths):
        films = [prepare(decode_film((full_data / path).read_bytes()), 64).canonical for path in paths]
        return network(np.stack(films), training=False).numpy().astype(np.float64)

    return run


@pytest.fixture(scope="module")
def predict(plain, evaluation):
    """The calibrated ones."""

    def run(paths):
        powers = plain(paths) ** (1 / evaluation.calibration.temperature)
        return powers / powers.sum(1, keepdims=True)

    return run


@pytest.fixture(scope="module")
def split_films(full_data):
    index = open_collections([full_data]).films
    return index[index["split"] == "test"]


def test_card_fits_its_schema(evaluation, card, tmp_path):
    (tmp_path / "val_reads.csv").write_text("of the card before")
    write_evaluation(evaluation, tmp_path)
    assert ModelCard.model_validate_json((tmp_path / CARD_FILE).read_bytes()) == card
    assert read_card(tmp_path) == card
    assert sorted(path.name for path in tmp_path.iterdir()) == [CALIBRATION_FILE, GATE_FILE, CARD_FILE, "test_reads.csv"]


def test_films_behind_the_card_are_kept_without_their_names(evaluation, card, predict, split_films, tmp_path):
    write_evaluation(evaluation, tmp_path)
    reads = read_reads(tmp_path, card)
    assert list(reads) == ["label", "group", *CLASS_NAMES]
    assert reads["label"].tolist() == split_films["label"].tolist()
    assert reads["group"].tolist() == split_films["group"].tolist()
    np.testing.assert_allclose(reads[list(CLASS_NAMES)], predict(split_films["path"]), atol=1e-4)


def test_results_are_those_of_the_split(card, predict, split_films):
    truth, top = class_codes(split_films), predict(split_films["path"]).argmax(1)
    confusion = np.zeros((4, 4), int)
    np.add.at(confusion, (truth, top), 1)
    assert card.results.films == len(split_films)
    assert card.results.confusion == confusion.tolist()
    assert card.results.accuracy.value == pytest.approx((truth == top).mean())
    for code, name in enumerate(CLASS_NAMES):
        assert card.results.classes[name].support == (truth == code).sum()
        assert card.results.classes[name].recall.value == pytest.approx(confusion[code, code] / confusion[code].sum())


def test_calibration_is_fitted_on_val(evaluation, card, plain, full_data, tiny_model):
    index = open_collections([full_data]).films
    val = index[index["split"] == "val"]
    logits = np.log(plain(val["path"]))
    assert evaluation.calibration.weights_sha256 == read_identity(tiny_model).sha256
    assert evaluation.calibration.films == val["label"].value_counts().reindex(CLASS_NAMES).to_dict()
    expected = fit_calibration(logits, class_codes(val), card.model.sha256)
    assert evaluation.calibration.temperature == pytest.approx(expected.temperature, rel=1e-2)
    assert evaluation.calibration.operating_point.threshold == pytest.approx(expected.operating_point.threshold, abs=1e-3)


def test_card_says_how_the_calibration_fares_on_the_split(evaluation, card, plain, predict, split_films):
    truth, before, after = class_codes(split_films), plain(split_films["path"]), predict(split_films["path"])
    assert card.calibration.temperature == evaluation.calibration.temperature
    bins = np.minimum((before.max(1) * 15).astype(int), 14)
    error = sum(abs(((before.argmax(1) == truth) - before.max(1))[bins == number].sum()) for number in range(15)) / len(truth)
    assert card.calibration.expected_calibration_error_before == pytest.approx(error, abs=1e-4)
    assert card.calibration.expected_calibration_error_before != pytest.approx(card.results.expected_calibration_error, abs=1e-3)
    sizes = np.sum(after >= np.array(list(evaluation.calibration.set_thresholds.values())), axis=1)
    assert card.calibration.mean_set_size == pytest.approx(sizes.mean())
    assert "these figures are of the test films" in card.calibration.note


def test_calibration_is_shipped_beside_the_card(evaluation, card, tmp_path):
    write_evaluation(evaluation, tmp_path)
    assert read_calibration(tmp_path, card.model) == evaluation.calibration


def test_calibration_error_is_of_the_split(card, predict, split_films):
    truth, probabilities = class_codes(split_films), predict(split_films["path"])
    correct, confidence = probabilities.argmax(1) == truth, probabilities.max(1)
    bins = np.minimum((confidence * card.results.calibration_bins).astype(int), card.results.calibration_bins - 1)
    expected = sum(abs((correct - confidence)[bins == number].sum()) for number in range(card.results.calibration_bins)) / len(truth)
    assert card.results.expected_calibration_error == pytest.approx(expected, abs=1e-4)


def test_paired_copies_are_compared_film_by_film(card, predict, split_films, full_data):
    pairs = pd.read_csv(full_data / "paired_copies.csv").set_index("twin").loc[list(split_films["path"])]
    first, second = predict(pairs.index), predict(pairs["path"])
    assert card.paired_copies.films == len(split_films)
    assert card.paired_copies.agreement.value == pytest.approx((first.argmax(1) == second.argmax(1)).mean())
    assert card.paired_copies.mean_probability_change == pytest.approx(np.abs(first - second).sum(1).mean() / 2, abs=1e-4)
    assert card.paired_copies.mean_probability_change > 1e-3


def test_external_films_are_measured_apart(card, predict, full_data):
    external = pd.read_csv(full_data / "external.csv")
    truth, top = class_codes(external), predict(external["path"]).argmax(1)
    assert card.external.films == len(external)
    assert card.external.accuracy.value == pytest.approx((truth == top).mean())
    assert card.external.classes["Normal"].support == 0
    assert card.external.classes["Normal"].recall.value is None


def test_gate_is_that_of_the_weights_and_its_figures_are_of_the_split(evaluation, card, tiny_model, full_data, split_films):
    gate = evaluation.gate
    assert gate.weights_sha256 == card.model.sha256
    classifier = Classifier.load(tiny_model)
    films = [decode_film((full_data / path).read_bytes()) for path in split_films["path"]]
    inputs = [prepare(film, 64) for film in films]
    rows = zip(films, inputs, classifier.outputs(np.stack([film.canonical for film in inputs])).features, strict=True)
    outcomes = [gate.judge(*row).outcome for row in rows]
    result = card.gate
    assert result.films == len(films)
    assert [result.read.value, result.warned.value, result.refused.value] == pytest.approx(
        [outcomes.count(outcome) / len(films) for outcome in ("read", "warning", "refused")]
    )
    assert result.fitted_on == {split: sum(card.data.counts[split].values()) for split in ("train", "val")}


def test_gate_is_measured_on_all_that_it_should_refuse(card, full_data):
    result = card.gate
    turns = [f"rotated by {angle} degrees" for angle in (90, 180, 270)]
    assert [change.change for change in result.changed] == ["inverted", *turns, "mirrored"]
    assert all(change.films == result.films and change.refused.value <= change.caught.value for change in result.changed)
    assert [change.change for change in result.corruptions] == list(CORRUPTIONS)
    assert result.narrowed.films == result.films
    assert all(change.films == result.films and change.refused.value <= change.caught.value for change in result.corruptions)
    assert result.others_refused == pytest.approx(
        sum(kind.refused for kind in result.others) / sum(kind.pictures for kind in result.others)
    )
    assert [film.row for film in result.external] == list(range(1, len(pd.read_csv(full_data / "external.csv")) + 1))


def test_data_are_counted_by_split_and_class(card, full_data):
    index = open_collections([full_data]).films
    assert card.data.split == "test"
    assert sum(sum(counts.values()) for counts in card.data.counts.values()) == len(index)
    assert card.data.counts["train"]["COVID"] == ((index["split"] == "train") & (index["label"] == "COVID")).sum()
    assert card.data.near_duplicate_groups == index["group"].nunique()


def test_card_is_of_the_weights_that_were_measured(card, tiny_model):
    assert card.model == read_identity(tiny_model)
    assert card.command == "the command"


def test_progress_reaches_every_set(card, calls):
    last = {what: (done, total) for what, done, total in calls}
    assert {
        "validation films, for the calibration",
        "training films for the input gate",
        "validation films for the input gate",
        "test films, their test-time augmentations and audits",
        "paired copies",
        "external films",
        "JSRT films",
        "Kermany films",
        "films for the pointing game",
        "films turned, inverted and mirrored",
        "corrupted films",
    } < set(last)
    assert calls[0][0] == "all films, before anything is fitted"
    assert "pictures that are no chest films" in last
    assert all(done == total > 0 for done, total in last.values())


@pytest.fixture(scope="module")
def bare(tiny_model, phantom_data):
    """Of val, without any other table, and with the other rule."""
    with few_pictures():
        return measure(tiny_model, phantom_data, "val", rule="youden")


def test_without_other_films_there_are_no_figures_of_them(bare):
    card = bare.card
    assert card.paired_copies is None
    assert card.external is None
    assert card.data.split == "val"
    assert card.results.films == sum(card.data.counts["val"].values())
    assert (card.elsewhere.unseen, card.elsewhere.collections, card.elsewhere.sources, card.elsewhere.probes) == (None, [], [], [])
    assert card.elsewhere.pointing is None


def test_the_rule_of_the_operating_point_can_be_chosen(bare):
    assert bare.calibration.operating_point.rule == bare.card.calibration.rule == "youden"
    assert "flatter" in bare.card.calibration.note


def test_card_says_what_becomes_of_the_classifier_elsewhere(card, predict, full_data):
    part = card.elsewhere
    assert [(one.name, one.seen) for one in part.collections] == [("JSRT", False), ("external", False), ("Kermany", True)]
    assert part.unseen.collections == ["JSRT", "external"]
    assert part.pointing.masked == card.results.films
    assert part.pointing.outlined == card.results.classes["COVID"].support
    for one in part.collections:
        table = pd.read_csv(full_data / f"{one.name.lower()}.csv", keep_default_na=False)
        table = table[table["split"] == "test"] if "split" in table else table
        known = table[table["label"] != ""]
        top = predict(known["path"]).argmax(1)
        assert one.films == len(table)
        assert one.accuracy.value == pytest.approx((top == class_codes(known)).mean())


def test_nothing_is_fitted_before_all_films_were_found(tiny_model, full_data, tmp_path):
    root = shutil.copytree(full_data, tmp_path / "data")
    (root / pd.read_csv(root / "jsrt.csv")["path"][0]).unlink()
    with mock.patch("cxr_core.evaluation.run.Classifier") as classifier, pytest.raises(DataSetError, match="cannot be opened"):
        measure(tiny_model, root)
    classifier.load_unfitted.assert_not_called()


def test_other_data_than_that_of_the_training_are_refused(phantom_data):
    index = open_collections([phantom_data]).films
    check_data({"data_sha256": None}, index)
    check_data({"data_sha256": index_sha256(index)}, index)
    with pytest.raises(DataSetError, match="trained on another data set or another split"):
        check_data({"data_sha256": index_sha256(index[1:])}, index)
