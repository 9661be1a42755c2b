"""Measuring a classifier, and the card that comes of it."""

import shutil
from unittest import mock

import cv2
import numpy as np
import pandas as pd
import pytest

from cxr_core.card import (
    CARD_FILE,
    DOUBT_FILE,
    ModelCard,
    read_card,
    read_doubt,
    read_identity,
    read_reads,
    read_training,
)
from cxr_core.doubt import fit_doubt
from cxr_core.evaluation.evaluate import check_data, evaluate
from cxr_core.evaluation.shipping import write_evaluation
from cxr_core.evaluation.spoiled import SPOILED
from cxr_core.gate import GATE_FILE
from cxr_core.imaging import decode_film, model_input
from cxr_core.labels import CLASS_NAMES
from cxr_core.models import Classifier
from cxr_core.training.errors import DataSetError
from cxr_core.training.index import class_codes, index_sha256, read_index

pytestmark = pytest.mark.slow


def measure(model, data, split="test", report=lambda what, done, total: None):
    return evaluate(model, data, split, read_training(model), "the command", report)


@pytest.fixture(scope="module", autouse=True)
def without_saliency_checks():
    # They take as long as all the rest here together, and have a test of their own.
    with mock.patch("cxr_core.evaluation.evaluate.check_saliency", return_value=None):
        yield


@pytest.fixture(scope="module")
def full_data(phantom_data, tmp_path_factory):
    root = tmp_path_factory.mktemp("full") / "data"
    shutil.copytree(phantom_data, root)
    index = read_index(root)
    twins, external = [], []
    for number, (path, label) in enumerate(zip(index["path"], index["label"], strict=True)):
        film = cv2.imread(str(root / path), cv2.IMREAD_GRAYSCALE)
        twins.append({"path": f"twin-{number}.png", "twin": path, "label": label})
        cv2.imwrite(str(root / twins[-1]["path"]), cv2.GaussianBlur(film, (0, 0), 2))
        if number % 4 == 0 and label != "Normal":
            patient = f"p{number % 3}" if number % 8 else None
            external.append({"path": f"other-{number}.png", "label": label, "patient": patient})
            cv2.imwrite(str(root / external[-1]["path"]), film[:, ::-1])
    pd.DataFrame(twins).to_csv(root / "paired_copies.csv", index=False)
    pd.DataFrame(external).to_csv(root / "external.csv", index=False)
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
        films = [model_input(decode_film((full_data / path).read_bytes()), 64) for path in paths]
        return network(np.stack(films), training=False).numpy().astype(np.float64)

    return run


@pytest.fixture(scope="module")
def predict(plain, evaluation):
    """The calibrated ones."""

    def run(paths):
        powers = plain(paths) ** (1 / evaluation.doubt.temperature)
        return powers / powers.sum(1, keepdims=True)

    return run


@pytest.fixture(scope="module")
def split_films(full_data):
    index = read_index(full_data)
    return index[index["split"] == "test"]


def test_card_fits_its_schema(evaluation, card, tmp_path):
    (tmp_path / "val_reads.csv").write_text("of the card before")
    write_evaluation(evaluation, tmp_path)
    assert ModelCard.model_validate_json((tmp_path / CARD_FILE).read_bytes()) == card
    assert read_card(tmp_path) == card
    assert sorted(path.name for path in tmp_path.iterdir()) == [DOUBT_FILE, GATE_FILE, CARD_FILE, "test_reads.csv"]


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


def test_doubt_is_fitted_on_val(evaluation, card, plain, full_data, tiny_model):
    index = read_index(full_data)
    val = index[index["split"] == "val"]
    logits = np.log(plain(val["path"]))
    assert evaluation.doubt.weights_sha256 == read_identity(tiny_model).sha256
    assert evaluation.doubt.films == val["label"].value_counts().reindex(CLASS_NAMES).to_dict()
    expected = fit_doubt(logits, class_codes(val), card.model.sha256)
    assert evaluation.doubt.temperature == pytest.approx(expected.temperature, rel=1e-2)
    assert evaluation.doubt.operating_point.threshold == pytest.approx(expected.operating_point.threshold, abs=1e-3)


def test_card_says_how_the_doubt_fares_on_the_split(evaluation, card, plain, predict, split_films):
    truth, before, after = class_codes(split_films), plain(split_films["path"]), predict(split_films["path"])
    assert card.doubt.temperature == evaluation.doubt.temperature
    bins = np.minimum((before.max(1) * 15).astype(int), 14)
    error = sum(abs(((before.argmax(1) == truth) - before.max(1))[bins == number].sum()) for number in range(15)) / len(truth)
    assert card.doubt.expected_calibration_error_before == pytest.approx(error, abs=1e-4)
    assert card.doubt.expected_calibration_error_before != pytest.approx(card.results.expected_calibration_error, abs=1e-3)
    sizes = np.sum(after >= np.array(list(evaluation.doubt.set_thresholds.values())), axis=1)
    assert card.doubt.mean_set_size == pytest.approx(sizes.mean())
    assert "these figures are of the test split" in card.doubt.note


def test_doubt_is_shipped_beside_the_card(evaluation, card, tmp_path):
    write_evaluation(evaluation, tmp_path)
    assert read_doubt(tmp_path, card.model) == evaluation.doubt


