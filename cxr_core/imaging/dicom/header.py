"""What the header of a DICOM file says of the picture, checked. No text of the file leaves this module but a handful of defined terms."""

import io
import logging
import math
import re
import warnings
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from cxr_core.imaging.bounds import check_size
from cxr_core.imaging.dicom.terms import (
    AXES,
    BODY_PARTS,
    DIRECTIONS,
    FILM_MODALITIES,
    LATERALITIES,
    OTHER_MODALITIES,
    VIEW_CODES,
    VIEW_WORDS,
)
from cxr_core.imaging.errors import (
    InconsistentHeaderError,
    MultiFrameError,
    NoPixelDataError,
    UnsupportedImageError,
    WrongModalityError,
)

# pydicom warns of values that break a rule, and says which. It only ever gets technical ones from here; those are nobody's business either.
logging.getLogger("pydicom").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", module=r"pydicom\b")

_MAX_SPACING_MM = 10.0

SEVERAL_FRAMES = "The DICOM file holds several frames. Choose a file with one film."
_SENSELESS = "The header of the DICOM file makes no sense ({what}). Export the film again, or as PNG."


@dataclass(frozen=True, eq=False)
class Table:
    """A look-up table: what `first` and the integers after it become; values before and after it become the first and last entry."""

    first: int
    entries: np.ndarray
    bits: int


@dataclass(frozen=True)
class Window:
    """A window: its centre, its width, which of the standard's functions it is, and how many the file offers."""

    centre: float
    width: float
    function: str
    offered: int


@dataclass(frozen=True, eq=False)
class Header:
    """The technical part of a DICOM header, of which every value has been checked."""

    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    inverted: bool
    padding: tuple[int, int] | None
    slope: float
    intercept: float
    modality_table: Table | None
    voi_table: Table | None
    window: Window | None
    pixel_spacing: tuple[float, float] | None
    view: str | None
    laterality: str | None
    orientation: str | None
    body_part: str | None
    burned_in: bool


def read_header(technical: bytes, big_endian: bool, has_pixels: bool) -> Header:
    """Read the technical elements and check that a film can be made of them.

    Parameters
    ----------
    technical : bytes
        From `technical_elements`.
    big_endian : bool
        Their byte order.
    has_pixels : bool
        Whether the file has pixel data.

    Returns
    -------
    Header
        The header.

    Raises
    ------
    WrongModalityError, NoPixelDataError, MultiFrameError, UnsupportedImageError
        It is no film, or none that is read here.
    ImageTooLargeError, ImageTooSmallError
        A bound is broken.
    InconsistentHeaderError
        A value that is needed is missing or makes no sense.
    """
    header = read_dataset(io.BytesIO(technical), is_implicit_VR=True, is_little_endian=not big_endian)
    modality = _text(header, "Modality")
    if modality not in ("", *FILM_MODALITIES):
        kind = OTHER_MODALITIES.get(modality, "of another kind")
        raise WrongModalityError(f"The DICOM file is {kind}, not a plain X-ray. Choose a chest film (CR, DX or CXR).")
    if not has_pixels:
        raise NoPixelDataError("The DICOM file holds no picture. Choose the file of the film itself.")
    if not modality:
        raise WrongModalityError("The DICOM file does not say what kind of picture it holds. Choose a chest film (CR, DX or CXR).")
    if _text(header, "PresentationIntentType") == "FOR PROCESSING":
        raise WrongModalityError(
            "The DICOM file holds the detector's raw picture (for processing). Choose the one for presentation, which is what one looks at."
        )
    frames = _decimals(header, "NumberOfFrames") or [1.0]
    if frames[0] > 1:
        raise MultiFrameError(SEVERAL_FRAMES)
    samples = _integer(header, "SamplesPerPixel", 1)
    photometric = _text(header, "PhotometricInterpretation")
    if samples != 1 or photometric not in ("MONOCHROME1", "MONOCHROME2"):
        raise UnsupportedImageError("The DICOM file is in colour or does not say how its greys are meant. Export the film as PNG.")
    rows, columns = _integer(header, "Rows"), _integer(header, "Columns")
    check_size(columns, rows)
    allocated, stored = _integer(header, "BitsAllocated"), _integer(header, "BitsStored")
    high_bit = _integer(header, "HighBit", stored - 1)
    if allocated not in (8, 16):
        raise UnsupportedImageError("The DICOM file has samples of other than 8 or 16 bits. Export the film as PNG.")
    if not (8 <= stored <= allocated and stored - 1 <= high_bit < allocated):
        raise InconsistentHeaderError(_SENSELESS.format(what="bits of a sample"))
    signed = _integer(header, "PixelRepresentation", 0) == 1
    slope, intercept = _first(header, "RescaleSlope", 1.0), _first(header, "RescaleIntercept", 0.0)
    # Beyond these, numbers lose the whole of a sample's precision; 0 would make every pixel the same.
    if not (1e-9 < abs(slope) < 1e9 and abs(intercept) < 1e12):
        raise InconsistentHeaderError(_SENSELESS.format(what="rescaling"))
    return Header(
        rows=rows,
        columns=columns,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high_bit,
        signed=signed,
        inverted=photometric == "MONOCHROME1",
        padding=_padding(header, signed),
        slope=slope,
        intercept=intercept,
        modality_table=_table(header, "ModalityLUTSequence", signed),
        # The table is looked up by what the modality transform gives, which is signed as soon as that has made it so.
        voi_table=_table(header, "VOILUTSequence", signed or intercept < 0),
        window=_window(header),
        pixel_spacing=_spacing(header),
        view=_view(header),
        laterality=_term(header, "ImageLaterality", LATERALITIES) or _term(header, "Laterality", LATERALITIES),
        orientation=_orientation(header),
        body_part=BODY_PARTS.get(_text(header, "BodyPartExamined").upper()),
        burned_in=_text(header, "BurnedInAnnotation") == "YES",
    )


