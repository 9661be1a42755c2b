"""What a PNG or JPEG says of how densely it was sampled across and down: where the two differ, its pixels are not square."""

import warnings

from PIL import Image

from cxr_core.imaging.square import MAX_RATIO, Pixel

ORIENTATION = 0x0112
_RESOLUTIONS = 0x011A, 0x011B
"""EXIF tags: orientation, and X and Y resolution."""
_UNITS = {0, 1, 2}
"""Of JFIF: none, where only the ratio counts, inch and cm."""
_TURNED = {5, 6, 7, 8}
"""EXIF orientations by which rows become columns."""


def declared_pixel(image: Image.Image, physical: tuple[int, int] | None, steps: list[str]) -> Pixel | None:
    """Return the extent of the pixels of an upright picture, as a ratio.

    Parameters
    ----------
    image : PIL.Image.Image
        As it was decoded, not yet turned.
    physical : tuple of int, optional
        Pixels a unit across and down, as a PNG declares them.
    steps : list of str
        Takes what was left out.

    Returns
    -------
    Pixel or None
        None where nothing is declared, or what is makes no sense: the picture is sound without it.

    References
    ----------
    PNG Specification, section 11.3.4.3 "pHYs"; JFIF 1.02, "JFIF APP0 marker segment"; TIFF 6.0, tags 282 and 283.
    """
    jfif = image.info.get("jfif_density") if image.info.get("jfif_unit") in _UNITS else None
    across, down = physical or jfif or _by_exif(image) or (1, 1)
    if across == down:
        return None
    if not 0 < max(across, down) <= MAX_RATIO * min(across, down):
        steps.append("in the file, but cannot be read and so left out: pixel density")
        return None
    # A pixel is the higher the fewer of them there are down.
    return Pixel(down, across, False) if exif_value(image, ORIENTATION) in _TURNED else Pixel(across, down, False)


def exif_value(image: Image.Image, tag: int) -> float | None:
    """Return a number from a decoded picture's EXIF block; None if it is not there, or if the block is broken and so counts as absent."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(image.getexif()[tag])
    except Exception:  # a broken block raises SyntaxError, struct.error, TypeError ...; the pixels are sound
        return None


def _by_exif(image: Image.Image) -> tuple[float, float] | None:
    across, down = (exif_value(image, tag) for tag in _RESOLUTIONS)
    return None if across is None or down is None else (across, down)
