"""How a DICOM file is told from others. Imports nothing, so that the other kinds of film need not wait for pydicom."""

import struct

DICOM_VERSION = 2
"""Of how DICOM files are read. Raise it with every change that makes another picture of one: DICOM films that were prepared before are
then prepared anew, and those of other kinds are not."""

PREAMBLE_BYTES = 132
"""Of the preamble and the letters after it."""


def has_preamble(data: bytes) -> bool:
    """Whether the file starts as the standard wants it (PS3.10, section 7.1)."""
    return data[128:PREAMBLE_BYTES] == b"DICM"


def looks_like_dicom(data: bytes) -> bool:
    """Whether this is a DICOM file, with its preamble or (as some archives write them) without.

    Without, a data set starts with group 2 or 8, in either byte order, and a VR or a sensible length follows.
    """
    if has_preamble(data):
        return True
    if len(data) < 16:
        return False
    for order in "<>":
        group, number, length = struct.unpack(order + "HHI", data[:8])
        if group in (2, 8) and number <= 0x0100 and (has_vr(data, 0) or length <= 2**16):
            return True
    return False


def has_vr(data: bytes, at: int) -> bool:
    """Whether two capital letters stand where an element's explicit VR would; as a length they would mean 16 kB and more."""
    vr = data[at + 4 : at + 6]
    return len(vr) == 2 and all(65 <= letter <= 90 for letter in vr)
