"""Connected areas of a label image."""

import numpy as np

from .._core.typing import Ints, Ints32, Labels
from ._numba.connected import (
    absorb,
    choose,
    find_pieces,
    find_runs,
    list_orphans,
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
    O(H W) time, up to 16 bytes a pixel of working memory.
    """
    values = _as_int32(labels)
    runs, first = _runs(values, values.shape[1])
    piece = np.empty(len(runs), np.int32)
    n = int(find_pieces(runs, first, int(eight), piece))
    regions = np.full(values.shape, -1, np.int32)
    paint(runs, first, piece, regions)
    return regions, n


def _as_int32(labels: Labels | Ints) -> Labels:
    """Return the labels, by other names if they are too large."""
    if labels.dtype != np.int32 and labels.size:
        labels = np.maximum(labels, -1)
        if labels.max() >= 2**31:
            names = np.unique(labels, return_inverse=True)[1]
            labels = np.where(labels < 0, -1, names.reshape(labels.shape))
    return np.ascontiguousarray(labels, np.int32)


def one_region_each(
    labels: Labels, parts: Labels, n_labels: int, n_parts: int, least: float
) -> Labels:
    """Make every label of `labels` one 4-connected region.

    A label keeps its largest area. Its other areas, and labels of fewer than
    `least` pixels, are absorbed by the regions around them. The largest area of
    every one of the 4-connected `parts` stays, so none is left without a label.
    `labels` may have more columns than `parts`, which are left out.
    """
    runs, first = _runs(labels, parts.shape[1])
    piece = np.empty(len(runs), np.int32)
    n = int(find_pieces(runs, first, 0, piece))
    best = np.full(n_parts, -1, np.int64), np.full(n_labels, -1, np.int64)
    value = np.empty(len(runs), np.int32)
    choose(runs, first, piece, parts, least, np.zeros(n, np.int64), *best, value)
    out: Labels = np.full(parts.shape, -1, np.int32)
    paint(runs, first, value, out)
    orphans: Ints32 = np.empty(out.size, np.int32)
    n = int(list_orphans(runs, first, value, out.shape[1], orphans))
    orphans = orphans[:n]
    absorb(orphans, out, np.empty_like(orphans), np.empty_like(orphans))
    return out


def renumbered(labels: Labels, n_labels: int) -> int:
    """Rename labels >= 0 to 0..n-1 in reading order, in place; return n."""
    return int(renumber(labels, np.full(n_labels, -1, np.int32)))


def _runs(labels: Labels, width: int) -> tuple[Ints32, Ints]:
    runs = np.empty((labels.shape[0] * width, 3), np.int32)
    first = np.empty(labels.shape[0] + 1, np.int64)
    find_runs(labels, width, runs, first)
    return runs[: first[-1]], first
