"""What the header of a DICOM file says of the picture, checked. No text of the file leaves this module but a handful of defined terms."""

import io
import logging
import re
import warnings
from dataclasses import dataclass

from pydicom.filereader import read_dataset

from cxr_core.imaging.bounds import check_size
from cxr_core.imaging.dicom.geometry import read_pixel
from cxr_core.imaging.dicom.terms import (
    AXES,
    BODY_PARTS,
    DIRECTIONS,
    FILM_MODALITIES,
    LATERALITIES,
    OTHER_MODALITIES,
    UNITS,
    VIEW_CODES,
    VIEW_WORDS,
)
from cxr_core.imaging.dicom.values import SENSELESS, Values
from cxr_core.imaging.dicom.voi import Table, Window, modality_table, voi_tables, windows
from cxr_core.imaging.doubt import Doubt
from cxr_core.imaging.errors import (
    InconsistentHeaderError,
    MultiFrameError,
    NoPixelDataError,
    UnsupportedImageError,
    WrongModalityError,
)
from cxr_core.imaging.square import Pixel

# pydicom warns of values that break a rule, and says which. It only ever gets technical ones from here; those are nobody's business either.
logging.getLogger("pydicom").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", module=r"pydicom\b")

_MIN_BITS = 6
"""Of a sample of digital radiography, as PS3.3, section C.8.11.3, allows them."""

SEVERAL_FRAMES = "The DICOM file holds several frames. Choose a file with one film."


@dataclass(frozen=True, eq=False)
class Header:
    """The technical part of a DICOM header, of which every value has been checked.

    `inverted` says why black and white are exchanged, and is empty if they are not; `padding` has unsigned numbers; `told` says what
    counts as absent, in short phrases for the user.
    """

    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    inverted: str
    padding: tuple[int, ...]
    slope: float
    intercept: float
    unit: str
    modality_table: Table | None
    voi_tables: list[Table]
    windows: list[Window]
    pixel: Pixel | None
    view: str | None
    laterality: str | None
    orientation: str | None
    body_part: str | None
    burned_in: bool
    told: list[str]


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
    header = Values(read_dataset(io.BytesIO(technical), is_implicit_VR=True, is_little_endian=not big_endian), [], [])
    _check_kind(header, has_pixels)
    inverted = _inverted(header)
    rows, columns = header.integer("Rows"), header.integer("Columns")
    check_size(columns, rows)
    allocated, stored, high_bit = _bits(header)
    slope, intercept = _rescaling(header)
    return Header(
        rows=rows,
        columns=columns,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high_bit,
        signed=header.integer("PixelRepresentation", 0) == 1,
        inverted=inverted,
        padding=_padding(header),
        slope=slope,
        intercept=intercept,
        unit=UNITS.get(header.text("RescaleType"), ""),
        modality_table=modality_table(header),
        voi_tables=voi_tables(header),
        windows=windows(header),
        pixel=read_pixel(header),
        view=_view(header),
        laterality=header.term("ImageLaterality", LATERALITIES) or header.term("Laterality", LATERALITIES),
        orientation=_orientation(header),
        body_part=BODY_PARTS.get(header.text("BodyPartExamined")),
        burned_in=header.text("BurnedInAnnotation") == "YES",
        told=_told(header),
    )


def _check_kind(header: Values, has_pixels: bool) -> None:
    """Refuse what is no single plain X-ray that is ready to look at."""
    modality = header.text("Modality")
    if modality and not set(modality.split("\\")).issubset(FILM_MODALITIES):
        kind = OTHER_MODALITIES.get(modality, "of another kind")
        raise WrongModalityError(f"The DICOM file is {kind}, not a plain X-ray. Choose a chest film (CR, DX or CXR).")
    if not has_pixels:
        raise NoPixelDataError("The DICOM file holds no picture. Choose the file of the film itself.")
    if not modality:
        raise WrongModalityError("The DICOM file does not say what kind of picture it holds. Choose a chest film (CR, DX or CXR).")
    if header.text("PresentationIntentType") == "FOR PROCESSING":
        raise WrongModalityError(
            "The DICOM file holds the detector's raw picture (for processing). Choose the one for presentation, which is what one looks at."
        )
    frames = (header.decimals("NumberOfFrames") or [None])[0]
    if frames is not None and frames > 1:
        raise MultiFrameError(SEVERAL_FRAMES)


