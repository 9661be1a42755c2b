"""What a card says of the input gate: tables, and what they mean beside what was aimed at."""

from collections.abc import Collection, Sequence

import pandas as pd

from cxr_core.artifacts import GateAudit, GateChange, GateExternal
from cxr_core.labels import split_films
from cxr_core.model_card.finding import AuditFinding, against_aim
from cxr_core.model_card.tables import spread
from cxr_core.stats import Interval

MOST_REFUSED = 0.03
"""Of the split's films at most this share is to be refused."""

LEAST_CAUGHT = 0.9
"""Of films that were turned, inverted or mirrored at least this share is to be caught, by a warning or a refusal."""

LEAST_OTHERS_REFUSED = 0.95
"""Of pictures that are no chest films at least this share is to be refused."""

_OUTCOMES = {"read": "read", "warning": "read with a warning", "refused": "refused"}
_LATERAL_VIEWS = ("l", "ll", "rl", "lateral")


def outcome_table(gate: GateAudit) -> pd.DataFrame:
    """Shares of the split's films by what the gate says of them."""
    figures = {"read": gate.read, "read with a warning": gate.warned, "refused": gate.refused}
    return pd.DataFrame([{"outcome": name, **spread({"share of films": figure}), "of": gate.films} for name, figure in figures.items()])


def reason_table(gate: GateAudit) -> pd.DataFrame:
    """Count the films by reason; one film may have several."""
    return pd.DataFrame(
        [
            {"reason": reason_text(code), "outcome": _OUTCOMES[outcome], "films": count}
            for outcome in ("refused", "warning")
            for code, count in sorted(gate.reasons.get(outcome, {}).items(), key=lambda row: -row[1])
        ]
    )


def changed_table(changes: Sequence[GateChange]) -> pd.DataFrame:
    """Shares of the changed films that are caught, and that are refused."""
    return pd.DataFrame(
        [{"films that are": one.change, **spread({"caught": one.caught, "refused": one.refused}), "films": one.films} for one in changes]
    )


def others_table(gate: GateAudit) -> pd.DataFrame:
    """Count by kind what becomes of pictures that are no chest films."""
    return pd.DataFrame(
        [
            {
                "kind": one.kind,
                "pictures": one.pictures,
                "refused": one.refused,
                "share refused": one.refused / one.pictures,
                "of these undecodable": one.undecodable,
                "read with a warning": one.warned,
                "read": one.pictures - one.refused - one.warned,
            }
            for one in gate.others
        ]
    )


def external_table(external: Sequence[GateExternal], laterals: Collection[int]) -> pd.DataFrame:
    """List films of other collections with what the gate says of each, lateral views first.

    Parameters
    ----------
    external : sequence of GateExternal
        The films.
    laterals : collection of int
        Rows that are known to be lateral views, whatever the collection's table says.
    """
    rows = sorted(external, key=lambda one: (not is_lateral(one, laterals), one.row))
    return pd.DataFrame(
        [
            {
                "row of external.csv": one.row,
                "view": "lateral" if is_lateral(one, laterals) else "frontal",
                "view by the table": one.view,
                "finding": one.finding,
                "outcome": _OUTCOMES.get(one.outcome, one.outcome),
                "reasons": ", ".join(reason_text(code) for code in one.codes),
            }
            for one in rows
        ]
    )


def is_lateral(film: GateExternal, laterals: Collection[int]) -> bool:
    """Whether a film of another collection is a lateral view: known to be, or called so by the collection's table."""
    return film.row in laterals or film.view.strip().lower() in _LATERAL_VIEWS


def reason_text(code: str) -> str:
    """Write the code of a reason for the screen."""
    return code.replace("_", " ")


def gate_sentence(gate: GateAudit, split: str) -> str:
    """Say what the gate does, and whether it was fitted on the films that it is measured on."""
    films = " and ".join(f"{count:,} {split_films(name)}" for name, count in gate.fitted_on.items())
    apart = "some of these figures are of the same films and flatter it" if split in gate.fitted_on else "none of them is counted here"
    return (
        "Before a film is read, the gate asks whether it should be: it is *read*, *read with a warning*, or *refused*, which hides the "
        f"probabilities until you ask for them. It was fitted on {films}, each as it is and stretched to other proportions; {apart}."
    )


def films_finding(gate: GateAudit, split: str) -> AuditFinding:
    """Read what the gate makes of films that should be read."""
    return AuditFinding(
        f"Does it let chest films through? Shown: the {gate.films:,} {split_films(split)}.",
        f"at most {MOST_REFUSED:.0%} refused, and few warned of",
        "more: people who see good films refused learn to show every film anyway",
        f"Refused {gate.refused}, read with a warning {gate.warned}, read {gate.read}: "
        f"{against_aim(gate.refused, MOST_REFUSED, at_most=True)}.",
    )


