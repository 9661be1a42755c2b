"""The door through which a DICOM file comes in: only what is technical passes, and nothing is read that is not bounded.

pydicom makes an object of some kilobyte of every item of every sequence that it passes, wanted or not: 50 MB of empty items would take
gigabytes. So the elements are counted and skipped here, and pydicom gets a small data set made of the technical ones alone. What says
who the patient is never comes further than this, whichever tag it stands in.
"""

import struct
import zlib
from dataclasses import dataclass

from pydicom.datadict import tag_for_keyword

from cxr_core.imaging.dicom.signature import PREAMBLE_BYTES, has_preamble, has_vr
from cxr_core.imaging.errors import InconsistentHeaderError, TruncatedImageError

TECHNICAL = frozenset(
    tag_for_keyword(keyword)
    for keyword in (
        "Modality",
        "PresentationIntentType",
        "ImagerPixelSpacing",
        "NominalScannedPixelSpacing",
        "BodyPartExamined",
        "ViewPosition",
        "PatientOrientation",
        "Laterality",
        "ImageLaterality",
        "SamplesPerPixel",
        "PhotometricInterpretation",
        "NumberOfFrames",
        "Rows",
        "Columns",
        "PixelSpacing",
        "PixelAspectRatio",
        "BitsAllocated",
        "BitsStored",
        "HighBit",
        "PixelRepresentation",
        "PixelPaddingValue",
        "PixelPaddingRangeLimit",
        "BurnedInAnnotation",
        "WindowCenter",
        "WindowWidth",
        "WindowCenterWidthExplanation",
        "VOILUTFunction",
        "PresentationLUTShape",
        "RescaleIntercept",
        "RescaleSlope",
        "RescaleType",
        # in the items of the sequences below
        "LUTDescriptor",
        "LUTData",
        "LUTExplanation",
        "CodeValue",
        "CodingSchemeDesignator",
    )
)
SEQUENCES = frozenset(tag_for_keyword(keyword) for keyword in ("ModalityLUTSequence", "VOILUTSequence", "ViewCodeSequence"))
"""The sequences that pass, with the first `MAX_ITEMS` of their items each."""

MAX_ITEMS = 8
"""Of a sequence, such as VOI tables to choose from."""

MAX_ELEMENTS = 50_000
"""Elements and items that are looked at, skipped ones included; a film of a hospital has some hundreds."""
MAX_DEPTH = 32
MAX_VALUE_BYTES = 2**18
"""Longest technical value: a table of 65,536 entries of 16 bits, twice."""
MAX_DEFLATED_HEADER = 16 * 2**20
"""What is inflated to find the pixels."""

_TRANSFER_SYNTAX = 0x00020010
_PIXEL_DATA = {0x7FE00008, 0x7FE00009, 0x7FE00010}
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_UNDEFINED = 0xFFFFFFFF
_LONG_VRS = {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}

_ENDS_EARLY = "The DICOM file is damaged or ends too early. Copy or export the film again."
_MAZE = "The header of the DICOM file holds too many elements to be that of a film. Export the film again."


@dataclass(frozen=True)
class Element:
    """Where an element stands: its tag, its VR (empty if implicit), and the offset and length (None: undefined) of its value."""

    tag: int
    vr: bytes
    start: int
    length: int | None


def find_transfer_syntax(data: bytes) -> tuple[str, int]:
    """Read the file meta information.

    Returns
    -------
    str
        The UID of the transfer syntax; empty if the file gives none.
    int
        Where the data set starts.
    """
    at = PREAMBLE_BYTES if has_preamble(data) else 0
    walk = _Walk(data, "<")
    syntax = b""
    while data[at : at + 2] == b"\x02\x00":
        element = walk.element(at, implicit=not has_vr(data, at))
        if element.length is None:
            raise TruncatedImageError(_ENDS_EARLY)
        at = walk.end_of(element)
        if element.tag == _TRANSFER_SYNTAX:
            syntax = data[element.start : min(at, element.start + 64)]  # a UID has no more characters
    return syntax.decode("ascii", "replace").strip(" \0"), at


def is_big_endian(data: bytes, start: int) -> bool:
    """Guess the byte order of a data set whose transfer syntax is not given: its first group is a low number."""
    return data[start : start + 1] == b"\0"