def _raw(header: Dataset, keyword: str) -> bytes:
    """Return a value's bytes as they stand in the file; pydicom's own conversion would quote them where it warns."""
    if keyword not in header:
        return b""
    value = header.get_item(keyword).value
    return value if isinstance(value, bytes) else b""


def _text(header: Dataset, keyword: str) -> str:
    return _raw(header, keyword).decode("ascii", "replace").strip(" \0")


def _term(header: Dataset, keyword: str, known: set[str]) -> str | None:
    term = _text(header, keyword)
    return term if term in known else None


def _decimals(header: Dataset, keyword: str) -> list[float]:
    """Read a text of numbers; empty if there is none."""
    text = _text(header, keyword)
    try:
        numbers = [float(part) for part in text.split("\\")] if text else []
    except ValueError:
        numbers = [math.nan]
    if not all(map(math.isfinite, numbers)):
        raise InconsistentHeaderError(_SENSELESS.format(what=_words(keyword)))
    return numbers


def _first(header: Dataset, keyword: str, default: float) -> float:
    return (_decimals(header, keyword) or [default])[0]


def _integers(header: Dataset, keyword: str) -> list[int]:
    """Read binary numbers of 16 bits as unsigned ones; empty if there are none."""
    order = "<" if header.original_encoding[1] else ">"
    raw = _raw(header, keyword)
    return np.frombuffer(raw[: len(raw) // 2 * 2], order + "u2").tolist()


def _integer(header: Dataset, keyword: str, default: int | None = None) -> int:
    numbers = _integers(header, keyword)
    if numbers:
        return numbers[0]
    if default is None:
        raise InconsistentHeaderError(_SENSELESS.format(what=f"no {_words(keyword)}"))
    return default


def _words(keyword: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in keyword).strip()


def _as_signed(number: int) -> int:
    return number - 2**16 if number >= 2**15 else number


def _padding(header: Dataset, signed: bool) -> tuple[int, int] | None:
    """Read which stored values fill up what is no film, from lowest to highest."""
    ends = [*_integers(header, "PixelPaddingValue")[:1], *_integers(header, "PixelPaddingRangeLimit")[:1]]
    if not _integers(header, "PixelPaddingValue"):
        return None
    if signed:
        ends = [_as_signed(end) for end in ends]
    return min(ends), max(ends)


def _item(header: Dataset, keyword: str) -> Dataset | None:
    sequence = header.get(keyword)
    return sequence[0] if sequence else None


def _table(header: Dataset, keyword: str, signed: bool) -> Table | None:
    item = _item(header, keyword)
    if item is None:
        return None
    descriptor, raw = _integers(item, "LUTDescriptor"), _raw(item, "LUTData")
    if len(descriptor) != 3 or not 8 <= descriptor[2] <= 16:
        raise InconsistentHeaderError(_SENSELESS.format(what="look-up table"))
    length, first, bits = descriptor[0] or 2**16, descriptor[1], descriptor[2]
    # Entries of 8 bits may stand one in each byte.
    entries = np.frombuffer(raw[:length], np.uint8) if bits == 8 and len(raw) < 2 * length else np.array(_integers(item, "LUTData"))
    if len(entries) < length:
        raise InconsistentHeaderError(_SENSELESS.format(what="look-up table"))
    return Table(_as_signed(first) if signed else first, entries[:length].astype(np.float64), bits)


def _window(header: Dataset) -> Window | None:
    centres, widths = _decimals(header, "WindowCenter"), _decimals(header, "WindowWidth")
    if not centres or not widths:
        return None
    function = _text(header, "VOILUTFunction")
    if function not in ("LINEAR_EXACT", "SIGMOID"):
        function = "LINEAR"
    if widths[0] < (1 if function == "LINEAR" else 1e-9):
        return None  # such as a width of 0, which some machines write; the film is sound without it
    return Window(centres[0], widths[0], function, min(len(centres), len(widths)))


def _spacing(header: Dataset) -> tuple[float, float] | None:
    """Read the spacing; one that makes no sense counts as absent, for the picture is sound without it."""
    for keyword in ("PixelSpacing", "ImagerPixelSpacing"):
        try:
            spacing = _decimals(header, keyword)
        except InconsistentHeaderError:
            continue
        if len(spacing) == 2 and all(0 < distance <= _MAX_SPACING_MM for distance in spacing):
            return spacing[0], spacing[1]
    return None


def _view(header: Dataset) -> str | None:
    """Read the view from its name or, as digital radiography gives it, from its code."""
    view = VIEW_WORDS.get(" ".join(re.split(r"[\s_-]+", _text(header, "ViewPosition").upper())))
    item = _item(header, "ViewCodeSequence")
    if view is None and item is not None:
        scheme = _text(item, "CodingSchemeDesignator")
        view = VIEW_CODES.get(("SRT" if scheme == "SNM3" else scheme, _text(item, "CodeValue")))  # SNM3: its name before 2003
    return view


def _orientation(header: Dataset) -> str | None:
    """Read where rows and columns run to, the main direction of each; values that are no such directions count as absent."""
    directions = [value.strip(" ") for value in _text(header, "PatientOrientation").split("\\")]
    if len(directions) != 2 or not DIRECTIONS.issuperset(directions):
        return None
    row, column = (direction[0] for direction in directions)
    # A picture cannot run along one axis of the body both ways.
    return None if any(row in axis and column in axis for axis in AXES) else f"{row}\\{column}"
