"""A mask by its rows: where it is True, and what is connected there."""

from typing import NamedTuple

import numpy as np

from .._core.lanes import LANES
from .._core.typing import Array, Ints, Ints32, Mask
from ._numba.connected import paint
from ._numba.stretches import bounds, find_stretches, list_runs
from .connected import FEW, Frame, Runs, pieces, rooms, walls


class Stretches(NamedTuple):
    """Where the rows of a mask are True.

    `begin` and `end` are places in the flat mask of `width` columns; those of row y are
    ``first[y]``..``first[y + 1]``.
    """

    begin: Ints32
    end: Ints32
    first: Ints
    width: int


def stretches_of(mask: Mask) -> Stretches:
    """Return where the rows of a mask of at least one pixel are True."""
    height, width = mask.shape
    walls(mask.shape)  # Refuses what 32 bits cannot count.
    flat = np.ascontiguousarray(mask).reshape(-1).view(np.uint8)
    if flat.size < LANES:
        flat = np.append(flat, np.zeros(LANES, np.uint8))
    first = np.empty(height + 1, np.int64)
    for room in rooms(flat.size, 16):
        begin, end = (np.empty(room, np.int32) for _ in range(2))
        if find_stretches(flat, width, begin, end, first):
            break
    n = int(first[-1])
    return Stretches(begin[:n], end[:n], first, width)


def frame_of(inside: Stretches) -> Frame:
    """Return the rows and columns that hold all of a mask which is not empty."""
    top, bottom, left, right = bounds(*inside)
    return slice(top, bottom), slice(left, right)


def parts_of(inside: Stretches, frame: Frame | None = None) -> tuple[Array, Ints, Runs]:
    """Return the 4-connected parts of a mask in a `walled` image, sizes, and runs.

    Parts are 0..n-1 in reading order, -1 outside the mask, int16 where that is enough;
    runs are those of the mask, of name 0, and of the rest. The image is the `frame`,
    which holds all of the mask, by default everything.
    """
    rows, columns = frame or (slice(0, len(inside.first) - 1), slice(0, inside.width))
    room = walls((rows.stop - rows.start, columns.stop - columns.start))
    runs = _runs(inside, rows.start, columns.start, room)
    piece, size = pieces(runs, room[1], False)
    parts = np.empty(room, np.int16 if len(size) <= FEW else np.int32)
    paint(runs[0], piece, runs[2], room[1], 1, 0, room[1], parts)
    return parts, size, runs


def _runs(inside: Stretches, top: int, left: int, room: tuple[int, int]) -> Runs:
    most = 2 * len(inside.begin) + room[0]
    start, name = (np.empty(most, np.int32) for _ in range(2))
    first = np.empty(room[0] - 1, np.int64)
    n = list_runs(*inside, top, left, room[1], start, name, first)
    return start[: n + 1], name[:n], first
