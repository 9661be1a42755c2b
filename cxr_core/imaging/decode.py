"""From a file's bytes to a film. The header is read and bounded before a single pixel is decoded."""

import io

import cv2
import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from cxr_core.imaging.bounds import MAX_FILE_BYTES, TOO_LARGE, check_contrast, check_size, sparse
from cxr_core.imaging.colour import Colour, measure_colour
from cxr_core.imaging.density import ORIENTATION, declared_pixel, exif_value
from cxr_core.imaging.dicom.signature import looks_like_dicom
from cxr_core.imaging.errors import (
    AnimatedImageError,
    ImageError,
    ImageTooLargeError,
    NotAnImageError,
    TruncatedImageError,
)
from cxr_core.imaging.film import Film
from cxr_core.imaging.foreign import refusal_of_foreign_bytes
from cxr_core.imaging.jpeg import check_kind, check_whole
from cxr_core.imaging.png_chunks import declared_density, declared_size, pixels_are_sound, without_needless_chunks
from cxr_core.imaging.square import squared

_TURNS: dict[float | None, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns an image upright, by EXIF orientation. `PIL.ImageOps.exif_transpose` also writes the block anew, and fails on broken ones."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"

_DAMAGED = "The image is damaged or ends too early. Copy or export the film again."


def decode_film(data: bytes) -> Film:
    """Read a PNG, JPEG or DICOM file into a film.

    Of PNG and JPEG, grey, RGB, RGBA and palette images of 1 to 16 bits and CMYK JPEGs are read; colour becomes luminance (ITU-R BT.601),
    transparent pixels become black, an EXIF orientation is applied, and pixels that are not square are made so.
    Of DICOM, plain X-rays of one frame are read, as `cxr_core.imaging.dicom` says.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Film
        The film at its native resolution, upright.

    Raises
    ------
    NotAnImageError, UnsupportedImageError
        The bytes are no image, or one of another kind.
    ImageTooLargeError, ImageTooSmallError, AnimatedImageError
        A bound is broken; known from the header, before pixels are decoded.
    TruncatedImageError
        The pixels end early or are damaged; whatever a decoder library raises on them comes out as this, but for a `MemoryError`.
    BlankImageError
        The film has no contrast.
    NoPixelDataError, WrongModalityError, MultiFrameError, InconsistentHeaderError, UnsupportedTransferSyntaxError
        A DICOM file holds something else than a film, is out of joint, or is packed in a way that is not read.
    """
    if len(data) > MAX_FILE_BYTES:
        raise ImageTooLargeError(TOO_LARGE)
    density = None
    if data.startswith(_PNG):
        size = declared_size(data)
        if size is not None:  # refused at once, whatever else the file holds; checked again below, for it may have a second header
            check_size(*size)
        density = declared_density(data)
        data = without_needless_chunks(data)
    elif not data.startswith(_JPEG) and looks_like_dicom(data):
        from cxr_core.imaging.dicom.decode import decode_dicom  # pydicom takes a while to import

        return decode_dicom(data)
    image = _open(data)
    check_size(*image.size)
    if getattr(image, "is_animated", False):
        raise AnimatedImageError("The file holds several pictures. Export the one film to be read as a single PNG or JPEG.")
    try:
        samples, full_scale, steps, colour = _samples(image, data)
        pixel = declared_pixel(image, density, steps)
    except (ImageError, MemoryError):
        raise
    except Exception as error:  # damaged pixels surface as OSError, SyntaxError, ValueError, zlib.error, cv2.error ...
        raise TruncatedImageError(_DAMAGED) from error
    pixels = (samples.astype(np.float32) / np.float32(full_scale)).clip(0.0, 1.0)
    bit_depth = 16 if full_scale > 255 else 8
    check_contrast(sparse(pixels), bit_depth)
    pixels, _ = squared(pixels, pixel, steps)
    return Film(np.ascontiguousarray(pixels), bit_depth, str(image.format), tuple(steps), colour=colour)


def _open(data: bytes) -> PngImageFile | JpegImageFile:
    """Read the header alone. The plug-in classes are used directly so that no other format's parser sees the bytes."""
    plugin: type[PngImageFile] | type[JpegImageFile]
    if data.startswith(_PNG):
        plugin = PngImageFile
    elif data.startswith(_JPEG):
        check_kind(data)
        plugin = JpegImageFile
    else:
        raise refusal_of_foreign_bytes(data)
    try:
        return plugin(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:  # Pillow raises a dozen kinds on hostile headers; all mean the same to the user
        raise NotAnImageError(f"The file starts like a {plugin.format} image but its header is damaged. Export the film again.") from error


def _samples(image: PngImageFile | JpegImageFile, data: bytes) -> tuple[np.ndarray, int, list[str], Colour | None]:
    """Decode to one grey plane: samples (height, width), their full-scale value, the steps taken, and the colours that were there."""
    steps: list[str] = []
    image.load()
    if isinstance(image, JpegImageFile):
        check_whole(image, data)
    elif not pixels_are_sound(data):
        raise TruncatedImageError(_DAMAGED)
    if _is_deep_colour(image, data):
        # OpenCV will decode it, and allocates whatever length a damaged chunk claims: check every chunk before.
        PngImageFile(io.BytesIO(data)).verify()
    turn = _turn(image)
    upright: Image.Image = image
    if turn is not None:
        upright = image.transpose(turn)
        steps.append("turned upright as its EXIF orientation says")
    if image.mode in ("1", "L", "I;16", "I"):
        samples = np.asarray(upright.convert("L") if image.mode == "1" else upright)
        return _transparent_grey_made_black(samples, image, data, steps), 65535 if image.mode.startswith("I") else 255, steps, None
    if _is_deep_colour(image, data):
        deep = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if deep is None or deep.ndim != 3:
            raise TruncatedImageError(_DAMAGED)
        return _deep_colour_to_grey(deep, turn, steps), 65535, steps, measure_colour(deep[..., :3], 65535)
    if upright.mode != "LA":
        steps.append({"P": "palette", "CMYK": "CMYK"}.get(upright.mode, "colour") + " turned into grey")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        if np.asarray(upright.getchannel("A")).min() < 255:
            steps.append("transparent pixels made black")
            upright = Image.alpha_composite(Image.new("RGBA", upright.size, (0, 0, 0, 255)), upright)
    upright = upright.convert("RGB")
    return np.asarray(upright.convert("L")), 255, steps, measure_colour(np.asarray(upright), 255)


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Find what turns a loaded image upright; None if it is."""
    return _TURNS.get(exif_value(image, ORIENTATION))


def _is_deep_colour(image: Image.Image, data: bytes) -> bool:
    """Whether this is colour, or grey with alpha, of 16 bits a sample: Pillow halves that to 8 bits, OpenCV keeps it."""
    return image.format == "PNG" and data[24] == 16 and image.mode not in ("1", "L", "I;16", "I")


def _transparent_grey_made_black(samples: np.ndarray, image: Image.Image, data: bytes, steps: list[str]) -> np.ndarray:
    """Blacken the one grey that a PNG without an alpha channel may declare transparent."""
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return samples
    bits = data[24]
    # Of the key only as many bits count as a sample has (PNG, section 11.3.1.1). Samples of fewer than 8 were stretched to 8, it was not.
    clear = samples == (key & 2**bits - 1) * {1: 255, 2: 85, 4: 17}.get(bits, 1)
    if not clear.any():
        return samples
    steps.append("transparent pixels made black")
    return np.where(clear, samples.dtype.type(0), samples)


def _deep_colour_to_grey(samples: np.ndarray, turn: Image.Transpose | None, steps: list[str]) -> np.ndarray:
    steps.append("16-bit colour turned into grey")
    grey = cv2.cvtColor(np.ascontiguousarray(samples[..., :3]), cv2.COLOR_BGR2GRAY)
    if samples.shape[2] == 4 and samples[..., 3].min() < 65535:
        steps.append("transparent pixels made black")
        grey = (grey.astype(np.float32) * (samples[..., 3].astype(np.float32) / 65535)).round().astype(np.uint16)
    return grey if turn is None else np.asarray(Image.fromarray(grey).transpose(turn))
