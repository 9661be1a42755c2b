"""The card in four answers to whether a read may be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxr_core.artifacts import CollectionResult, Elsewhere, GateAudit, MaskAudit, ModelCard, Results, UnseenResult
from cxr_core.labels import split_films
from cxr_core.model_card.elsewhere_card import TELLS_APART, beside_home
from cxr_core.model_card.shortcuts_card import LUNGS_BLANKED, gain_kept
from cxr_core.stats import Interval

HARDLY, OFTEN, MOSTLY = 0.02, 0.1, 0.5
"""Shares of normal films called COVID: below the first hardly any, from the second on many, from the third on most."""


@dataclass(frozen=True)
class TrustAnswer:
    """One question about trust.

    Attributes
    ----------
    question : str
        What a reader asks.
    figure : str
        The figure that answers it.
    about : str
        Its interval and what it was measured on; "" where it was not measured.
    means : str
        One sentence or two that follow from the figure.
    """

    question: str
    figure: str
    about: str
    means: str


def answers(card: ModelCard) -> list[TrustAnswer]:
    """TrustAnswer what decides whether a read can be trusted on films that the model's places did not make."""
    unseen = None if card.elsewhere is None else card.elsewhere.unseen
    blanked = next((audit for audit in card.audits if audit.name == LUNGS_BLANKED), None)
    return [
        _accuracy(unseen, card.results),
        _false_alarms(unseen),
        _without_lungs(blanked, card.results.macro.recall),
        _gate(card.gate, card.elsewhere),
    ]


def at_home(card: ModelCard) -> str:
    """Say in a line how the model does on its own films, and whether choices were made on them."""
    results = card.results
    choices = "that no choice was made on" if card.data.split == "test" else "that choices may have been made on"
    return (
        f"{results.films:,} {split_films(card.data.split)} {choices}: accuracy {results.accuracy}, "
        f"COVID recall {results.classes['COVID'].recall}, macro F1 {results.macro.f1}, "
        f"calibration error {results.expected_calibration_error:.3f}."
    )


def _accuracy(unseen: UnseenResult | None, own: Results) -> TrustAnswer:
    question = "How often is it right elsewhere?"
    if unseen is None or unseen.accuracy.value is None:
        return _not_measured(question, "Nobody knows how it does on films that no training saw.")
    most = "; most of its answers there are wrong" if unseen.accuracy.value < 0.5 else ""
    verdict = beside_home(unseen, own)
    return TrustAnswer(
        question,
        f"{unseen.accuracy.value:.3f}",
        _about(unseen.accuracy, f"accuracy, {unseen.films:,} films that no training saw"),
        f"{verdict[0].upper()}{verdict[1:]} ({own.accuracy.value or 0.0:.3f}){most}.",
    )


def _false_alarms(unseen: UnseenResult | None) -> TrustAnswer:
    question = "Does it call normal films COVID?"
    share = None if unseen is None else unseen.false_positive_rate
    if unseen is None or share is None or share.value is None:
        return _not_measured(question, "Nobody knows how many normal films of other places it calls COVID.")
    means = (
        "Hardly any of them."
        if share.value < HARDLY
        else "Few of them."
        if share.value < OFTEN
        else "Many of them: doubt every positive answer there."
        if share.value < MOSTLY
        else "Most of them: a positive answer there says next to nothing."
    )
    return TrustAnswer(question, f"{share.value:.3f}", _about(share, f"of {unseen.normals:,} that no training saw"), means)


def _without_lungs(audit: MaskAudit | None, whole: Interval) -> TrustAnswer:
    question = "Does it need the lungs?"
    if audit is None or audit.macro_recall.value is None:
        return _not_measured(question, "Nobody knows what it does without the lungs.")
    recall, kept = audit.macro_recall, gain_kept(audit, whole)
    if recall.low is None or recall.low <= audit.chance_macro_recall:
        means = "Without them it is not shown to beat guessing: no shortcut shows, and none is ruled out."
    elif kept is None:
        means = "Without them it is better than guessing."
    else:
        verdict = (
            "next to nothing"
            if kept < 0.05
            else "a trace of where films come from"
            if kept < 0.2
            else "a good part of what it goes by lies outside"
            if kept < 0.5
            else "it recognises sources more than disease"
        )
        means = f"Without them it keeps {kept:.0%} of its gain over guessing: {verdict}."
    about = f"macro recall with the lungs blanked; guessing {audit.chance_macro_recall:.2f}"
    return TrustAnswer(question, f"{recall.value:.3f}", _about(recall, about), means)


def _gate(gate: GateAudit | None, part: Elsewhere | None) -> TrustAnswer:
    question = "Does the gate stop wrong films?"
    if gate is None:
        return _not_measured(question, "Nobody knows what the gate lets through.")
    pictures, refused = sum(one.pictures for one in gate.others), sum(one.refused for one in gate.others)
    return TrustAnswer(
        question,
        f"{gate.others_refused:.3f}",
        f"{refused:,} of {pictures:,} pictures of other things refused",
        _films_from_elsewhere([] if part is None else [one for one in part.collections if not one.seen]),
    )


def _films_from_elsewhere(unseen: Sequence[CollectionResult]) -> str:
    """Say whether the gate notices films of collections that no training saw."""
    shares = [one.warned_elsewhere.value for one in unseen if one.warned_elsewhere.value is not None]
    if not shares:
        return "Whether it notices chest films from elsewhere was not measured."
    low, high = f"{min(shares):.0%}", f"{max(shares):.0%}"
    warned = f"It warns of {low if low == high else f'{low} to {high}'} of chest films from elsewhere"
    if any((one.told_from_own.value or 0.0) < TELLS_APART for one in unseen):
        return f"{warned}: its silence promises nothing."
    return f"{warned} and tells them from its own."


def _not_measured(question: str, means: str) -> TrustAnswer:
    return TrustAnswer(question, "not measured", "", means)


def _about(share: Interval, what: str) -> str:
    return what if share.low is None else f"{share.low:.3f} to {share.high:.3f}, {what}"
