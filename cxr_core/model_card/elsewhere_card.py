"""What a card says of films from elsewhere: tables, and what they mean."""

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd

from cxr_core.artifacts import (
    CollectionResult,
    Disagreement,
    Elsewhere,
    MaskAudit,
    NetworkResult,
    PointingResult,
    Results,
    SourceProbe,
    SourceResult,
    SourceTotal,
    UnseenResult,
)
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.model_card.finding import AuditFinding, listed
from cxr_core.model_card.tables import spread
from cxr_core.stats import Interval

TELLS_APART = 0.8
"""Area under the ROC curve from which the gate is said to tell films from elsewhere from the model's own; 0.5 is guessing."""

POINTS = 1.5
"""So many times chance a map must reach to be said to point at the disease, or to look at the lungs."""


def collection_table(collections: Sequence[CollectionResult]) -> pd.DataFrame:
    """List how the model does by collection, those that no training saw first."""
    return pd.DataFrame(
        [
            {
                "collection": one.name,
                "what it is": one.about,
                "seen in training": _seen(one),
                "films": one.films,
                **spread(
                    {
                        "normal films called COVID": one.normal_called_covid,
                        "other films called COVID": one.other_called_covid,
                        "accuracy": one.accuracy,
                        "normal against all else": one.normal_against_rest,
                        "bacterial against viral, AUC": one.bacterial_against_viral,
                    }
                ),
            }
            for one in collections
        ]
    )


def called_table(collections: Sequence[CollectionResult]) -> pd.DataFrame:
    """Count by collection and true class what the films were called."""
    return pd.DataFrame(
        [
            {"collection": one.name, "films of": label, **{f"called {name}": row[code] for code, name in enumerate(CLASS_NAMES)}}
            for one in collections
            for label, row in one.called.items()
        ]
    )


def gate_table(part: Elsewhere) -> pd.DataFrame:
    """List by collection how the gate tells its films from the model's own, and what becomes of them there."""
    return pd.DataFrame(
        [
            {
                "collection": one.name,
                "seen in training": _seen(one),
                **spread(
                    {
                        "told from own films, AUROC": one.told_from_own,
                        "warned of as from elsewhere": one.warned_elsewhere,
                        "read without a warning": one.read,
                        "refused": one.refused,
                    }
                ),
            }
            for one in part.collections
        ]
    )


def source_table(sources: Sequence[SourceResult]) -> pd.DataFrame:
    """List how films of one class fare by where they came from."""
    return pd.DataFrame(
        [
            {
                "class": one.label,
                "source": one.source,
                "films": one.films,
                **spread({"called their class": one.recall, "called COVID": one.called_covid}),
            }
            for one in sources
        ]
    )


def source_total_table(totals: Sequence[SourceTotal]) -> pd.DataFrame:
    """List how the films of each source fare, whatever their class."""
    return pd.DataFrame(
        [
            {
                "source": one.source,
                "films": sum(one.labels.values()),
                "classes": in_words(listed(list(one.labels))),
                **spread({"accuracy": one.accuracy, "films without COVID called COVID": one.called_covid}),
            }
            for one in totals
        ]
    )


def network_table(networks: Sequence[NetworkResult], part: Elsewhere, own: Results) -> pd.DataFrame:
    """List each network alone, and their average as it is shipped."""
    unseen = part.unseen
    rows = [(f"{one.network} alone", one.own, one.unseen, one.normals_called_covid) for one in networks]
    nothing = Interval(value=None)
    average = (nothing, nothing) if unseen is None else (unseen.accuracy, unseen.false_positive_rate)
    rows.append(("average, as shipped", own.accuracy, *average))
    return pd.DataFrame(
        [
            {
                "network": name,
                **spread({"accuracy, own films": home, "accuracy, films never seen": away, "normal films never seen called COVID": alarms}),
            }
            for name, home, away, alarms in rows
        ]
    )


