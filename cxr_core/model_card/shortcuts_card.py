"""What a card says of shortcuts: what the model may have learned in place of the disease."""

from collections.abc import Mapping

from cxr_core.artifacts import CopyResult, MaskAudit, PairedCopies, Results
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.model_card.finding import AuditFinding
from cxr_core.stats import Interval

# Names of `cxr_core.evaluation.audits.MASKS`; of the others the film's surroundings are what is kept.
_LUNGS_KEPT = "Surroundings blanked"
LUNGS_BLANKED = "Lungs blanked"


def mask_finding(audit: MaskAudit, whole: Interval) -> AuditFinding:
    """Read one of the mask audits.

    Parameters
    ----------
    audit : MaskAudit
        The audit.
    whole : Interval
        Macro recall on the whole films.

    Returns
    -------
    AuditFinding
    """
    if audit.name == _LUNGS_KEPT:
        return AuditFinding(
            f"Can it do without what surrounds the lungs? Shown: {audit.kept}.",
            "almost the macro recall of the whole film",
            "far less: the surroundings told it the class. Some loss comes from never having seen films cut like this",
            _without_surroundings(audit, whole),
        )
    return AuditFinding(
        f"Can it name the class without the lungs? Shown: {audit.kept}.",
        f"no better than guessing, a macro recall of {audit.chance_macro_recall:.2f}",
        "well above guessing: what tells the classes apart there is the source of the film, not lung disease",
        _without_lungs(audit, whole),
    )


def gain_kept(audit: MaskAudit, whole: Interval) -> float | None:
    """Share of the whole films' gain in macro recall over guessing that an audit leaves; None where there is no such gain."""
    if audit.macro_recall.value is None or whole.value is None:
        return None
    chance = audit.chance_macro_recall
    return (audit.macro_recall.value - chance) / (whole.value - chance) if whole.value > chance else None


def _without_lungs(audit: MaskAudit, whole: Interval) -> str:
    interval, chance = audit.macro_recall, audit.chance_macro_recall
    if interval.value is None:
        return "It was not measured."
    if interval.low is None or interval.low <= chance:
        return (
            f"Macro recall {interval}: not shown to be above guessing. That shows no shortcut, but rules none out: films cut like this are "
            "new to it, and the cut may have confused it."
        )
    text = f"Macro recall {interval}: {interval.value - chance:.2f} above guessing"
    worth = gain_kept(audit, whole)
    if worth is None:
        return f"{text}."
    verdict = (
        "next to nothing"
        if worth < 0.05
        else "a trace of the source shows; this cannot tell how much the model uses it on whole films"
        if worth < 0.2
        else "a good part of what the model goes by lies outside the lungs"
        if worth < 0.5
        else "most of what the model goes by lies outside the lungs, so it recognises sources more than disease"
    )
    return f"{text}, {worth:.0%} of what the whole film gains over it: {verdict}."


def _without_surroundings(audit: MaskAudit, whole: Interval) -> str:
    interval = audit.macro_recall
    if interval.value is None or whole.value is None:
        return "It was not measured."
    text = f"Macro recall {interval} against {whole.value:.3f} on whole films"
    worth = gain_kept(audit, whole)
    if worth is None:
        return f"{text}, which is no better than guessing itself."
    verdict = (
        "it hardly needs the surroundings"
        if worth >= 0.9
        else "it leans on the surroundings to some extent, or is confused by the cut"
        if worth >= 0.6
        else "it leans on the surroundings heavily, or is confused by the cut"
    )
    return f"{text}, {worth:.0%} of the gain over guessing: {verdict}."


def paired_finding(paired: PairedCopies) -> AuditFinding:
    """Read the agreement on films that came twice, from two public copies."""
    value = paired.agreement.value or 0.0
    verdict = (
        "which copy a film came from hardly matters"
        if value >= 0.98
        else "which copy a film came from matters a little"
        if value >= 0.95
        else "which copy a film came from decides too much: the model sees the resampling"
    )
    return AuditFinding(
        "Does it notice which public copy a film came from? Shown: the same films, resampled by somebody else.",
        "the same top class for every film",
        "below 0.95: one film in twenty changes its class with the file that it came in",
        f"Same top class in {paired.agreement} of {paired.films:,} films, probabilities moved by {paired.mean_probability_change:.3f} "
        f"on average: {verdict}.",
    )


def copies_finding(copies: Mapping[str, CopyResult]) -> AuditFinding:
    """Read recall by public copy: of the class in which two copies differ most."""
    gaps = []
    for label in CLASS_NAMES:
        found = [(name, one.recall[label]) for name, one in copies.items() if label in one.recall and one.recall[label].value is not None]
        if len(found) > 1:
            ordered = sorted(found, key=lambda row: row[1].value or 0)
            gaps.append(((ordered[-1][1].value or 0) - (ordered[0][1].value or 0), label, ordered[0], ordered[-1]))
    if gaps:
        gap, label, (lower, low), (upper, high) = max(gaps, key=lambda row: row[0])
        apart = low.high is not None and high.low is not None and low.high < high.low
        verdict = "the intervals do not overlap, so the copy matters" if apart else "the intervals overlap, so no difference is shown"
        meaning = f"The recall differs most for {in_words(label)}: {low} in {lower}, {high} in {upper}, {gap:.2f} apart; {verdict}."
    else:
        meaning = "No class has films of two copies, so there is nothing to compare."
    return AuditFinding(
        "Is it better on one copy than on the other? Compared by class, since the copies hold the classes in different shares.",
        "the same recall in every copy",
        "intervals that do not overlap",
        meaning,
    )


def external_finding(external: Results, own: Results) -> AuditFinding:
    """Read the results on films of other collections beside those on the data set's own."""
    classes = sum(one.support > 0 for one in external.classes.values())
    commonest = max(one.support for one in external.classes.values()) / external.films
    accuracy, recall, chance = external.accuracy.value or 0.0, external.macro.recall, 1 / classes
    verdict = (
        f"calling every film by the commonest class there would be right more often, in {commonest:.2f}"
        if accuracy < commonest
        else "elsewhere it is not shown to be better than guessing"
        if recall.low is None or recall.low <= chance
        else "it does nearly as well elsewhere"
        if (own.accuracy.value or 0.0) - accuracy < 0.1
        else "it does better than guessing elsewhere, but much worse than at home"
    )
    return AuditFinding(
        "Does it work on films from elsewhere? Shown: films of collections that none of its own came from.",
        "about the accuracy that it has on its own test films",
        "a large drop: it learned its own collections rather than the disease",
        f"Accuracy {external.accuracy} on {external.films:,} films, against {own.accuracy.value or 0:.3f} at home; macro recall {recall}, "
        f"where guessing among the {classes} classes there reaches {chance:.2f}: {verdict}.",
    )
