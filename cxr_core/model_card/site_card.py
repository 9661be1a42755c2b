"""What a user's own films say of the model, in words and tables, beside its card."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from cxr_core.artifacts import ModelCard, ModelIdentity
from cxr_core.labels import CLASS_NAMES, in_words, split_films
from cxr_core.model_card.finding import listed
from cxr_core.model_card.gate_card import reason_text
from cxr_core.model_card.tables import p_text, spread
from cxr_core.site_cards import FEWEST_FILMS, FEWEST_OF_A_KIND, SiteCard, SiteComparison, SiteFigures
from cxr_core.stats import Interval

METHOD: Final = (
    "In brackets: 95% intervals by Wilson, of the area under the ROC (AUC) and of differences by Newcombe; p-values are two-sided. They "
    "take the films as independent, so give one film a patient. Numbers of films: two-proportion sample size, tested two-sided at 5%, "
    "power 80%, against the card's films."
)
"""How figures, differences and numbers of films were worked out."""

COMMAND: Final = "python -m cxr_core validate --data DIR"
KEEP_COMMAND: Final = f"{COMMAND} --keep NAME"

_FIGURES: Final = {"sensitivity": "sensitivity", "specificity": "specificity", "roc_auc": "AUC"}
_FILMS: Final = {"sensitivity": "films of COVID", "specificity": "films of other classes"}


def films_sentence(figures: SiteFigures) -> str:
    """Say how many films were read, and what became of the others."""
    counts = [f"{count:,} {in_words(name)}" for name, count in figures.counts.items() if count]
    warned = f", {figures.warned:,} of them with a warning" if figures.warned else ""
    left_out = []
    if figures.refused:
        why = ", ".join(f"{reason_text(code)} {count:,}" for code, count in figures.reasons.items())
        left_out.append(f"the input gate refused {figures.refused:,} ({why})")
    if figures.broken:
        left_out.append(f"{figures.broken:,} cannot be read")
    if figures.repeated:
        left_out.append(f"{figures.repeated:,} repeat another file")
    rest = f" Left out: {listed(left_out)}." if left_out else ""
    return f"Films read: {figures.films:,}{warned} ({', '.join(counts)}).{rest}"


def caveats(figures: SiteFigures) -> list[str]:
    """Say what cannot be measured on these films, and what would be needed; empty where there are enough of every kind."""
    cases, others = figures.cases, figures.others
    said = []
    if not others:
        said.append("All films are of COVID: without others there is no specificity and no AUC.")
    elif not cases:
        said.append("No film is of COVID: there is no sensitivity and no AUC.")
    elif min(cases, others) < FEWEST_OF_A_KIND:
        few, kind = min((cases, "of COVID"), (others, "of other classes"))
        said.append(f"Only {few} {'film is' if few == 1 else 'films are'} {kind}: what is measured on so few may be far off.")
    if figures.films < FEWEST_FILMS:
        said.append(
            f"With fewer than {FEWEST_FILMS} films every figure is uncertain and the calibration error would be mostly chance, so it is "
            "not given."
        )
    return said


def verdict(figures: SiteFigures) -> str:
    """Say in a sentence whether the model does on these films as on its card."""
    differing = [one for one in figures.comparisons if one.is_significant]
    if not figures.comparisons:
        return "These films cannot be compared with the card: they have none of the figures that it has."
    if differing:
        changes = [f"{_FIGURES[one.figure]} is {'lower' if one.difference < 0 else 'higher'}" for one in differing]
        return f"Here the model differs from its card: {listed(changes)}."
    return f"These films show no difference from the card in {listed([_FIGURES[one.figure] for one in figures.comparisons])}."


def comparison_sentences(figures: SiteFigures) -> list[str]:
    """Say of each figure that the card has as well whether it differs, and how many films more would tell."""
    return [_comparison_sentence(figures, one) for one in figures.comparisons]


def calibration_sentence(figures: SiteFigures) -> str | None:
    """Say whether the probabilities can be believed on these films; None where that was not measured."""
    error, by_chance = figures.calibration_error, figures.chance_calibration_error
    if error is None or by_chance is None:
        return None
    verdict = "more than chance explains: the probabilities do not hold here" if error > by_chance else "which chance may explain"
    return f"Calibration error {error:.3f}, {verdict} (perfectly calibrated, 95 of 100 such sets of films stay below {by_chance:.3f})."


def fit_sentences(card: SiteCard) -> list[str]:
    """Say what was fitted to the films of a site card, and what it reaches by cross-validation."""
    point, shipped = card.operating_point, card.figures
    before = "" if shipped.calibration_error is None else f" The calibration error goes from {shipped.calibration_error:.3f} to "
    after = f"{card.calibration_error:.3f}." if before else f" The calibration error is {card.calibration_error:.3f}."
    return [
        f"Temperature {card.temperature:.3f}; as shipped {card.shipped_temperature:.3f}.{before}{after}",
        f"COVID from a probability of {card.threshold:.3f}; as shipped {shipped.threshold:.3f}, at the shipped temperature. Sensitivity "
        f"{point.sensitivity}, specificity {point.specificity}.",
        f"By cross-validation in {card.folds} parts: every film is judged by what was fitted without it.",
    ]


def figures_table(figures: SiteFigures, card: ModelCard | None) -> pd.DataFrame:
    """Put the figures of these films beside those of the card of the same weights, where it is there."""
    compared = {one.figure: one for one in figures.comparisons}
    rows = [
        _row("sensitivity", figures.sensitivity, compared.get("sensitivity")),
        _row("specificity", figures.specificity, compared.get("specificity")),
        _row("AUC", figures.roc_auc, compared.get("roc_auc")),
        _beside("accuracy", figures.accuracy, card.results.accuracy if card else None),
    ]
    for name, recall in figures.recall.items():
        rows.append(_beside(f"recall {name}", recall, card.results.classes[name].recall if card else None))
    if figures.calibration_error is not None:
        of_card = Interval(value=card.results.expected_calibration_error) if card else None
        rows.append(_beside("calibration error", Interval(value=figures.calibration_error), of_card))
    return pd.DataFrame(rows)


def cards_table(card: ModelCard, cards: Sequence[SiteCard]) -> pd.DataFrame:
    """Put the figures of site cards below those of the model card; those of other weights are marked as not used."""
    found = card.results.classes["COVID"]
    point = card.calibration
    of_card = {
        "figures of": f"model card, {split_films(card.data.split)}",
        "films": card.results.films,
        **spread(
            {
                "sensitivity": point.sensitivity if point else None,
                "specificity": point.specificity if point else None,
                "AUC": found.roc_auc,
                "accuracy": card.results.accuracy,
            }
        ),
        "calibration error": card.results.expected_calibration_error,
        "applies": "yes",
    }
    return pd.DataFrame([of_card, *(_card_row(one, card.model) for one in cards)])


def confusion_table(figures: SiteFigures) -> pd.DataFrame:
    """Count the confusion matrix: a row a true class that has films, a column a top class."""
    rows = zip(CLASS_NAMES, figures.confusion, strict=True)
    return pd.DataFrame([{"class of the film": name, **dict(zip(CLASS_NAMES, row, strict=True))} for name, row in rows if sum(row)])


def _card_row(one: SiteCard, identity: ModelIdentity) -> dict:
    found = one.figures
    shares = {"sensitivity": found.sensitivity, "specificity": found.specificity, "AUC": found.roc_auc, "accuracy": found.accuracy}
    return {
        "figures of": f"site card {one.name}",
        "films": found.films,
        **spread(shares),
        "calibration error": found.calibration_error,
        "applies": "yes" if one.fits(identity.sha256) else f"no: of {one.model}",
    }


def _row(name: str, here: Interval, compared: SiteComparison | None) -> dict:
    cells = _beside(name, here, compared.card if compared else None)
    if compared is not None:
        cells |= {"difference": compared.difference, "difference low": compared.low, "difference high": compared.high}
        cells["p"] = p_text(compared.p_value)
    return cells


def _beside(name: str, here: Interval, card: Interval | None) -> dict:
    return {"figure": name, **spread({"these films": here, "model card": card})}


def _comparison_sentence(figures: SiteFigures, one: SiteComparison) -> str:
    here: Interval = getattr(figures, one.figure)
    name = _FIGURES[one.figure]
    change = f"{abs(one.difference):.3f} {'lower' if one.difference < 0 else 'higher'}" if one.difference else "the same"
    first = (
        f"{name[0].upper()}{name[1:]} {here}, on the card {one.card}: {change}, difference [{one.low:.3f}, {one.high:.3f}], "
        f"p {p_text(one.p_value)}."
    )
    if one.is_significant:
        return f"{first} It differs from the card."
    return f"{first} These films do not show a difference.{_more(one)}"


def _more(one: SiteComparison) -> str:
    if one.to_tell is None:
        return ""
    if one.more_films is None:
        return f" No number of films would show one of {one.to_tell:.2f}: the card itself rests on too few."
    if not one.more_films:
        return f" One of {one.to_tell:.2f} would have shown in four of five sets of films this large."
    return f" To show one of {one.to_tell:.2f} would take {one.more_films:,} more {_FILMS[one.figure]}."