def probe_table(probes: Sequence[SourceProbe], audits: Sequence[MaskAudit]) -> pd.DataFrame:
    """List what can be read off the features and off parts of the films, beside what guessing reaches."""
    rows = [
        {
            "what is asked": f"source of {one.label} films ({', '.join(one.sources)})",
            "films": sum(one.sources.values()),
            **spread({"mean recall": one.balanced_accuracy}),
            "guessing": one.chance,
        }
        for one in probes
    ]
    rows += [
        {
            "what is asked": f"class, {one.name[0].lower()}{one.name[1:]}",
            "films": one.films,
            **spread({"mean recall": one.macro_recall}),
            "guessing": one.chance_macro_recall,
        }
        for one in audits
    ]
    return pd.DataFrame(rows)


def beside_home(unseen: UnseenResult, own: Results) -> str:
    """Compare the accuracy on films that no training saw with that on the model's own."""
    lost = (own.accuracy.value or 0.0) - (unseen.accuracy.value or 0.0)
    return "about what it reaches at home" if lost < 0.05 else "less than at home" if lost < 0.2 else "much less than at home"


def unseen_finding(unseen: UnseenResult, own: Results) -> AuditFinding:
    """Read how the model does on all films that no training saw, beside its own."""
    alarms = f"Of {unseen.normals:,} normal films it calls {unseen.normals_called_covid:,} COVID, {unseen.false_positive_rate}. "
    return AuditFinding(
        f"How does it do on films that no training saw? Shown: {listed(unseen.collections)}, all films of the four classes.",
        "hardly any normal film called COVID, and about the accuracy that it has on its own test films",
        "many: a positive call then says where a film was taken, not what the patient has",
        f"{alarms if unseen.normals else ''}It is right on {unseen.right:,} of {unseen.films:,} films, {unseen.accuracy}: "
        f"{beside_home(unseen, own)} ({own.accuracy.value or 0.0:.3f}).",
    )


def disagreement_finding(known: Mapping[Literal["own", "unseen"], Disagreement]) -> AuditFinding:
    """Read how well the networks' disagreement tells a wrong read, at home and on films that no training saw."""
    names: dict[str, str] = {"own": "its own test films", "unseen": "films that no training saw"}
    told = "; ".join(
        f"on {names[where]} they disagree in {one.apart}, such reads are wrong in {one.wrong_apart}, the others in {one.wrong_alike}, "
        f"area under the curve {one.tells_wrong}"
        for where, one in known.items()
    )
    verdict = "; ".join(f"on {names[where]} it {_tells(one.tells_wrong)}" for where, one in known.items())
    return AuditFinding(
        "Does it show when the two networks disagree that a read is wrong? Each read is the average of both.",
        f"an area under the ROC curve near 1, at least {TELLS_APART}",
        "near 0.5: their agreement means nothing",
        f"{told[0].upper()}{told[1:]}. {verdict[0].upper()}{verdict[1:]}.",
    )


def _tells(area: Interval) -> str:
    """Say what an area under the ROC curve is sure to be worth, by the low end of its interval."""
    if area.low is None or area.low <= 0.5:
        return "is not shown to tell wrong reads from right ones"
    return "tells wrong reads well" if area.low >= TELLS_APART else "tells some of the wrong reads, not most of them"


def probe_finding(probes: Sequence[SourceProbe]) -> AuditFinding:
    """Read how well the features tell where a film came from."""
    told = "; ".join(f"{in_words(one.label)} {one.balanced_accuracy} (guessing {one.chance:.2f})" for one in probes)
    above = [one.label for one in probes if one.balanced_accuracy.low is not None and one.balanced_accuracy.low > one.chance]
    verdict = (
        f"the source of {in_words(listed(above))} films can be read off them" if above else "no source can be shown to be read off them"
    )
    return AuditFinding(
        "Does it know where a film was taken? A linear classifier names the source of films of one class from the features that the "
        "model itself decides by. Some sources are children and others adults; telling those apart is no fault.",
        "no better than guessing",
        "near 1: the features tell the sources apart, and where class and source go together the model may use that",
        f"Mean recall of the sources: {told}: {verdict}." if probes else "No class has films of two known sources.",
    )


