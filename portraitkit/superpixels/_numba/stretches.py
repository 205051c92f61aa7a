"""Loops behind `superpixels.stretches`: exact dtypes in, nothing checked.

A stretch is a row's run of True in a flat mask of `width` columns: stretch j lies from
``begin[j]`` to ``end[j]``, those of row y are ``first[y]``..``first[y + 1]``.
"""

from ..._core.jit import compiled
from ..._core.lanes import LANES, bits, differ, first_bit, load, spread
from ..._core.typing import Bytes, Ints, Ints32


@compiled
def find_stretches(
    mask: Bytes, width: int, begin: Ints32, end: Ints32, first: Ints
) -> bool:
    """List the stretches of a mask of at least `LANES`; say if there was room."""
    none, most = spread(mask, 0), mask.size - LANES
    n = 0
    for y in range(first.size - 1):
        if n + width // 2 + 1 > end.size:
            return False
        first[y] = n
        last = 0
        for x in range(0, width, LANES):
            place = y * width + x
            at = min(place, most)
            inside = bits(differ(load(mask, at), none)) >> (place - at)
            if width - x < LANES:
                inside &= (1 << (width - x)) - 1
            turns = (inside ^ (2 * inside + last)) & (2**LANES - 1)
            last = inside >> (LANES - 1)
            while turns != 0:
                i = first_bit(turns)
                turns &= turns - 1
                if (inside >> i) & 1:
                    begin[n] = place + i
                else:
                    end[n] = place + i
                    n += 1
        if last:
            end[n] = (y + 1) * width
            n += 1
    first[first.size - 1] = n
    return True


@compiled
def bounds(
    begin: Ints32, end: Ints32, first: Ints, width: int
) -> tuple[int, int, int, int]:
    """Return the first row that has any and the one past the last, then columns."""
    top, bottom, left, right = first.size - 1, 0, width, 0
    for y in range(first.size - 1):
        if first[y] < first[y + 1]:
            top, bottom = min(top, y), y + 1
            left = min(left, begin[first[y]] - y * width)
            right = max(right, end[first[y + 1] - 1] - y * width)
    return top, bottom, left, right


@compiled
def list_runs(
    begin: Ints32,
    end: Ints32,
    row: Ints,
    width: int,
    top: int,
    left: int,
    pitch: int,
    start: Ints32,
    name: Ints32,
    first: Ints,
) -> int:
    """List the runs (see `connected`) of a frame: 0 in stretches, -1 between them.

    The frame begins at row `top` and column `left`, is as high as `first` says, and
    holds all stretches of its rows. Return how many runs there are.
    """
    n = 0
    for y in range(first.size - 1):
        first[y] = n
        at = (y + 1) * pitch
        move = at - (top + y) * width - left
        for j in range(row[top + y], row[top + y + 1]):
            if begin[j] + move > at:
                start[n], name[n] = at, -1
                n += 1
            start[n], name[n] = begin[j] + move, 0
            n += 1
            at = end[j] + move
        start[n], name[n] = at, -1
        n += 1
    first[first.size - 1] = n
    start[n] = first.size * pitch
    return n
