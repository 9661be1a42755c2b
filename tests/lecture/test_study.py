"""What the study's rows say of starts."""

from types import SimpleNamespace

import pytest

from cxr_core.artifacts import read_study
from cxr_core.lecture import compared_rows, starts_sentence


def run(name, backbone, init, accuracy, size=160, epochs=10, layers=20):
    interval = SimpleNamespace(value=accuracy)
    results = SimpleNamespace(accuracy=interval, classes={"COVID": SimpleNamespace(recall=interval)})
    return SimpleNamespace(
        name=name, backbone=backbone, recipe={"init": init}, size=size, epochs=epochs, trainable_layers=layers, results=results,
        label=name, started_from=init, seconds=90.0,
    )  # fmt: skip


def test_the_best_of_each_start_are_compared_by_backbone():
    runs = [
        run("a", "One", "imagenet", 0.9),
        run("b", "One", "imagenet", 0.8),
        run("c", "One", "none", 0.7, size=96, layers=None),
        run("shipped", "One", "file.h5", 0.99),
        run("d", "Two", "none", 0.6),
    ]
    assert starts_sentence(runs) == (
        "One, started from imagenet, reaches an accuracy of 0.900, and 0.700 from random weights. "
        "The runs differ in input size and layers trained too."
    )


def test_a_pair_that_differs_in_nothing_else_is_not_said_to():
    assert "differ" not in starts_sentence([run("a", "One", "imagenet", 0.9), run("c", "One", "none", 0.7)])


def test_one_start_compares_nothing():
    assert starts_sentence([run("a", "One", "imagenet", 0.9)]) == "The study holds no backbone that was trained from both starts."


def test_rows_of_the_repositorys_study():
    runs = read_study()
    rows = compared_rows(runs)
    assert len(rows) == len(runs) > 0
    accuracies = [row.accuracy.value for row in rows]
    assert accuracies == sorted(accuracies, reverse=True)
    by_label = {run.label: run for run in runs}
    assert all(row.minutes == pytest.approx(by_label[row.label].seconds / 60) for row in rows if row.minutes is not None)


def test_the_sentence_on_the_repositorys_study_names_each_start():
    said = starts_sentence(read_study())
    assert "MobileNetV2, started from the public ImageNet weights of MobileNetV2" in said
    assert "DenseNet121, started from a DenseNet121 trained from random weights on this data set's train split alone" in said
    assert "So DenseNet121 learned nothing elsewhere, and only trained longer on these films." in said
