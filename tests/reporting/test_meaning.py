"""Sentences follow from the numbers."""

from dataclasses import replace

import pytest

from cxr_core.card import SHIPPED_RUN, CopyResult, Interval, MaskAudit, PairedCopies, ReliabilityBin
from cxr_core.evaluation.comparison import compare_all
from cxr_core.reporting import meaning
from tests.cards import drawn_card, drawn_history, drawn_run, drawn_study

WHOLE = Interval(value=0.85, low=0.8, high=0.9)


@pytest.fixture(scope="module")
def card():
    return drawn_card()[0]


def audit(name, value, low, high):
    interval = Interval(value=value, low=low, high=high)
    return MaskAudit(
        name=name,
        kept="a part",
        films=100,
        accuracy=interval,
        chance_accuracy=0.47,
        macro_recall=interval,
        chance_macro_recall=0.25,
        agreement=interval,
    )


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (0.24, 0.20, 0.28, "not shown to be above guessing"),
        (0.27, 0.25, 0.30, "not shown to be above guessing"),
        (0.27, 0.26, 0.28, "3% of what the whole film gains over it: next to nothing"),
        (0.34, 0.32, 0.36, "a trace of the source"),
        (0.45, 0.42, 0.48, "a good part of what the model goes by lies outside the lungs"),
        (0.80, 0.75, 0.85, "recognises sources more than disease"),
    ],
)
@pytest.mark.parametrize("name", ["Central field blanked", "Border only"])
def test_what_is_left_without_the_lungs_is_measured_against_chance(name, value, low, high, words):
    finding = meaning.mask_finding(audit(name, value, low, high), WHOLE)
    assert words in finding.meaning
    assert "no better than guessing, a macro recall of 0.25" in finding.good
    assert "source" in finding.bad


@pytest.mark.parametrize(
    ("value", "words"), [(0.84, "hardly needs the surroundings"), (0.7, "to some extent"), (0.4, "leans on the surroundings heavily")]
)
def test_what_is_left_without_the_surroundings_is_measured_against_the_whole_film(value, words):
    finding = meaning.mask_finding(audit("Surroundings blanked", value, value - 0.02, value + 0.02), WHOLE)
    assert words in finding.meaning
    assert "against 0.850 on whole films" in finding.meaning


@pytest.mark.parametrize("name", ["Surroundings blanked", "Border only"])
def test_model_that_guesses_has_no_gain_to_share_out(name):
    finding = meaning.mask_finding(audit(name, 0.4, 0.35, 0.45), Interval(value=0.25))
    assert "%" not in finding.meaning


@pytest.mark.parametrize(("agreement", "words"), [(1.0, "hardly matters"), (0.96, "matters a little"), (0.8, "decides too much")])
def test_paired_copies(agreement, words):
    paired = PairedCopies(films=1234, agreement=Interval(value=agreement), mean_probability_change=0.0123)
    finding = meaning.paired_finding(paired)
    assert words in finding.meaning
    assert "1,234 films, probabilities moved by 0.012" in finding.meaning


def copies(**recall):
    return {
        name: CopyResult(
            films=10, accuracy=Interval(value=0.9), recall={"COVID": Interval(value=value, low=value - 0.05, high=value + 0.05)}
        )
        for name, value in recall.items()
    }


@pytest.mark.parametrize(("other", "words"), [(0.85, "no difference is shown"), (0.6, "do not overlap, so the copy matters")])
def test_copies_are_compared_by_class(other, words):
    finding = meaning.copies_finding(copies(a=0.9, b=other))
    assert words in finding.meaning
    assert finding.meaning.startswith("The recall differs most for COVID")
    assert f"{0.9 - other:.2f} apart" in finding.meaning


def test_single_copy_cannot_be_compared():
    assert "nothing to compare" in meaning.copies_finding(copies(a=0.9)).meaning


def external(card, **changed):
    return meaning.external_finding(card.external.model_copy(update=changed), card.results).meaning


def macro(card, value, low):
    return card.external.macro.model_copy(update={"recall": Interval(value=value, low=low, high=1.0)})


def test_films_from_elsewhere_are_held_against_guessing_and_against_home(card):
    home = card.results.accuracy.value
    assert "the commonest class there would be right more often" in external(card, accuracy=Interval(value=0.1))
    assert "not shown to be better than guessing" in external(card, accuracy=Interval(value=0.7), macro=macro(card, 0.4, 0.3))
    assert "keeps most of what it can" in external(card, accuracy=Interval(value=home), macro=macro(card, 0.9, 0.8))
    far = external(card.model_copy(), accuracy=Interval(value=0.7), macro=macro(card, 0.6, 0.5))
    assert ("much worse than at home" in far) == (home - 0.7 >= 0.1)
    assert "guessing among the 3 classes there reaches 0.33" in far


def bins(confidence, accuracy):
    return [ReliabilityBin(low=0.8, high=1.0, films=10, confidence=confidence, accuracy=accuracy)]


