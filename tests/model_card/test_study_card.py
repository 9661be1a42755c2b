"""Sentences on trainings follow from the numbers."""

from dataclasses import replace

import pytest

from cxr_core.artifacts import SHIPPED_RUN
from cxr_core.evaluation import compare_all
from cxr_core.model_card import study_card
from tests.cards import drawn_card, drawn_history, drawn_run, drawn_study


def losses(*values):
    return [{"val_loss": value} for value in values]


@pytest.mark.parametrize(
    ("history", "words"),
    [
        (losses(3, 2, 1), "epoch 3, the last: it was still learning"),
        (losses(3, 1, 2), "epoch 2 of 3 and rose afterwards"),
        (losses(3), "epoch 1, the only one"),
        ([], "No history"),
        ([{"loss": 1.0}], "No history"),
    ],
)
def test_learning_is_read_off_the_loss_on_validation_films(history, words):
    assert words in study_card.learning_sentence(history)
    assert "epoch 4, the last" in study_card.learning_sentence(drawn_history(4))


def test_best_run_is_named_with_those_that_it_is_not_shown_to_beat():
    runs = drawn_study()
    sentence = study_card.study_sentence(runs, compare_all(runs))
    best = max(runs, key=lambda run: run.results.accuracy.value)
    assert sentence.startswith(f"The most accurate is {best.label}, with {best.results.accuracy}.")
    twins = [drawn_run("a", "DenseNet121", 2.0), drawn_run("b", "MobileNetV2", 2.0)]
    assert f"not shown to be better than {twins[1].label} (" in study_card.study_sentence(twins, compare_all(twins))
    apart = [drawn_run("a", "DenseNet121", 6.0), drawn_run("b", "MobileNetV2", 0.0)]
    assert "shown to be better than every other" in study_card.study_sentence(apart, compare_all(apart))
    assert study_card.study_sentence(runs[:1], []).endswith("].")
    (pair,) = compare_all(apart)
    of_near_duplicates = replace(pair, comparison=replace(pair.comparison, low=-0.01))
    assert "not shown to be better" in study_card.study_sentence(apart, [of_near_duplicates])


def test_only_runs_of_one_start_size_and_budget_compare_backbones_alone():
    def of(name, backbone, init, **changes):
        run = drawn_run(name, backbone, 2.0)
        return run.model_copy(update={"recipe": {"init": init}, **changes})

    alike = [of("a", "DenseNet121", "none"), of("b", "InceptionV3", "none")]
    others = [of("c", "MobileNetV2", "none", epochs=9), of("d", "MobileNetV2", "a.h5"), of("e", "DenseNet121", "a.h5")]
    others.append(of("shipped", "DenseNet121", "none"))
    sentence = study_card.budget_sentence(alike + others)
    assert f"one start, size and budget: {alike[0].label}; {alike[1].label}. All others differ" in sentence
    assert not any(run.label in sentence for run in others)
    assert study_card.budget_sentence(others).startswith("No two of them")
    assert study_card.budget_sentence(others[:1]).startswith("One run compares nothing")
    assert "shipped" in study_card.budget_sentence(others)
    assert "shipped" not in study_card.budget_sentence(alike)


def test_study_of_other_films_or_weights_than_the_cards_is_told():
    card, _ = drawn_card()
    run = drawn_run(SHIPPED_RUN, "DenseNet121", 2.0)
    ours = run.model_copy(update={"weights_sha256": card.model.sha256})
    assert study_card.study_mismatches([ours, drawn_run("other", "MobileNetV2", 2.0)], card) == []
    (of_weights,) = study_card.study_mismatches([run], card)
    assert "study --shipped" in of_weights
    trained_on_more = ours.model_copy(update={"index_sha256": "0" * 64})
    assert study_card.study_mismatches([trained_on_more, drawn_run("other", "MobileNetV2", 2.0)], card) == []
    others = ours.model_copy(update={"name": "other", "groups": [f"g{number}" for number in range(len(ours.groups))]})
    (of_films,) = study_card.study_mismatches([ours, others], card)
    assert "other films" in of_films
    (of_films,) = study_card.study_mismatches([others.model_copy(update={"index_sha256": "0" * 64})], card)
    assert "other films" in of_films
