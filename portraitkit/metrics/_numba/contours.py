"""Loops behind `metrics.contours`: 64 pixels of a flat bit image a step.

Bit p & 63 of word p >> 6 is pixel p = y * width + x; behind the last pixel there are
words enough for a look one row and one pixel ahead.
"""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Ints, Words

_ONE = np.uint64(1)
_TWO = np.uint64(2)
_FOUR = np.uint64(4)
_TOP = np.uint64(56)
_LAST = np.uint64(63)
_ODD = np.uint64(0x5555555555555555)
_PAIRS = np.uint64(0x3333333333333333)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)


@compiled
def popcount(word: np.uint64) -> int:
    """Count the bits of one word (LLVM knows this form as one instruction)."""
    word = word - ((word >> _ONE) & _ODD)
    word = (word & _PAIRS) + ((word >> _TWO) & _PAIRS)
    word = (word + (word >> _FOUR)) & _NIBBLES
    return int(np.int64((word * _BYTES) >> _TOP))


@compiled
def fetch(bits: Words, start: int) -> np.uint64:
    """Read the 64 bits that begin at bit `start`."""
    shift = np.uint64(start & 63)
    low = bits[start >> 6] >> shift
    high = (bits[(start >> 6) + 1] << _ONE) << (_LAST - shift)
    return np.uint64(low | high)


@compiled
def put(bits: Words, at: int, value: np.uint64) -> None:
    """Set bit `at` to the lowest bit of `value`."""
    shift = np.uint64(at & 63)
    bits[at >> 6] &= ~(_ONE << shift)
    bits[at >> 6] |= (value & _ONE) << shift


@compiled
def repeat_last_row(mask: Words, height: int, width: int) -> None:
    """Write the last row once more below itself; bits behind it may be anything."""
    source, target = (height - 1) * width, height * width
    shift = np.uint64(target & 63)
    for x in range(0, width, 64):
        row = np.uint64(fetch(mask, source + x))
        mask[(target + x) >> 6] |= row << shift
        mask[((target + x) >> 6) + 1] |= (row >> _ONE) >> (_LAST - shift)


@compiled
def differ(mask: Words, step: int, contour: Words) -> None:
    """Add to `contour` the pixels that differ from the one `step` further on."""
    low, high = mask[step >> 6 :], mask[(step >> 6) + 1 :]
    right = np.uint64(step & 63)
    left = _LAST - right
    for w in range(contour.size):
        contour[w] |= mask[w] ^ ((low[w] >> right) | ((high[w] << _ONE) << left))


@compiled
def trace(mask: Words, height: int, width: int, contour: Words) -> int:
    """Fill `contour`, zeros so far, with DAVIS's one-sided contour; count its pixels.

    Below the last row comes the same row again, so that only right neighbours count
    there. The last column met the next row's first pixels: it is redone. `mask` has
    ``width // 64 + 3`` words more than `contour`; what stands behind it is lost.
    """
    repeat_last_row(mask, height, width)
    for step in (1, width, width + 1):
        differ(mask, step, contour)
    for y in range(height):
        at = y * width + width - 1
        put(contour, at, np.uint64(fetch(mask, at) ^ fetch(mask, at + width)))
    n_pixels = height * width
    if n_pixels & 63:
        contour[n_pixels >> 6] &= (_ONE << np.uint64(n_pixels & 63)) - _ONE
    total = 0
    for w in range(contour.size):
        total += popcount(contour[w])
    return total


@compiled
def any_set(bits: Words, start: int, stop: int) -> bool:
    """Tell whether any of the bits `start`..`stop` - 1 is set."""
    while stop - start > 64:
        if fetch(bits, start) != 0:
            return True
        start += 64
    return bool(fetch(bits, start) << np.uint64(64 - (stop - start)))


@compiled
def near(bits: Words, y: int, x: int, height: int, width: int, reach: Ints) -> bool:
    """Tell whether a bit is set in the disk round (y, x), nearest rows first.

    `reach[d]` is the disk's half width d rows above or below its centre.
    """
    for d in range(reach.size):
        left, right = max(x - reach[d], 0), min(x + reach[d], width - 1) + 1
        up, down = (y - d) * width, (y + d) * width
        if y >= d and any_set(bits, up + left, up + right):
            return True
        if d and y + d < height and any_set(bits, down + left, down + right):
            return True
    return False


@compiled
def count_near(
    contour: Words, other: Words, height: int, width: int, reach: Ints
) -> int:
    """Count the pixels of `contour` with one of `other` in the disk round them."""
    matched = 0
    for w in range(contour.size):
        word = contour[w]
        while word != 0:
            rest = word & (word - _ONE)
            at = (w << 6) + popcount((word ^ rest) - _ONE)
            matched += near(other, at // width, at % width, height, width, reach)
            word = rest
    return matched