def _inverted(header: Values) -> str:
    """Say why black and white are exchanged; empty if they are not."""
    photometric = re.sub(r"[\s_-]", "", header.text("PhotometricInterpretation"))
    if header.integer("SamplesPerPixel", 1) != 1 or photometric not in ("MONOCHROME1", "MONOCHROME2"):
        raise UnsupportedImageError("The DICOM file is in colour or does not say how its greys are meant. Export the film as PNG.")
    if photometric == "MONOCHROME1":
        return "MONOCHROME1 inverted"
    # The shape comes last in the standard's order and so has the last word; a viewer that follows it shows the film like this. Some
    # machines write it wrongly: then the film looks inverted here as well, the facts tell of it, and the input gate sees it.
    return "inverted as Presentation LUT Shape INVERSE says, though MONOCHROME2" if header.text("PresentationLUTShape") == "INVERSE" else ""


def _bits(header: Values) -> tuple[int, int, int]:
    """Read bits allocated, bits stored and high bit."""
    allocated, stored = header.integer("BitsAllocated"), header.integer("BitsStored")
    high_bit = header.integer("HighBit", stored - 1)
    if allocated not in (8, 16):
        raise UnsupportedImageError("The DICOM file has samples of other than 8 or 16 bits. Export the film as PNG.")
    if not _MIN_BITS <= stored <= allocated:
        raise InconsistentHeaderError(SENSELESS.format(what="bits of a sample"))
    if not stored - 1 <= high_bit < allocated:
        header.notes.append(Doubt("high bit makes no sense: samples read from the lowest bits"))
        high_bit = stored - 1
    return allocated, stored, high_bit


def _rescaling(header: Values) -> tuple[float, float]:
    """Read slope and intercept, which go together: if one of them makes no sense, neither counts."""
    slope, intercept = (
        (header.decimals(keyword) or [default])[0] for keyword, default in (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0))
    )
    # Beyond these, numbers lose the whole of a sample's precision; 0 would make every pixel the same.
    if slope is not None and intercept is not None and 1e-9 < abs(slope) < 1e9 and abs(intercept) < 1e12:
        return slope, intercept
    header.is_faulty("rescale slope")
    return 1.0, 0.0


def _told(header: Values) -> list[str]:
    faults = [f"in the file, but cannot be read and so left out: {', '.join(header.faults)}"] if header.faults else []
    return faults + header.notes


def _padding(header: Values) -> tuple[int, ...]:
    """Read which stored values fill up what is no film: one of them, or the two ends of a range; as unsigned numbers."""
    value = header.integers("PixelPaddingValue")[:1]
    return (*value, *header.integers("PixelPaddingRangeLimit")[:1]) if value else ()


def _view(header: Values) -> str | None:
    """Read the view from its name or, as digital radiography gives it, from its code."""
    view = VIEW_WORDS.get(" ".join(re.split(r"[\s_-]+", header.text("ViewPosition"))))
    for item in header.items("ViewCodeSequence")[:1]:
        scheme = item.text("CodingSchemeDesignator")
        view = view or VIEW_CODES.get(("SRT" if scheme == "SNM3" else scheme, item.text("CodeValue")))  # SNM3: its name before 2003
    return view


def _orientation(header: Values) -> str | None:
    """Read where rows and columns run to, the main direction of each; values that are no such directions count as absent."""
    written = header.raw("PatientOrientation").decode("ascii", "replace")  # in small letters other codes are written
    directions = [value.strip(" \0") for value in written.split("\\")]
    if len(directions) != 2 or not DIRECTIONS.issuperset(directions):
        return None
    row, column = (direction[0] for direction in directions)
    # A picture cannot run along one axis of the body both ways.
    return None if any(row in axis and column in axis for axis in AXES) else f"{row}\\{column}"
