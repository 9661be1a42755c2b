"""The report of a read as data."""

import base64

from cxr_core.reporting.document import JPEG_URI, Pictures
from cxr_core.reporting.pictures import jpeg_bytes
from cxr_core.reporting.report import ReadReport


def report_json(report: ReadReport) -> bytes:
    """Write a report as JSON, with film and overlay as the page has them.

    Parameters
    ----------
    report : ReadReport
        The report.

    Returns
    -------
    bytes
        UTF-8, indented, keys in the order of `ReadDocument`, which reads it back; what is None is left out. The pictures are data URIs of
        JPEGs, no longer than `PICTURE_SIDE` a side.
    """
    overlaid = None if report.overlaid is None else _uri(jpeg_bytes(report.overlaid))
    pictures = Pictures(film=_uri(jpeg_bytes(report.picture)), overlaid=overlaid)
    document = report.document().model_copy(update={"pictures": pictures})
    return (document.model_dump_json(indent=2, exclude_none=True) + "\n").encode()


def _uri(jpeg: bytes) -> str:
    return JPEG_URI + base64.b64encode(jpeg).decode()