def test_the_rule_of_the_operating_point_can_be_chosen(tiny_model, phantom_data):
    evaluation = evaluate(tiny_model, phantom_data, "val", read_training(tiny_model), "the command", lambda *_: None, "youden")
    assert evaluation.doubt.operating_point.rule == evaluation.card.doubt.rule == "youden"
    assert "flatter" in evaluation.card.doubt.note


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
    inputs = np.stack([model_input(film, 64) for film in films])
    rows = zip(films, inputs, classifier.outputs(inputs)[1], strict=True)
    outcomes = [gate.judge(*row).outcome for row in rows]
    result = card.gate
    assert result.films == len(films)
    assert [result.read.value, result.warned.value, result.refused.value] == pytest.approx(
        [outcomes.count(outcome) / len(films) for outcome in ("read", "warning", "refused")]
    )
    assert result.fitted_on == {split: sum(card.data.counts[split].values()) for split in ("train", "val")}


def test_gate_is_measured_on_all_that_it_should_refuse(card, full_data):
    result = card.gate
    assert [change.change for change in result.changed] == ["inverted", "rotated by 90 degrees", "rotated by 180 degrees"]
    assert all(change.films == result.films and change.refused.value <= change.caught.value for change in result.changed)
    assert [change.change for change in result.spoiled] == list(SPOILED)
    assert result.narrowed.films == result.films
    assert all(change.films == result.films and change.refused.value <= change.caught.value for change in result.spoiled)
    assert result.others_refused == pytest.approx(
        sum(kind.refused for kind in result.others) / sum(kind.pictures for kind in result.others)
    )
    assert [film.row for film in result.external] == list(range(1, len(pd.read_csv(full_data / "external.csv")) + 1))


def test_data_are_counted_by_split_and_class(card, full_data):
    index = read_index(full_data)
    assert card.data.split == "test"
    assert sum(sum(counts.values()) for counts in card.data.counts.values()) == len(index)
    assert card.data.counts["train"]["COVID"] == ((index["split"] == "train") & (index["label"] == "COVID")).sum()
    assert card.data.near_duplicate_groups == index["group"].nunique()


def test_card_is_of_the_weights_that_were_measured(card, tiny_model):
    assert card.model == read_identity(tiny_model)
    assert card.command == "the command"


def test_progress_reaches_every_set(card, calls):
    last = {what: (done, total) for what, done, total in calls}
    assert {"films for near-duplicates", "test split", "paired copies", "external films"} < set(last)
    assert {
        "train films for the input gate",
        "val films for the input gate",
        "films turned and inverted",
        "changed view 1",
        "changed view 2",
    } < set(last)
    assert "pictures that are no chest films" in last
    assert all(done == total > 0 for done, total in last.values())


def test_without_other_films_there_are_no_figures_of_them(tiny_model, phantom_data):
    card = measure(tiny_model, phantom_data, "val").card
    assert card.paired_copies is None
    assert card.external is None
    assert card.data.split == "val"
    assert card.results.films == sum(card.data.counts["val"].values())


def with_table(phantom_data, tmp_path, name, text):
    root = shutil.copytree(phantom_data, tmp_path / "data")
    (root / name).write_text(text)
    return root


def test_pairs_of_other_splits_only_are_no_pairs(tiny_model, phantom_data, tmp_path):
    root = with_table(phantom_data, tmp_path, "paired_copies.csv", "path,twin\na.png,b.png\n")
    assert measure(tiny_model, root).card.paired_copies is None


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("paired_copies.csv", "path,label\na.png,COVID\n", "lacks the columns twin"),
        ("external.csv", "path,patient\na.png,1\n", "lacks the columns label"),
        ("external.csv", "path,label\na.png,SARS\n", "has the label 'SARS'"),
        ("external.csv", "path,label\n,COVID\n", "empty path in line 2"),
        ("external.csv", "path,label\nabsent.png,COVID\n", r"absent\.png: The file cannot be opened"),
    ],
)
def test_faulty_tables_are_named(tiny_model, phantom_data, tmp_path, name, text, reason):
    with pytest.raises(DataSetError, match=reason):
        measure(tiny_model, with_table(phantom_data, tmp_path, name, text))


def test_unknown_split_names_the_known(tiny_model, phantom_data):
    with pytest.raises(DataSetError, match=r"no split 'dev'\. Choose one of train, val, test"):
        measure(tiny_model, phantom_data, "dev")


def test_empty_split_is_refused(tiny_model, tmp_path):
    (tmp_path / "manifest.csv").write_text("path,label,split,group\na.png,COVID,train,g\n")
    with pytest.raises(DataSetError, match="no films in its test split"):
        measure(tiny_model, tmp_path)
    (tmp_path / "manifest.csv").write_text("path,label,split,group\na.png,COVID,test,g\n")
    with pytest.raises(DataSetError, match="no films in its val split"):
        measure(tiny_model, tmp_path)


def test_other_data_than_that_of_the_training_are_refused(phantom_data):
    index = read_index(phantom_data)
    check_data({"data_sha256": None}, index)
    check_data({"data_sha256": index_sha256(index)}, index)
    with pytest.raises(DataSetError, match="trained on another data set or another split"):
        check_data({"data_sha256": index_sha256(index[1:])}, index)
