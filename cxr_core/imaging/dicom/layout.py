"""How samples lie in the words that hold them: which bits count, and whether they are signed.

Header and pixels may contradict each other. A wrong reading then begins anew at the other end of the range wherever the picture crosses
it: its darkest greys turn white. That shows between neighbours, and so tells which of two readings is the right one.
"""

from dataclasses import dataclass

import numpy as np

from cxr_core.imaging.dicom.codestream import Codestream
from cxr_core.imaging.dicom.header import Header
from cxr_core.imaging.doubt import Doubt

_OVERSHOOT, _RARE = 8, 0.02
"""What lossy coding adds at the ends is less than the range by this factor, or found in fewer than this share of the pixels."""
_ROWS = 128
"""Rows that are looked at, spread over the picture."""
_JUMP = 15 / 16
"""Of the range: a step between neighbours that only a picture makes which begins anew."""
_MANY = 0.001
"""Share of the neighbours between which it happens, along rows; marks that are burned in do it less often."""
_STRAIGHT = 0.1
"""More than this share of the rows at the same place is the edge of a shutter, and counts as no more."""
_FEWER = 0.1
"""A better reading has no more than this share of the jumps."""
_SMOOTHER = 0.95
"""One that takes more bits for greys makes the steps between neighbours smaller by this factor, in place of larger ..."""
_NOISE, _CLEARER = 0.5, 0.25
"""... or makes a picture of what was noise: steps of more than this share of the spread of all greys fall to less than that of it."""


@dataclass(frozen=True)
class Layout:
    """Which bits of a word are the sample: `bits` of them, above the lowest `shift`."""

    shift: int
    bits: int
    signed: bool

    def __str__(self) -> str:
        return f"{self.bits} bit {'signed' if self.signed else 'unsigned'}"

    def in_order(self, words: np.ndarray) -> np.ndarray:
        """Cut out the bits that count, and put signed values into ascending order, in the fewest passes over new memory.

        Parameters
        ----------
        words : numpy.ndarray
            uint8 or uint16 of either byte order.

        Returns
        -------
        numpy.ndarray
            uint8 or uint16, of the same shape, memory of its own.
        """
        kind = np.uint8 if words.itemsize == 1 else np.uint16
        if self.shift:
            words = words >> self.shift
        # Old files keep overlays, such as a name that was drawn on the film, in the bits above.
        is_part = self.bits < 8 * words.itemsize
        samples = np.bitwise_and(words, kind(2**self.bits - 1), dtype=kind) if is_part else words.astype(kind)
        if self.signed:
            np.bitwise_xor(samples, kind(2 ** (self.bits - 1)), out=samples)
        return samples