def inflate(data: bytes, start: int, most: int) -> bytes:
    """Unpack a deflated data set, and no more of it than `most` bytes."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacked = stream.decompress(memoryview(data)[start:], most)
        stream.decompress(stream.unconsumed_tail, MAX_VALUE_BYTES)  # so that its end is found if it is near
    except zlib.error:
        raise TruncatedImageError(_ENDS_EARLY) from None
    if not stream.eof and not stream.unconsumed_tail:
        raise TruncatedImageError(_ENDS_EARLY)
    return unpacked


def technical_elements(data: bytes, start: int, big_endian: bool) -> tuple[bytes, Element | None]:
    """Go through a data set up to its pixels.

    Whether the VRs are explicit is seen from the data set itself, since files exist that declare it wrongly.

    Parameters
    ----------
    data : bytes
        The file or, if it is deflated, what it unpacks to.
    start : int
        Where the data set starts.
    big_endian : bool
        Byte order of the data set.

    Returns
    -------
    bytes
        A data set in implicit VR and the same byte order, with the elements of `TECHNICAL` and `SEQUENCES` and nothing else.
    Element or None
        The pixel data, whose length is not checked yet; None if there is none.

    Raises
    ------
    TruncatedImageError
        A length leads beyond the file's end, or the file ends inside an element.
    InconsistentHeaderError
        There is more in it than any film's header holds.
    """
    walk = _Walk(data, ">" if big_endian else "<")
    kept, _, pixels = walk.data_set(start, len(data), implicit=not has_vr(data, start), depth=0, keep=True)
    return kept, pixels


class _Walk:
    """Goes from element to element, and counts them."""

    def __init__(self, data: bytes, order: str) -> None:
        self.data = data
        self.order = order
        self.seen = 0

    def element(self, at: int, implicit: bool) -> Element:
        """Read the head of the element at an offset."""
        self.seen += 1
        if self.seen > MAX_ELEMENTS:
            raise InconsistentHeaderError(_MAZE)
        try:
            group, number, length = struct.unpack_from(self.order + "HHI", self.data, at)
            # Sequences in an explicit data set may be implicit inside; a VR that is no VR gives them away.
            if group == 0xFFFE or implicit or not has_vr(self.data, at):
                vr, start = b"", at + 8
            else:
                vr = self.data[at + 4 : at + 6]
                if vr in _LONG_VRS:
                    (length,), start = struct.unpack_from(self.order + "I", self.data, at + 8), at + 12
                else:
                    (length,), start = struct.unpack_from(self.order + "H", self.data, at + 6), at + 8
        except struct.error:
            raise TruncatedImageError(_ENDS_EARLY) from None
        return Element(group << 16 | number, vr, start, None if length == _UNDEFINED else length)

    def end_of(self, element: Element) -> int:
        """Return where the element of a defined length ends."""
        end = element.start + (element.length or 0)
        if end > len(self.data):
            raise TruncatedImageError(_ENDS_EARLY)
        return end

    def data_set(self, at: int, end: int, implicit: bool, depth: int, keep: bool) -> tuple[bytes, int, Element | None]:
        """Go through elements up to an offset, the end of an item, or pixel data; return what passes, where that is, and the pixels."""
        if depth > MAX_DEPTH:
            raise InconsistentHeaderError(_MAZE)
        kept: dict[int, bytes] = {}
        while at < end:
            element = self.element(at, implicit)
            if element.tag == _ITEM_END:
                return b"".join(kept.values()), element.start, None
            if depth == 0 and element.tag in _PIXEL_DATA:
                return b"".join(kept.values()), at, element
            passes = keep and (element.tag in SEQUENCES if depth == 0 else False)
            if passes or element.length is None:
                # Of undefined length: a sequence whatever it calls itself, and one called UN is implicit (PS3.5, section 6.2.2).
                item, at = self.sequence(element, implicit or element.vr in (b"", b"UN"), depth, passes)
                if passes:
                    kept.setdefault(element.tag, self._written(element.tag, item))
                continue
            at = self.end_of(element)
            if keep and element.tag in TECHNICAL:
                if element.length > MAX_VALUE_BYTES:
                    raise InconsistentHeaderError(_MAZE)
                kept.setdefault(element.tag, self._written(element.tag, self.data[element.start : at]))
        return b"".join(kept.values()), at, None

    def sequence(self, element: Element, implicit: bool, depth: int, keep: bool) -> tuple[bytes, int]:
        """Go through a sequence; return its first items, written anew if they are to be kept, and where the sequence ends."""
        at, first = element.start, list[bytes]()
        end = len(self.data) if element.length is None else self.end_of(element)
        while at < end:
            item = self.element(at, implicit)
            at = item.start
            if item.tag == _SEQUENCE_END:
                break
            if item.tag != _ITEM:
                raise TruncatedImageError(_ENDS_EARLY)
            wanted = keep and len(first) < MAX_ITEMS
            if item.length is None or wanted:
                inside = implicit or not has_vr(self.data, at)
                item_end = end if item.length is None else self.end_of(item)
                kept, at, _ = self.data_set(at, item_end, inside, depth + 1, wanted)
                if wanted:
                    first.append(self._written(_ITEM, kept))
            else:
                at = self.end_of(item)
        else:
            if element.length is None:
                raise TruncatedImageError(_ENDS_EARLY)
        return b"".join(first), at

    def _written(self, tag: int, value: bytes) -> bytes:
        return struct.pack(self.order + "HHI", tag >> 16, tag & 0xFFFF, len(value)) + value
