"""What the nearest films come to, in words."""

from collections import Counter
from typing import Final

from cxr_core.labels import in_words
from cxr_core.similar.index import FilmIndex, Found

NO_SECOND_OPINION: Final = (
    "Distance: 0 is the same to the network, 1 no more alike than two films drawn at random. It is measured on the features that the read "
    "is made of, so films of the same class here are no second opinion."
)

SAME_CLASS: Final = 0.9
"""Share of a source's films from which on its films count as nearly all of one class."""


def source_sentences(found: Found, index: FilmIndex) -> list[str]:
    """Say how many of the nearest films share a source, beside how many films of the folder do, and what a class adds to that.

    Parameters
    ----------
    found : Found
        The nearest films.
    index : FilmIndex
        Where they were found.

    Returns
    -------
    list of str
        Sentences; the first in bold where it tells sources. None where nothing was found.
    """
    if not found.neighbours:
        return []
    counts = index.source_counts
    if not counts:
        return [
            "This folder does not say where its films come from, so whether these look alike for a disease or for a hospital cannot be "
            "told. A column `source` in its manifest.csv, or a sources.csv beside it, would say it."
        ]
    if len(counts) == 1 and sum(counts.values()) == len(index):
        return [f"All films here come from one source, {next(iter(counts))}, so how much the source counts cannot be seen."]
    number = len(found.neighbours)
    near = Counter(film.source for film in found.neighbours if film.source)
    if not near:
        return ["None of these films has a known source."]
    source, shared = (found.own_source, near[found.own_source]) if found.own_source else near.most_common(1)[0]
    everywhere = f"of all films here, {_percent(counts[source] / len(index))} do"
    if found.own_source:
        told = [f"**{_of(number, shared)} {_come(shared)} from the source of this film, {source}**; {everywhere}."]
    elif shared == 1 and number > 1:
        return ["**No two of these films come from the same source.**"]
    else:
        told = [f"**{_of(number, shared)} {_come(shared)} from one source, {source}**; {everywhere}."]
    return told + ([one] if shared > number / 2 and (one := _one_class(source, index)) else [])


def _one_class(source: str, index: FilmIndex) -> str:
    """Say that nearly all films of a source are of one class, if they are."""
    labels = Counter(index.labels[index.sources == source].tolist())
    label, films = labels.most_common(1)[0]
    share = films / sum(labels.values())
    if not label or share < SAME_CLASS:
        return ""
    return (
        f"{_percent(share)} of the films of that source here are {in_words(label)}: so these films cannot tell whether the network "
        "sees the disease or the source."
    )


def class_sentence(found: Found) -> str:
    """Say of which classes the nearest films are; "" where no class is known."""
    classes = Counter(film.label for film in found.neighbours if film.label)
    if not classes:
        return ""
    told = ", ".join(f"{in_words(label)} {number}" for label, number in classes.most_common())
    unknown = len(found.neighbours) - sum(classes.values())
    return f"By class: {told}{f', not known {unknown}' if unknown else ''}."


def left_out_sentence(found: Found) -> str:
    """Say which films were passed over; "" for none."""
    if not found.left_out:
        return ""
    films = "1 film" if found.left_out == 1 else f"{found.left_out:,} films"
    return f"Left out as this film itself, a near-duplicate of it or of its patient: {films}."


def far_sentence(found: Found, index: FilmIndex) -> str:
    """Say that nothing in the folder looks much like the film, if it is so; else ""."""
    if index.usual is None or not found.neighbours or found.neighbours[0].distance <= index.usual:
        return ""
    return (
        f"Nothing here looks much like this film: the nearest is {found.neighbours[0].distance:.2f} away, while 95% of the films here have "
        f"one within {index.usual:.2f}."
    )


def _of(number: int, some: int) -> str:
    if not some:
        return "None of these films"
    every = "The one film" if number == 1 else "Both films" if number == 2 else f"All {number}"
    return every if some == number else f"{some} of the {number}"


def _come(number: int) -> str:
    return "comes" if number == 1 else "come"


def _percent(share: float) -> str:
    if 0 < share < 0.005:
        return "less than 1%"
    return "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"
