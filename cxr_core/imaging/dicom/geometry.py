"""What a DICOM header says of the extent of a film's pixels."""

from cxr_core.imaging.dicom.values import Values, words
from cxr_core.imaging.square import MAX_RATIO, Pixel

_MAX_SPACING_MM = 10.0


def read_pixel(header: Values) -> Pixel | None:
    """Read the extent of a pixel; what makes no sense counts as absent, for the picture is sound without it.

    References
    ----------
    PS3.3, sections 10.7.1.3 "Pixel Spacing Value Order and Valid Values" and C.7.6.3.1.7 "Pixel Aspect Ratio".
    """
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio"):
        if not header.text(keyword):
            continue
        pair = header.pair(keyword)
        in_mm = keyword != "PixelAspectRatio"
        if pair is not None and min(pair) > 0 and max(pair) <= MAX_RATIO * min(pair) and not (in_mm and max(pair) > _MAX_SPACING_MM):
            return Pixel(*pair, in_mm)
        header.is_faulty(words(keyword))
    return None
