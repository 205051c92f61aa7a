"""Connected areas of a label image."""

import numpy as np

from .._core.lanes import LANES
from .._core.typing import Array, Ints, Ints32, Labels, Mask
from ._numba.connected import (
    find_pieces,
    find_runs,
    paint,
    renumber,
)


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
    regions, sizes = sized_regions(_as_int32(labels), eight=eight)
    return regions, len(sizes)


def sized_regions(labels: Labels | Mask, *, eight: bool = False) -> tuple[Labels, Ints]:
    """Return `connected_regions` of int32 labels or a mask, and how large they are."""
    values = walled(labels.shape, np.int16 if labels.dtype == bool else np.int32)
    inside = values[1:-1, : labels.shape[1]]
    if labels.dtype == bool:
        inside += labels.view(np.uint8)
    else:
        inside[:] = labels
    runs = _, name, _ = find_all_runs(values)
    piece = np.empty(len(name), np.int32)
    find_pieces(*runs, values.shape[1], eight, piece)
    regions = np.full(labels.shape, -1, np.int32)
    sizes = np.zeros(len(name), np.int64)
    n = paint(*runs, piece, values.shape[1], sizes, regions)
    return regions, sizes[:n]


def walled(shape: tuple[int, ...], dtype: type) -> Array:
    """Return an image of -1 with room for the walls that loops want around it."""
    height, width = shape
    pitch = (width // LANES + 1) * LANES
    if (height + 2) * pitch >= 2**31:
        msg = f"an image must have less than 2**31 pixels; got {height} x {width}"
        raise ValueError(msg)
    return np.full((height + 2, pitch), -1, dtype)


def _as_int32(labels: Labels | Ints) -> Labels:
    """Return the labels, by other names if they are too large."""
    if labels.dtype != np.int32 and labels.size:
        labels = np.maximum(labels, -1)
        if labels.max() >= 2**31:
            names = np.unique(labels, return_inverse=True)[1]
            labels = np.where(labels < 0, -1, names.reshape(labels.shape))
    return labels.astype(np.int32, copy=False)


def renumbered(labels: Array, n_labels: int, out: Labels) -> None:
    """Copy a `walled` image into `out` (H, W), labels >= 0 renamed in reading order."""
    renumber(labels, np.full(n_labels, -1, np.int32), out)


def find_all_runs(labels: Array) -> tuple[Ints32, Ints32, Ints]:
    """Return where the runs of a `walled` image begin, their labels, and each row's."""
    start, name = (np.empty(labels.size, np.int32) for _ in range(2))
    first = np.empty(labels.shape[0] - 1, np.int64)
    find_runs(labels, start, name, first)
    n = int(first[-1])
    return start[: n + 1], name[:n], first
