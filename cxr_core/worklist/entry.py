"""A film of a worklist: where it is decoded from, and the little that is kept of its read."""

import base64
import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import cv2
import numpy as np

from cxr_core.imaging import Film, Placement, display_grey, load_film
from cxr_core.lungs import LungFields
from cxr_core.reading import Read
from cxr_core.reporting import FilmFacts, Opinion
from cxr_core.saliency import share_inside
from cxr_core.worklist.sources import Source

THUMBNAIL_SIDE: Final = 96
THUMBNAIL_QUALITY: Final = 80

NO_LUNGS: Final = LungFields(np.zeros((1, 1, 2), np.float32), Placement(1, 0, 0, 1, 1))

State = Literal["waiting", "read", "warning", "refused", "broken"]


@dataclass(eq=False)
class Entry:
    """A film of a worklist.

    Attributes
    ----------
    number : int
        Its place, from 1: that in which it came or, of a folder, by name.
    source : Source, optional
        What it is decoded from, as often as it is opened; none where there is only an error.
    error : str
        Why it could not be read.
    read : Read, optional
        Its read, as the model was shipped, without maps, lungs and features: they take more memory than all else, and a film that is opened
        is read again.
    facts : FilmFacts, optional
        Technical facts, with the fingerprint.
    thumbnail : bytes
        A small JPEG.
    share : float, optional
        Of the map of its most probable class: how much lies inside the lungs.
    read_at : datetime, optional
        With its offset from UTC.
    opinion : Opinion, optional
        The reader's own.
    label : str
        What the reader called it.
    forced : bool
        Whether its read is to be shown though the input gate refused it.
    shown : bool
        Whether anybody was shown what the model says of it.
    """

    number: int
    source: Source | None = None
    error: str = ""
    read: Read | None = None
    facts: FilmFacts | None = None
    thumbnail: bytes = b""
    share: float | None = None
    read_at: datetime | None = None
    opinion: Opinion | None = None
    label: str = ""
    forced: bool = False
    shown: bool = False

    @property
    def state(self) -> State:
        """Whether it is read, and what the input gate says."""
        if self.read is None:
            return "broken" if self.error else "waiting"
        return self.read.gate.outcome

    @property
    def told(self) -> bool:
        """Whether there is a read of which the model's answer may be told: of a refused film only on request."""
        return self.read is not None and (self.forced or self.state != "refused")

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that name it by its pixels; "" until it was decoded."""
        return (self.facts.fingerprint if self.facts else None) or ""

    @property
    def name(self) -> str:
        """What it is called: its label, or else its fingerprint; "" until it was decoded."""
        return self.label or self.fingerprint

    @property
    def picture(self) -> str:
        """The thumbnail as a data URI; "" where there is none."""
        return f"data:image/jpeg;base64,{base64.b64encode(self.thumbnail).decode()}" if self.thumbnail else ""

    def load(self) -> Film:
        """Decode it.

        Raises
        ------
        ImageError
            The file cannot be read, or is no longer there.
        """
        assert self.source is not None
        return load_film(self.source)

    def take(self, film: Film, read: Read, read_at: datetime) -> None:
        """Keep what the table shows of a read."""
        share = None if read.lungs.doubt is not None else share_inside(read.maps[read.top_class], read.lung_mask)
        self.share = None if share is None or math.isnan(share) else share
        self.facts = FilmFacts.of(film)
        self.thumbnail = _jpeg(display_grey(film, THUMBNAIL_SIDE))
        self.error, self.read_at = "", read_at
        self.read = replace(read, maps={}, lungs=NO_LUNGS, features=np.empty(0, np.float32))


def _jpeg(picture: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, THUMBNAIL_QUALITY])[1].tobytes()
