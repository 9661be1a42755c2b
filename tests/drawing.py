"""Small image files drawn in code: a PNG writer for every kind of PNG, JPEGs by Pillow, and ways to damage them."""

import io
import struct
import zlib

import cv2
import numpy as np
from PIL import Image

from cxr_core.imaging import Film, draw_phantom

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
ORIENTATION_TAG = 0x0112

_CHANNELS_OF_COLOUR_TYPE = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_COLOUR_TYPE_OF_CHANNELS = {1: 0, 2: 4, 3: 2, 4: 6}
_ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))  # top, left, down, right


def phantom_levels(height=96, width=80, bits=8, seed=0):
    """A phantom's grey levels, rising to the top of `bits` bits, uint8 or uint16."""
    pixels = draw_phantom(height, width, seed).pixels
    pixels = (pixels - pixels.min()) / (pixels.max() - pixels.min())
    return np.rint(pixels * (2**bits - 1)).astype(np.uint8 if bits <= 8 else np.uint16)


def film_of(pixels, bit_depth=8):
    """A film of float pixels in [0, 1]."""
    return Film(np.ascontiguousarray(pixels, np.float32), bit_depth, "drawing")


def chunk(kind, body=b""):
    """One PNG chunk with its length and check sum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width, height, depth=8, colour_type=0, interlaced=False):
    """The magic bytes and the IHDR chunk."""
    return PNG_MAGIC + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced)))


def _rows(samples, depth):
    """Scan lines of (h, w, channels) samples, each behind the byte of filter type 'none'."""
    height = samples.shape[0]
    if depth == 16:
        lines = samples.astype(">u2", order="C").reshape(height, -1).view(np.uint8)
    elif depth == 8:
        lines = samples.astype(np.uint8).reshape(height, -1)
    else:
        bits = np.unpackbits(samples.reshape(height, -1, 1).astype(np.uint8), axis=2)[..., 8 - depth :]
        lines = np.packbits(bits.reshape(height, -1), axis=1)
    return np.hstack([np.zeros((height, 1), np.uint8), lines]).tobytes()


def png_bytes(samples, depth=None, interlaced=False, palette=None, transparency=None, chunks=(), level=6):
    """Write a PNG of samples (h, w) or (h, w, 2, 3 or 4); a `palette` (n, 3) makes them indices; `chunks` go before the pixels."""
    samples = np.asarray(samples)
    depth = depth or 8 * samples.dtype.itemsize
    samples = samples.reshape(*samples.shape[:2], -1)
    height, width, channels = samples.shape
    colour_type = 3 if palette is not None else _COLOUR_TYPE_OF_CHANNELS[channels]
    assert _CHANNELS_OF_COLOUR_TYPE[colour_type] == channels
    parts = [png_header(width, height, depth, colour_type, interlaced)]
    if palette is not None:
        parts.append(chunk(b"PLTE", np.asarray(palette, np.uint8).tobytes()))
    if transparency is not None:
        parts.append(chunk(b"tRNS", transparency))
    passes = [samples[top::down, left::right] for top, left, down, right in _ADAM7] if interlaced else [samples]
    pixels = b"".join(_rows(part, depth) for part in passes if part.size)
    parts += [*chunks, chunk(b"IDAT", zlib.compress(pixels, level)), chunk(b"IEND")]
    return b"".join(parts)


def bomb_png(side=30_000):
    """A valid 8-bit grey PNG of side x side black pixels, in a few hundred kilobytes and without ever holding its pixels."""
    rows = next(rows for rows in range(100, 0, -1) if side % rows == 0)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    # After a full flush the compressor starts afresh, so one block may be repeated.
    block = deflate.compress(bytes(rows * (side + 1))) + deflate.flush(zlib.Z_FULL_FLUSH)
    adler32 = (side * (side + 1)) % 65521 << 16 | 1
    stream = b"\x78\xda" + block * (side // rows) + b"\x03\x00" + struct.pack(">I", adler32)
    return png_header(side, side) + chunk(b"IDAT", stream) + chunk(b"IEND")


def exif_block(orientation):
    """An EXIF block that holds an orientation and a maker's name, as JPEG wants it."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    exif[0x010F] = "Maker"
    return exif.tobytes()


def exif_chunk(orientation):
    """The same block as a PNG chunk."""
    return chunk(b"eXIf", exif_block(orientation).removeprefix(b"Exif\x00\x00"))


def lying(upright, orientation):
    """Turn upright pixels into those that a file with this EXIF orientation stores (TIFF 6.0, tag 274)."""
    return {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
        8: lambda a: np.rot90(a, -1),
    }[orientation](upright)


def encode(image, kind, **options):
    """Write a Pillow image as a file of this kind."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg_bytes(pixels, mode=None, quality=95, **options):
    """Write a JPEG of uint8 pixels, grey (h, w), RGB (h, w, 3) or, with mode "CMYK", inks (h, w, 4)."""
    pixels = np.ascontiguousarray(pixels)
    cmyk = mode == "CMYK"
    image = Image.frombytes("CMYK", pixels.shape[1::-1], pixels.tobytes()) if cmyk else Image.fromarray(pixels)
    return encode(image, "JPEG", quality=quality, **options)


def cv2_bytes(pixels, extension=".png"):
    """Write a file with OpenCV: grey, BGR or BGRA, uint8 or uint16."""
    return cv2.imencode(extension, pixels)[1].tobytes()


def flip_bits(data, positions):
    """Flip one bit at each of these bit positions, counted modulo the file's length."""
    damaged = bytearray(data)
    for position in positions:
        byte, bit = divmod(position % (8 * len(damaged)), 8)
        damaged[byte] ^= 1 << bit
    return bytes(damaged)


def with_true_checksums(png):
    """Write the check sum of every whole chunk anew, so that a damaged PNG gets past them."""
    parts, at = [png[:8]], 8
    while at + 12 <= len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4], "big")
        if end > len(png):
            break
        parts.append(chunk(png[at + 4 : at + 8], png[at + 8 : end - 4]))
        at = end
    return b"".join(parts) + png[at:]
