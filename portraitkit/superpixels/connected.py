"""Connected areas of a label image."""

import numpy as np

from .._core.lanes import LANES
from .._core.typing import Array, Ints, Ints32, Labels
from ._numba.connected import (
    find_pieces,
    find_runs,
    number,
    paint,
    renumber,
)

Runs = tuple[Ints32, Ints32, Ints]
"""Where runs begin, their labels, and each row's first."""
FEW = 2**15
"""Numbers below fit into 16 bits."""
Frame = tuple[slice, slice]
"""Rows and columns."""


def connected_regions(
    labels: Labels | Ints, *, eight: bool = False
) -> tuple[Labels, int]:
    """Cut a label image into connected areas of one value each.

    Parameters
    ----------
    labels : (H, W) int array
        Values < 0 belong to no area.
    eight : bool, default False
        Whether diagonal neighbours are connected.

    Returns
    -------
    regions : (H, W) int32 array
        0..n-1 in the reading order of each area's first pixel; -1 for no area.
    n : int
        How many there are.

    Notes
    -----
    O(H W) time, up to 24 bytes a pixel of working memory.
    """
    values = walled(labels.shape, np.int32)
    values[1:-1, : labels.shape[1]] = _as_int32(labels)
    runs = find_all_runs(values)
    piece, size = pieces(runs, values.shape[1], eight)
    regions = np.empty(labels.shape, np.int32)
    paint(runs[0], piece, runs[2], values.shape[1], 0, 0, labels.shape[1], regions)
    return regions, len(size)


def whole(shape: tuple[int, ...]) -> tuple[Array, Ints, Runs]:
    """Return `parts_of` a full mask, but leave the parts to be filled in."""
    height, width = shape
    parts = walled(shape, np.int16)
    ends = np.arange(1, height + 1)[:, None] * parts.shape[1] + np.array([0, width])
    start = np.append(ends, (height + 1) * parts.shape[1]).astype(np.int32)
    name = np.tile(np.array([0, -1], np.int32), height)
    runs = start, name, 2 * np.arange(height + 1)
    return parts, np.array([height * width]), runs


def pieces(runs: Runs, pitch: int, eight: bool) -> tuple[Ints32, Ints]:
    """Return the connected area of each run, -1 for none, and how large they are."""
    piece = np.empty(len(runs[1]), np.int32)
    find_pieces(*runs, pitch, eight, piece)
    size = np.zeros(len(piece), np.int64)
    return piece, size[: number(*runs[:2], piece, size)]


def walled(shape: tuple[int, ...], dtype: type) -> Array:
    """Return an image of -1 with room for the walls that loops want around it."""
    return np.full(walls(shape), -1, dtype)


def walls(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the shape of a `walled` image."""
    height, width = shape
    pitch = (width // LANES + 1) * LANES
    if (height + 2) * pitch >= 2**31:
        msg = f"an image must have less than 2**31 pixels; got {height} x {width}"
        raise ValueError(msg)
    return height + 2, pitch


def rooms(most: int, share: int) -> tuple[int, int]:
    """Return for how many runs to make room, and for how many if those are too few.

    Memory that is not used would be got from the system and given back in every call.
    """
    return most // share + 2**10, most + LANES


def _as_int32(labels: Labels | Ints) -> Labels:
    """Return the labels, by other names if they are too large."""
    if labels.dtype != np.int32 and labels.size:
        labels = np.maximum(labels, -1)
        if labels.max() >= 2**31:
            names = np.unique(labels, return_inverse=True)[1]
            labels = np.where(labels < 0, -1, names.reshape(labels.shape))
    return labels.astype(np.int32, copy=False)


def renumbered(
    runs: Runs, pitch: int, n_labels: int, frame: Frame, out: Labels
) -> None:
    """Paint the runs of a picture into `frame` of `out`, renamed in reading order.

    Their names are below `n_labels`. Around the frame, `out` becomes -1.
    """
    rows, columns = frame
    where = rows.start, columns.start, columns.stop
    renumber(runs[1], np.full(n_labels, -1, np.int32))
    paint(*runs, pitch, *where, out)


def find_all_runs(labels: Array, within: Runs | None = None) -> Runs:
    """Return the runs of a `walled` image.

    It is known to be < 0 in the runs of `within` that are, and only there.
    """
    known = _rows(labels.shape) if within is None else within
    first = np.empty(labels.shape[0] - 1, np.int64)
    for room in rooms(labels.size, 4):
        start, name = (np.empty(room, np.int32) for _ in range(2))
        if find_runs(labels, *known, start, name, first):
            break
    n = int(first[-1])
    return start[: n + 1], name[:n], first


def _rows(shape: tuple[int, ...]) -> Runs:
    """Return whole rows of a `walled` image as runs of name 0."""
    n, pitch = shape[0] - 2, shape[1]
    start = np.arange(1, n + 2, dtype=np.int32) * np.int32(pitch)
    return start, np.zeros(n, np.int32), np.arange(n + 1)