def changed_finding(gate: GateAudit) -> AuditFinding:
    """Read how many turned, inverted and mirrored films the gate catches."""
    worst = _least_caught(gate.changed)
    if worst is not None:
        meaning = (
            f"The gate catches the fewest of the films that are {worst.change}, {worst.caught}: "
            f"{against_aim(worst.caught, LEAST_CAUGHT, at_most=False)}{' even there' if (worst.caught.value or 0) >= LEAST_CAUGHT else ''}."
        )
    else:
        meaning = "It was not measured."
    return AuditFinding(
        "Does it notice films that are turned, inverted or mirrored? Shown: the same films, changed so, and judged without the network's "
        "features.",
        f"at least {LEAST_CAUGHT:.0%} caught, which is warned of or refused",
        "less: the classifier answers for a film that it never learned to read, and nobody is told",
        meaning,
    )


def corruptions_finding(gate: GateAudit) -> AuditFinding:
    """Read how many corrupted films the gate catches."""
    worst = _least_caught(gate.corruptions)
    meaning = "It was not measured."
    if worst is not None:
        meaning = f"The gate catches the fewest of the films that are {worst.change}, {worst.caught}."
    return AuditFinding(
        "Does it notice corrupted films? Shown: some of the same films, corrupted in code. The gate learned from photographs that "
        "were simulated in another way than these; no real photograph of a screen was tried. These are grey, and "
        "give nothing away by their colours.",
        "nearly all caught",
        "few: such a film is read as if nothing were wrong with it",
        meaning,
    )


def narrowed_finding(gate: GateAudit) -> AuditFinding:
    """Read what the gate makes of sound films of other proportions than most that it learned from."""
    one = gate.narrowed
    meaning = "It was not measured."
    if one is not None:
        verdict = against_aim(one.refused, MOST_REFUSED, at_most=True)
        meaning = f"Of {one.films:,} films {one.change}, {one.refused} are refused and {one.caught} refused or warned of: {verdict}."
    return AuditFinding(
        "Does it let films through that are not square? Shown: some of the same films, stretched, so that they reach the network between "
        "black bars; the data set holds only square films.",
        f"no more refused than of the films as they are, at most {MOST_REFUSED:.0%}",
        "more: the gate judges the shape of the file, not the film",
        meaning,
    )


def others_finding(gate: GateAudit) -> AuditFinding:
    """Read how many pictures of other things the gate refuses."""
    pictures = sum(one.pictures for one in gate.others)
    worst = min(gate.others, key=lambda one: one.refused / one.pictures)
    fewest = f"It refuses the fewest of {worst.kind}, {worst.refused:,} of {worst.pictures:,}"
    if worst.refused == worst.pictures:
        fewest = "None of any kind is read"
    undecodable = sum(one.undecodable for one in gate.others)
    packages = ", ".join(f"{name} {version}" for name, version in gate.packages.items())
    verdict = against_aim(Interval(value=gate.others_refused), LEAST_OTHERS_REFUSED, at_most=False)
    return AuditFinding(
        f"Does it refuse what is not a chest film? Shown: {pictures:,} pictures, none of which the gate was fitted to: what Python "
        f"packages ship ({packages}), and noise and pages of text that were drawn for this.",
        f"at least {LEAST_OTHERS_REFUSED:.0%} refused",
        "less: a photograph of a cat gets a probability of COVID",
        f"Refused {gate.others_refused:.3f} of all, {undecodable:,} of them because they cannot be decoded as a film: {verdict}. {fewest}.",
    )


def external_finding(external: Sequence[GateExternal], laterals: Collection[int]) -> AuditFinding:
    """Read what the gate makes of films of other collections, lateral views apart."""
    aside = [one for one in external if is_lateral(one, laterals)]
    frontal = [one for one in external if not is_lateral(one, laterals)]
    meaning = f"Of {len(frontal):,} frontal films {_counted(frontal)}."
    meaning += (
        f" Of {len(aside):,} lateral {'view' if len(aside) == 1 else 'views'} {_counted(aside)}."
        if aside
        else " None of them is known to be a lateral view."
    )
    return AuditFinding(
        "What does it say of films from elsewhere? Shown: films of collections that none of its own came from. Which of them are lateral "
        "views was seen by eye; the collection's table does not always say so.",
        "frontal films read, lateral views refused or at least warned of",
        "lateral views read without a warning: the classifier learned from frontal films alone. Frontal films refused in numbers show a "
        "gate that knows its own collections rather than chests",
        meaning,
    )


def _counted(films: Sequence[GateExternal]) -> str:
    counts = {name: sum(one.outcome == outcome for one in films) for outcome, name in _OUTCOMES.items()}
    return ", ".join(f"{count:,} {'is' if count == 1 else 'are'} {name}" for name, count in counts.items())


def _least_caught(changes: Sequence[GateChange]) -> GateChange | None:
    """Return the change of which the fewest films are caught; None where none was measured."""
    measured = [one for one in changes if one.caught.value is not None]
    return min(measured, key=lambda one: one.caught.value or 0.0, default=None)
