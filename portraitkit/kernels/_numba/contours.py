"""Loops behind `kernels.contours`: masks as bits, 64 pixels a step.

A mask of H x W pixels comes as (H + 4, words + 2) words: pixel (y, x) is bit x & 63
of word [y + 2, (x >> 6) + 1], and the frame is repeated outwards. A contour or band
is (H, words) words without any frame.
"""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Bytes, Ints, Words

_ONE = np.uint64(1)
_TWO = np.uint64(2)
_FOUR = np.uint64(4)
_SEVEN = np.uint64(7)
_TOP = np.uint64(56)
_LAST = np.uint64(63)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_NONE = np.uint64(0)
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
def repeat_frame(bits: Words, width: int) -> None:
    """Copy the outermost pixels outwards, into the padding of `bits`."""
    height, n = bits.shape[0] - 4, bits.shape[1] - 2
    used = np.uint64((width - 1) & 63)
    for y in range(2, height + 2):
        bits[y, 0] = _ALL * (bits[y, 1] & _ONE)
        last = _ALL * ((bits[y, n] >> used) & _ONE)
        bits[y, n] |= last & ~(_ALL >> (_LAST - used))
        bits[y, n + 1] = last
    for w in range(n + 2):
        bits[0, w] = bits[1, w] = bits[2, w]
        bits[height + 2, w] = bits[height + 3, w] = bits[height + 1, w]


@compiled
def five(bits: Words, y: int, x: int) -> np.uint64:
    """Read pixels x - 2 to x + 2 of row y as the lowest five bits (more follow)."""
    start = x + 62
    shift = np.uint64(start & 63)
    low = bits[y, start >> 6] >> shift
    high = (bits[y, (start >> 6) + 1] << _ONE) << (_LAST - shift)
    return np.uint64(low | high)


@compiled
def code(
    table: Bytes, up: np.uint64, here: np.uint64, down: np.uint64, skip: np.uint64
) -> int:
    """Look up the gradient of the 3x3 window `skip` bits into three rows of bits."""
    above = (up >> skip) & _SEVEN
    level = ((here >> skip) & _SEVEN) << np.uint64(3)
    below = ((down >> skip) & _SEVEN) << np.uint64(6)
    return int(table[np.int64(above | level | below)])


@compiled
def is_peak(bits: Words, y: int, x: int, width: int, table: Bytes) -> bool:
    """Tell whether Canny keeps pixel (y, x): no weaker than both its neighbours.

    The neighbours are those along the gradient; off the image there is no gradient.
    """
    up, here, down = five(bits, y + 1, x), five(bits, y + 2, x), five(bits, y + 3, x)
    own = code(table, up, here, down, _ONE)
    strength = own >> 2
    if strength == 0:
        return False
    way = own & 3
    if way == 0:
        left = code(table, up, here, down, _NONE) >> 2 if x > 0 else 0
        right = code(table, up, here, down, _TWO) >> 2 if x + 1 < width else 0
        return strength > left and strength >= right
    first, second = 0, 0
    lean = 0 if way == 1 else (1 if way == 2 else -1)
    if y > 0 and 0 <= x - lean < width:
        skip = np.uint64(1 - lean)
        first = code(table, five(bits, y, x), up, here, skip) >> 2
    if y + 5 < bits.shape[0] and 0 <= x + lean < width:
        skip = np.uint64(1 + lean)
        second = code(table, here, down, five(bits, y + 4, x), skip) >> 2
    return strength > first and strength + (way == 1) > second


@compiled
def trace(bits: Words, width: int, table: Bytes, contour: Words) -> int:
    """Fill `contour` with the Canny contour of `bits`; count its pixels."""
    height, n = contour.shape
    tail = _ALL >> np.uint64(63 - ((width - 1) & 63))
    total = 0
    for y in range(height):
        for w in range(n):
            some = bits[y + 1, w + 1] | bits[y + 2, w + 1] | bits[y + 3, w + 1]
            every = bits[y + 1, w + 1] & bits[y + 2, w + 1] & bits[y + 3, w + 1]
            before = (bits[y + 1, w] | bits[y + 2, w] | bits[y + 3, w]) >> _LAST
            ahead = (
                bits[y + 1, w + 2] | bits[y + 2, w + 2] | bits[y + 3, w + 2]
            ) & _ONE
            before_all = (bits[y + 1, w] & bits[y + 2, w] & bits[y + 3, w]) >> _LAST
            ahead_all = bits[y + 1, w + 2] & bits[y + 2, w + 2] & bits[y + 3, w + 2]
            some |= (some << _ONE) | (some >> _ONE) | before | (ahead << _LAST)
            every &= (every << _ONE) | before_all
            every &= (every >> _ONE) | (ahead_all << _LAST)
            word = some & ~every
            if w == n - 1:
                word &= tail
            found = _NONE
            while word != 0:
                rest = word & (word - _ONE)
                lowest = word ^ rest
                if is_peak(bits, y, (w << 6) + popcount(lowest - _ONE), width, table):
                    found |= lowest
                word = rest
            contour[y, w] = found
            total += popcount(found)
    return total


@compiled
def fill(band: Words, y: int, start: int, stop: int) -> None:
    """Set the pixels `start`..`stop` - 1 of row `y`."""
    first, last = start >> 6, (stop - 1) >> 6
    head = _ALL << np.uint64(start & 63)
    tail = _ALL >> (_LAST - np.uint64((stop - 1) & 63))
    if first == last:
        band[y, first] |= head & tail
        return
    band[y, first] |= head
    for w in range(first + 1, last):
        band[y, w] = _ALL
    band[y, last] |= tail


@compiled
def thicken(
    contour: Words, width: int, top: int, left: Ints, right: Ints, band: Words
) -> None:
    """Set every pixel of `band` within the disk round a contour pixel.

    Row i of the disk lies `top` + i rows below its centre and runs from `left[i]` to
    `right[i]`. Neighbouring pixels of a word are thickened together.
    """
    height, n = contour.shape
    for y in range(height):
        for w in range(n):
            word = contour[y, w]
            while word != 0:
                start = popcount((word ^ (word - _ONE)) >> _ONE)
                rest = word & (word + (_ONE << np.uint64(start)))
                stop = start + popcount(word ^ rest)
                for i in range(max(0, -top - y), min(left.size, height - top - y)):
                    fill(
                        band,
                        y + top + i,
                        max((w << 6) + start + left[i], 0),
                        min((w << 6) + stop + right[i], width),
                    )
                word = rest