def detector_finding(part: Elsewhere) -> AuditFinding:
    """Read how well the gate tells films from elsewhere from the model's own."""
    unseen = [one for one in part.collections if not one.seen]
    told = "; ".join(f"{one.name} {one.told_from_own}, {one.warned_elsewhere.value or 0:.0%} warned of" for one in part.collections)
    missed = [one.name for one in unseen if (one.told_from_own.value or 0.0) < TELLS_APART]
    if not unseen:
        verdict = "There was no collection that no training saw, so whether it works is unknown."
    elif missed:
        verdict = f"It does not work for {listed(missed)}: the gate's silence does not mean that a film is like the model's own."
    else:
        verdict = "It works for these; for films of other places nobody knows."
    return AuditFinding(
        f"Does the gate notice that a film comes from elsewhere? {part.detector}",
        f"an area under the ROC curve near 1 for collections that no training saw, at least {TELLS_APART}",
        "near 0.5: films from elsewhere pass without a warning",
        f"Told from the model's own films: {told}; it warns of {part.own_warned.value or 0:.0%} of its own. {verdict}"
        if part.collections
        else "There were no other collections to tell from its own.",
    )


def pointing_finding(pointing: PointingResult) -> AuditFinding:
    """Read how often the map's peak lies where radiologists saw the infection."""
    chance, value, low = max(pointing.chance, pointing.chance_in_box or 0.0), pointing.inside.value, pointing.inside.low
    if value is None:
        meaning = "There were no films with an outlined infection."
    else:
        verdict = (
            "no better than a point thrown at random"
            if low is None or low <= chance
            else "better than a point thrown at random, but not by much"
            if value < POINTS * chance
            else "it points at the infection more often than chance would"
        )
        boxed = f", and {pointing.chance_in_box:.3f} in the box around the lungs, which is all it sees" if pointing.chance_in_box else ""
        meaning = f"Inside in {pointing.inside} of {pointing.outlined:,} films, where chance gives {pointing.chance:.3f}{boxed}: {verdict}."
    return AuditFinding(
        "Does Grad-CAM point at the disease? Shown: COVID films in which radiologists outlined the infection; a hit is a peak of COVID's "
        "map inside the outline (Zhang et al. 2018, IJCV 126:1084). On other findings a published network reached 0.60, radiologists 0.80 "
        "(Saporta et al. 2022).",
        "far above chance",
        "at chance: the map shows what raised the score, and that is not the infection",
        meaning,
    )


def lung_ratio_finding(pointing: PointingResult) -> AuditFinding:
    """Read how much more of the map lies inside the lungs than chance would put there."""
    ratio, chance = pointing.lung_ratio, max(1.0, pointing.even_ratio or 0.0)
    if ratio.value is None:
        verdict = "it was not measured"
    elif ratio.low is not None and ratio.low <= chance:
        verdict = "no better than chance"
    elif ratio.value < POINTS * chance:
        verdict = "little better than chance"
    else:
        verdict = "it looks at the lungs"
    even = f", where a map that is even over the box around the lungs reaches {pointing.even_ratio:.2f}" if pointing.even_ratio else ""
    without = f" On {pointing.empty:,} of them there is no map: nothing raises the class." if pointing.empty else ""
    return AuditFinding(
        "Does it look at the lungs? Shown: films with lung masks of a public set; the share of the top class's map inside the lungs over "
        "the lungs' share of the film.",
        "3 or more",
        "1, which is chance on the whole film",
        f"{ratio} on {pointing.masked:,} films{even}: {verdict}.{without}",
    )


def _seen(one: CollectionResult) -> str:
    return "yes, or films of its source" if one.seen else "never"
