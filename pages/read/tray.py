"""The films that were dropped: one of them is on screen, and each keeps what was read of it."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Final

from cxr_core.errors import SecondLookError
from cxr_core.imaging import DroppedFile, Film, ZippedFilm, display_grey, is_zip, load_film, open_zip, png_bytes
from pages.read.desk import Desk
from pages.viewer import StripEntry

MOST_FILMS: Final = 40
"""Films that are kept in memory. Those of an archive can be unpacked again; of dropped files no more are taken."""
MOST_THUMBNAILS: Final = 60
"""Films in the strip beyond which only those that were opened have a thumbnail."""
THUMBNAIL_SIDE: Final = 112
TOO_MANY: Final = "At most {most} films are taken at a time: {left} were left out. Read many with `python -m cxr_core predict`."
MADE_ROOM: Final = "At most {most} films are kept: the oldest were removed."

_opened = count(1).__next__


@dataclass(eq=False)
class Place:
    """A film's place on the tray.

    Attributes
    ----------
    source : DroppedFile or ZippedFilm, optional
        What its film is decoded from. That of a dropped file is forgotten as soon as it was: it may hold the patient's name.
    film : Film, optional
        The film, once it was decoded.
    refusal : str
        Why it could not be.
    opened : int
        When it was on screen, in a count of all films; 0 for never.
    """

    source: DroppedFile | ZippedFilm | None = None
    film: Film | None = None
    refusal: str = ""
    opened: int = 0
    _desk: Desk | None = None
    _thumbnail: str = ""

    @property
    def waits(self) -> bool:
        """Whether nobody knows yet what the file holds."""
        return self.film is None and not self.refusal and not self._thumbnail

    def develop(self) -> None:
        """Decode the film, or learn why it cannot be."""
        if self.film is not None or self.refusal or self.source is None:
            return
        try:
            self.film = load_film(self.source)
        except SecondLookError as error:
            self.refusal = str(error)
        if isinstance(self.source, DroppedFile):
            self.source = None

    @property
    def desk(self) -> Desk | None:
        """The desk of the film; None where its file was refused."""
        self.develop()
        if self._desk is None and self.film is not None:
            self._desk = Desk.of(self.film)
        return self._desk

    def put_away(self) -> None:
        """Stop what is being done with a film that leaves the screen."""
        if self._desk is not None:
            self._desk.stop()

    def close(self) -> None:
        """Forget a film that can be decoded again, and what was read of it."""
        self.put_away()
        self.film = self._desk = None

    @property
    def thumbnail(self) -> str:
        """A small picture of a decoded film, as a data URI."""
        if not self._thumbnail and self.film is not None:
            picture = png_bytes(display_grey(self.film, THUMBNAIL_SIDE))
            self._thumbnail = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        return self._thumbnail

    def entry(self, number: int) -> StripEntry:
        """Return what the strip shows of it; names of files may tell who it is, so it is a number, and what the reader called it."""
        label = self._desk.label if self._desk is not None else ""
        told = self.refusal or ("" if self._desk is None or self._desk.read is None else "read")
        words = ", ".join(word for word in (f"Film {number}", label, told) if word)
        return StripEntry(label or str(number), words, self.thumbnail, bool(self.refusal))


@dataclass(eq=False)
class Tray:
    """All films of a session, in the order in which they were dropped.

    Attributes
    ----------
    places : list of Place
        The films.
    at : int
        Which one is on screen.
    passed_over : int
        Files in archives that are hidden or no films by their names.
    notice : str
        A sentence on the last drop.
    coming : list of str
        Why some files of a drop are not read, whose others are still being uploaded.
    """

    places: list[Place] = field(default_factory=list)
    at: int = 0
    passed_over: int = 0
    notice: str = ""
    coming: list[str] = field(default_factory=list)

    @property
    def current(self) -> Place | None:
        """The film on screen."""
        return self.places[self.at] if self.places else None

    @cached_property
    def number(self) -> int:
        """Of this tray among those of the server: its widgets are named by it."""
        return _opened()

    def take(self, files: Iterable[bytes], refusals: Iterable[str] = ()) -> None:
        """Put dropped files behind those that are here, and the first of them on screen. What was refused before is gone."""
        self.places = [place for place in self.places if not place.refusal and not (place.film and place.film.format == "drawing")]
        before = [place for place in self.places if not place.refusal and not (place.film and place.film.format == "drawing")]
        self.places, self.notice, left = [], "", 0
        for data in files:
            if is_zip(data):
                self._take_archive(data)
            elif len(self._dropped) < MOST_FILMS:
                self.places.append(Place(DroppedFile(data)))
            else:
                left += 1
        self.places += [Place(refusal=refusal) for refusal in (*self.coming, *refusals)]
        self.coming = []
        kept = [place for place in before if isinstance(place.source, ZippedFilm)]
        room = MOST_FILMS - len(self._dropped)
        kept += [place for place in before if place not in kept][-room:] if room else []
        if left or len(kept) < len(before):
            self.notice = (TOO_MANY if left else MADE_ROOM).format(most=MOST_FILMS, left=left)
        kept.sort(key=before.index)
        self.places = kept + self.places
        self.turn(min(len(kept), len(self.places) - 1))

    @property
    def _dropped(self) -> list[Place]:
        """Films that cannot be decoded again."""
        return [place for place in self.places if not isinstance(place.source, ZippedFilm) and not place.refusal]

    def _take_archive(self, data: bytes) -> None:
        try:
            found = open_zip(data)
        except (SecondLookError, MemoryError) as error:
            self.places.append(Place(refusal=str(error) or "The archive does not fit into the free memory."))
            return
        self.passed_over += found.passed_over
        self.places += [Place(film) for film in found.films]

    def put(self, film: Film) -> None:
        """Put a film on screen that came from no file."""
        self.places = [*(place for place in self.places if not place.refusal), Place(film=film)]
        self.turn(len(self.places) - 1)

    def turn(self, at: int) -> None:
        """Put another film on screen."""
        if self.current is not None and self.at < len(self.places):
            self.places[self.at].put_away()
        self.at = max(0, min(at, len(self.places) - 1))
        if self.current is not None:
            self.current.develop()
            self.current.opened = _opened()
        packed = [place for place in self.places if place.film is not None and isinstance(place.source, ZippedFilm)]
        for place in sorted(packed, key=lambda place: place.opened)[:-MOST_FILMS]:
            if place is not self.current:
                place.close()

    def remove(self) -> None:
        """Forget the film on screen."""
        self.places.pop(self.at).put_away()
        if self.has_films:
            self.turn(self.at)
        else:
            self.clear()

    def clear(self) -> None:
        """Forget all films."""
        for place in self.places:
            place.put_away()
        self.places, self.at, self.passed_over, self.notice = [], 0, 0, ""

    @property
    def has_films(self) -> bool:
        """Whether there is anything to look at."""
        return any(not place.refusal for place in self.places)

    @property
    def waiting(self) -> list[Place]:
        """Films whose thumbnail is still to be made."""
        return [place for place in self.places if place.waits] if len(self.places) <= MOST_THUMBNAILS else []

    def entries(self) -> list[StripEntry]:
        """Return what the strip shows."""
        return [place.entry(number) for number, place in enumerate(self.places, 1)]