@pytest.mark.parametrize(
    ("confidence", "accuracy", "words"),
    [(0.95, 0.85, "are too sure"), (0.85, 0.95, "too modest"), (0.9, 0.91, "about as sure as it is right")],
)
def test_calibration_is_put_in_words(card, confidence, accuracy, words):
    sentence = meaning.calibration_sentence(card.results, bins(confidence, accuracy))
    assert words in sentence
    assert f"mean probability of {confidence:.3f} and is right in {accuracy:.3f}" in sentence


def test_confusion_names_the_commonest_mistake(card):
    results = card.results.model_copy(update={"confusion": [[8, 2, 0, 0], [0, 5, 7, 0], [0, 0, 9, 0], [0, 0, 1, 3]]})
    sentence = meaning.confusion_sentence(results)
    assert sentence.startswith("Of 10 COVID films 2 are called something else.")
    assert "made 7 times, is to call Lung_Opacity films Normal" in sentence


def test_perfect_reader_makes_no_mistake(card):
    results = card.results.model_copy(update={"confusion": [[3, 0, 0, 0], [0, 3, 0, 0], [0, 0, 3, 0], [0, 0, 0, 3]]})
    assert meaning.confusion_sentence(results) == "Of 3 COVID films 0 are called something else. No film is called wrongly."


def test_weakest_class_is_named(card):
    lowest = min(card.results.classes, key=lambda name: card.results.classes[name].roc_auc.value)
    assert f"{lowest} stays furthest" in meaning.roc_sentence(card.results)
    lowest = min(card.results.classes, key=lambda name: card.results.classes[name].average_precision.value)
    assert f"{lowest} has the smallest area" in meaning.precision_recall_sentence(card.results)


def test_without_areas_there_is_no_weakest_class(card):
    nothing = {"roc_auc": Interval(value=None), "average_precision": Interval(value=None)}
    classes = {name: one.model_copy(update=nothing) for name, one in card.results.classes.items()}
    results = card.results.model_copy(update={"classes": classes})
    assert "there is no curve" in meaning.roc_sentence(results)
    assert "there is no curve" in meaning.precision_recall_sentence(results)


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
def test_learning_is_read_off_the_val_loss(history, words):
    assert words in meaning.learning_sentence(history)
    assert "epoch 4, the last" in meaning.learning_sentence(drawn_history(4))


def test_best_run_is_named_with_those_that_it_is_not_shown_to_beat():
    runs = drawn_study()
    sentence = meaning.study_sentence(runs, compare_all(runs))
    best = max(runs, key=lambda run: run.results.accuracy.value)
    assert sentence.startswith(f"The most accurate is {best.label}, with {best.results.accuracy}.")
    twins = [drawn_run("a", "DenseNet121", 2.0), drawn_run("b", "MobileNetV2", 2.0)]
    assert f"not shown to be better than {twins[1].label} (" in meaning.study_sentence(twins, compare_all(twins))
    apart = [drawn_run("a", "DenseNet121", 6.0), drawn_run("b", "MobileNetV2", 0.0)]
    assert "shown to be better than every other" in meaning.study_sentence(apart, compare_all(apart))
    assert meaning.study_sentence(runs[:1], []).endswith("].")
    (pair,) = compare_all(apart)
    of_near_duplicates = replace(pair, comparison=replace(pair.comparison, low=-0.01))
    assert "not shown to be better" in meaning.study_sentence(apart, [of_near_duplicates])


def test_only_runs_of_one_start_size_and_budget_compare_backbones_alone():
    def of(name, backbone, init, **changes):
        run = drawn_run(name, backbone, 2.0)
        return run.model_copy(update={"recipe": {"init": init}, **changes})

    alike = [of("a", "DenseNet121", "none"), of("b", "InceptionV3", "none")]
    others = [of("c", "MobileNetV2", "none", epochs=9), of("d", "MobileNetV2", "a.h5"), of("e", "DenseNet121", "a.h5")]
    others.append(of("shipped", "DenseNet121", "none"))
    sentence = meaning.budget_sentence(alike + others)
    assert f"one start, size and budget, are: {alike[0].label}; {alike[1].label}. All others differ" in sentence
    assert not any(run.label in sentence for run in others)
    assert meaning.budget_sentence(others).startswith("No two of them")
    assert meaning.budget_sentence(others[:1]).startswith("One run compares nothing")
    assert "shipped" in meaning.budget_sentence(others)
    assert "shipped" not in meaning.budget_sentence(alike)


def test_study_of_other_films_or_weights_than_the_cards_is_told():
    card, _ = drawn_card()
    run = drawn_run(SHIPPED_RUN, "DenseNet121", 2.0)
    ours = run.model_copy(update={"weights_sha256": card.model.sha256})
    assert meaning.study_mismatches([ours, drawn_run("other", "MobileNetV2", 2.0)], card) == []
    (of_weights,) = meaning.study_mismatches([run], card)
    assert "study --shipped" in of_weights
    (of_films,) = meaning.study_mismatches([ours.model_copy(update={"index_sha256": "0" * 64})], card)
    assert "other films" in of_films
