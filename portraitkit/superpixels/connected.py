"""Connected areas of a label image."""

import numpy as np

from .._core.lanes import LANES
from .._core.typing import Array, Ints, Ints32, Labels, Mask
from ._numba.connected import (
    bounds,
    find_pieces,
    find_runs,
    paint,
    renumber,
    wall,
)

Runs = tuple[Ints32, Ints32, Ints]
"""Where runs begin, their labels, and each row's first."""
FEW = 2**15
"""Numbers below fit into 16 bits."""


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
    regions = np.full(labels.shape, -1, np.int32)
    return regions, len(_paint(find_all_runs(values), values, eight, regions))


def frame_of(mask: Mask) -> tuple[slice, slice]:
    """Return the rows and columns that hold all of a mask; empty where it is."""
    columns = np.zeros(mask.shape[1], bool)
    top, bottom = bounds(mask, columns)
    left, right = columns.argmax(), len(columns) - columns[::-1].argmax()
    return slice(top, bottom), slice(int(left), int(right))


def parts_of(mask: Mask) -> tuple[Array, Ints, Runs]:
    """Return the 4-connected parts of a mask in a `walled` image, sizes, and runs.

    Parts are 0..n-1 in reading order, -1 outside the mask, int16 where that is enough;
    runs are those of the mask, of name 0, and of the rest.
    """
    parts = np.empty(_walls(mask.shape), np.int16)
    wall(mask, parts)
    runs = find_all_runs(parts)
    if len(runs[1]) > FEW:
        parts = parts.astype(np.int32)
    return parts, _paint(runs, parts, False, parts[1:-1]), runs


def whole(shape: tuple[int, ...]) -> tuple[Array, Ints, Runs]:
    """Return `parts_of` a whole picture, but leave the parts to be filled in."""
    height, width = shape
    parts = walled(shape, np.int16)
    ends = np.arange(1, height + 1)[:, None] * parts.shape[1] + np.array([0, width])
    start = np.append(ends, (height + 1) * parts.shape[1]).astype(np.int32)
    name = np.tile(np.array([0, -1], np.int32), height)
    runs = start, name, 2 * np.arange(height + 1)
    return parts, np.array([height * width]), runs


def _paint(runs: Runs, values: Array, eight: bool, out: Array) -> Ints:
    """Paint the connected areas of runs into `out`; return how large they are."""
    piece = np.empty(len(runs[1]), np.int32)
    find_pieces(*runs, values.shape[1], eight, piece)
    sizes = np.zeros(len(piece), np.int64)
    return sizes[: paint(*runs, piece, values.shape[1], sizes, out)]


def walled(shape: tuple[int, ...], dtype: type) -> Array:
    """Return an image of -1 with room for the walls that loops want around it."""
    return np.full(_walls(shape), -1, dtype)


def _walls(shape: tuple[int, ...]) -> tuple[int, int]:
    height, width = shape
    pitch = (width // LANES + 1) * LANES
    if (height + 2) * pitch >= 2**31:
        msg = f"an image must have less than 2**31 pixels; got {height} x {width}"
        raise ValueError(msg)
    return height + 2, pitch


def _as_int32(labels: Labels | Ints) -> Labels:
    """Return the labels, by other names if they are too large."""
    if labels.dtype != np.int32 and labels.size:
        labels = np.maximum(labels, -1)
        if labels.max() >= 2**31:
            names = np.unique(labels, return_inverse=True)[1]
            labels = np.where(labels < 0, -1, names.reshape(labels.shape))
    return labels.astype(np.int32, copy=False)


def renumbered(labels: Array, runs: Runs, n_labels: int, out: Labels) -> None:
    """Copy runs of a `walled` image into `out` (H, W), renamed in reading order."""
    renumber(labels, *runs, np.full(n_labels, -1, np.int32), out)


def find_all_runs(labels: Array) -> Runs:
    """Return the runs of a `walled` image."""
    start, name = (np.empty(labels.size, np.int32) for _ in range(2))
    first = np.empty(labels.shape[0] - 1, np.int64)
    find_runs(labels, start, name, first)
    n = int(first[-1])
    return start[: n + 1], name[:n], first