def layout_of_words(words: np.ndarray, header: Header, steps: list[str]) -> Layout:
    """Find the layout of samples that were stored as words.

    Parameters
    ----------
    words : numpy.ndarray
        uint8 or uint16, shape (rows, columns).
    header : Header
        What the file says.
    steps : list of str
        Takes what was found to be otherwise, as a `Doubt`.
    """
    stored, allocated = header.bits_stored, header.bits_allocated
    declared = Layout(header.high_bit + 1 - stored, stored, header.signed)
    few = words[:: max(1, len(words) // _ROWS)]
    if declared.shift and _lies_low(words, declared):
        declared = Layout(0, stored, header.signed)
        steps.append(Doubt(f"samples lie in the lowest bits, not below bit {header.high_bit} as the header says"))
    other = _better(few, declared, _others(words, declared))
    if other is not None:
        steps.append(Doubt(f"samples are {other}, not {declared} as the header says"))
        return other
    if declared.shift == 0 and stored < allocated:
        wide = Layout(0, allocated if header.signed else max(stored, int(words.max()).bit_length()), header.signed)
        if wide.bits > stored and _is_wide(few, declared, wide):
            steps.append(Doubt(f"samples are {wide}, not {declared} as the header says"))
            return wide
    return declared


def layout_of_stream(samples: np.ndarray, stream: Codestream, lossy: bool, header: Header, steps: list[str]) -> tuple[np.ndarray, Layout]:
    """Find the layout of samples that were unpacked from a stream, which has a precision and a sign of its own.

    Parameters
    ----------
    samples : numpy.ndarray
        Integers of 8 or 16 bits, signed or not, shape (rows, columns).
    stream : Codestream
        What the stream says.
    lossy : bool
        Whether the coding is.
    header : Header
        What the file says.
    steps : list of str
        Takes what was found to be otherwise, as a `Doubt`.

    Returns
    -------
    numpy.ndarray
        The samples as unsigned words of the allocated bits.
    Layout
        Theirs.
    """
    stored, allocated = header.bits_stored, header.bits_allocated
    samples, fits = _clipped(samples, stream, lossy, header)
    # Signed ones come sign-extended: as unsigned words they have the bits that the header speaks of.
    words = samples.astype(f"{samples.dtype.kind}{allocated // 8}", copy=False).view(f"u{allocated // 8}")
    few = words[:: max(1, len(words) // _ROWS)]
    if stream.signed and not header.signed and samples.min() < 0:
        own, other = Layout(0, max(stream.bits, stored), True), Layout(0, stream.bits, False)
    elif header.signed and not stream.signed and stream.bits < stored:
        own, other = Layout(0, stream.bits, True), Layout(0, stored, False)
    elif header.signed and not stream.signed and stream.bits > stored and not fits:
        own, other = Layout(0, stream.bits, True), Layout(0, stream.bits, False)
    elif fits or stream.bits <= stored:
        return words, layout_of_words(words, header, steps)
    else:
        packed = Layout(0, stream.bits, header.signed)
        packed = _better(few, packed, _others(words, packed)) or packed
        steps.append(Doubt(f"samples are {packed}, as they are packed, not of {stored} bits as the header says"))
        return words, packed
    found = _better(few, own, [other, *_others(words, own)]) or own
    says, holds = Layout(0, stored, header.signed), Layout(0, stream.bits, stream.signed)
    steps.append(Doubt(f"header and packed pixels disagree ({says}, {holds}): read as {found}"))
    return words, found


def _clipped(samples: np.ndarray, stream: Codestream, lossy: bool, header: Header) -> tuple[np.ndarray, bool]:
    """Clip what a lossy stream overshoots, and say whether the samples then keep to the range that the header gives."""
    stored = header.bits_stored
    if stream.bits <= stored or header.high_bit + 1 != stored or (header.signed and not stream.signed):
        # The last are signed numbers packed as unsigned ones, with or without the bits above, which repeat their sign.
        extended = samples.view(f"i{samples.itemsize}") if header.signed and stream.bits == 8 * samples.itemsize else samples
        return samples, _fits(samples, stored, stream.signed and header.signed) or _fits(extended, stored, header.signed)
    lowest = -(2 ** (stored - 1)) if header.signed else 0
    highest = lowest + 2**stored - 1
    is_told_twice = stream.signed and not header.signed  # what lies below 0 may be greys
    if lossy and not is_told_twice and not _fits(samples, stored, header.signed):
        clipped = np.clip(samples, lowest, highest)
        beyond = np.abs(samples.astype(np.int32) - clipped)
        if beyond.max() < 2**stored // _OVERSHOOT or (beyond > 0).mean() < _RARE:
            samples = clipped
    return samples, _fits(samples, stored, header.signed)


def _fits(samples: np.ndarray, bits: int, signed: bool) -> bool:
    lowest = -(2 ** (bits - 1)) if signed else 0
    return lowest <= int(samples.min()) and int(samples.max()) < lowest + 2**bits


def _lies_low(words: np.ndarray, declared: Layout) -> bool:
    """Whether all samples are found without the shift, and would lose some of their bits by it."""
    size = words.itemsize
    low = words.astype(f"u{size}", copy=False).view(f"i{size}") if declared.signed else words
    return _fits(low, declared.bits, declared.signed) and bool((words & (2**declared.shift - 1)).any())


def _steps_between(words: np.ndarray, layout: Layout) -> np.ndarray:
    """Return how far neighbours in a row lie apart; those at the very ends, such as burned-in marks, count as alike."""
    samples = layout.in_order(words).astype(np.int32)
    apart = np.abs(np.diff(samples, axis=1))
    at_end = (samples == samples.min()) | (samples == samples.max())
    return np.where(at_end[:, 1:] | at_end[:, :-1], 0, apart)


def _is_wide(words: np.ndarray, declared: Layout, wide: Layout) -> bool:
    """Whether the bits above belong to the greys: with them the steps between neighbours become smaller, or a picture of mere noise."""
    is_smoother = _steps_between(words, wide).mean() < _SMOOTHER * _steps_between(words, declared).mean()
    noise = _noise(words, declared)
    return is_smoother or (noise > _NOISE and _noise(words, wide) < _CLEARER * noise)


def _jumps(words: np.ndarray, layout: Layout) -> np.ndarray:
    """Return the share of neighbours that lie apart by nearly all of the range that the picture takes, by columns."""
    apart = _steps_between(words, layout)
    return (apart > _JUMP * 2 ** int(np.ptp(layout.in_order(words))).bit_length()).mean(axis=0)


def _others(words: np.ndarray, declared: Layout) -> list[Layout]:
    """Return the layouts that samples may have in place of the declared one."""
    used = max(2, int(words.max()).bit_length())
    wide = [Layout(0, used, True), Layout(0, used, False)]
    if used > declared.bits and not any(_is_wide(words, declared, layout) for layout in wide):
        wide = []  # what stands above the declared bits are marks
    return [Layout(declared.shift, declared.bits, not declared.signed), *wide]


def _better(words: np.ndarray, declared: Layout, others: list[Layout]) -> Layout | None:
    """Return the smoothest of other layouts in which hardly any neighbours lie a range apart, if they do in the declared one."""
    jumps = np.minimum(_jumps(words, declared), _STRAIGHT).mean()
    better = [other for other in others if _jumps(words, other).mean() < _FEWER * jumps] if jumps > _MANY else []
    return min(better, key=lambda other: _noise(words, other), default=None)


def _noise(words: np.ndarray, layout: Layout) -> float:
    """Return the mean step between neighbours as a share of the spread of all greys."""
    return float(_steps_between(words, layout).mean() / max(layout.in_order(words).std(), 1e-6))
