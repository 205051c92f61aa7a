"""Loops behind `kernels.individual`: distances near a contour, and soft labels.

Bits are laid out as in `_numba.contours`. Band pixels are always visited in reading
order, so that a plain list carries their distances from one loop to the next.
"""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Floats32, Ints32, Words

_ONE = np.uint64(1)
_TWO = np.uint64(2)
_FOUR = np.uint64(4)
_TOP = np.uint64(56)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_ODD = np.uint64(0x5555555555555555)
_PAIRS = np.uint64(0x3333333333333333)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)
_BYTE = np.uint64(255)
_LANES = np.uint64(16)
_PATTERN = np.uint64(192)
_FAR = np.int32(2**31 - 1)


@compiled
def popcount(word: np.uint64) -> int:
    """Count the bits of one word (LLVM knows this form as one instruction)."""
    word = word - ((word >> _ONE) & _ODD)
    word = (word & _PAIRS) + ((word >> _TWO) & _PAIRS)
    word = (word + (word >> _FOUR)) & _NIBBLES
    return int(np.int64((word * _BYTES) >> _TOP))


@compiled
def count(bits: Words) -> int:
    """Count the pixels that are set."""
    total = 0
    for y in range(bits.shape[0]):
        for w in range(bits.shape[1]):
            total += popcount(bits[y, w])
    return total


@compiled
def lower(strip: Ints32, at: np.uint64, squares: Ints32, row: np.uint64) -> None:
    """Take the minimum of one row of a disk and the strip it lies on.

    Sixteen numbers at a time, of a known number: else the loop isn't vectorised.
    """
    for block in range(np.uint64(squares.shape[1]) // _LANES):
        start = block * _LANES
        for i in range(_LANES):
            old = strip[at + start + i]
            new = squares[row, start + i]
            strip[at + start + i] = min(old, new)


@compiled
def scatter(contour: Words, squares: Ints32, top: int, end: int, strip: Ints32) -> None:
    """Fill `strip`, image rows `top`..`end` - 1, with squared contour distances.

    Pixels farther than the disk `squares` reaches may stay at infinity. In the strip
    a row begins half a disk left of the image.
    """
    height, n = contour.shape
    radius = squares.shape[0] // 2
    stride = 64 * n + squares.shape[1]
    for p in range(strip.size):
        strip[p] = _FAR
    for y in range(max(0, top - radius), min(height, end + radius)):
        for w in range(n):
            word = contour[y, w]
            while word != 0:
                x = (w << 6) + popcount((word ^ (word - _ONE)) >> _ONE)
                for row in range(max(top, y - radius), min(end, y + radius + 1)):
                    at = (row - top) * stride + x
                    lower(strip, np.uint64(at), squares, np.uint64(row - y + radius))
                word &= word - _ONE


@compiled
def collect(
    contour: Words, band: Words, squares: Ints32, strip: Ints32, found: Ints32
) -> None:
    """List the squared contour distance of every pixel of the band in `found`."""
    height, n = contour.shape
    stride = 64 * n + squares.shape[1]
    rows = strip.size // stride
    k = 0
    for top in range(0, height, rows):
        end = min(top + rows, height)
        scatter(contour, squares, top, end, strip)
        for y in range(top, end):
            start = (y - top) * stride + squares.shape[0] // 2
            for w in range(n):
                word = band[y, w]
                while word != 0:
                    x = (w << 6) + popcount((word ^ (word - _ONE)) >> _ONE)
                    found[k] = strip[start + x]
                    k += 1
                    word &= word - _ONE


@compiled
def soften(
    bits: Words,
    band: Words,
    found: Ints32,
    share: Floats32,
    hard: Floats32,
    out: Floats32,
) -> None:
    """Write the three values of every pixel: `share[found]` is boundary in the band.

    `hard` holds 64 background pixels, then 64 foreground pixels, ready to be copied.
    """
    height, n = band.shape
    width = out.size // (3 * height)
    k = 0
    for y in range(height):
        for w in range(n):
            near, inside = band[y, w], bits[y + 2, w + 1]
            start, stop = w << 6, min((w + 1) << 6, width)
            at = np.uint64(3 * (y * width + start))
            if near == 0 and stop - start == 64 and (inside == 0 or inside == _ALL):
                source = _PATTERN * (inside & _ONE)
                for i in range(_PATTERN):
                    out[at + i] = hard[source + i]
                continue
            for x in range(stop - start):
                bit = np.uint64(x)
                person = np.float32((inside >> bit) & _ONE)
                boundary = np.float32(0)
                if (near >> bit) & _ONE:
                    boundary = share[found[k]]
                    k += 1
                rest = np.float32(1) - boundary
                here = at + np.uint64(3) * bit
                out[here] = person * rest
                out[here + _ONE] = boundary
                out[here + _TWO] = (np.float32(1) - person) * rest
