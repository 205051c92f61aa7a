"""Connected areas of a label image."""

import numpy as np

from .._core.typing import Bools, Ints, Labels
from ._numba.connected import absorb, components, orphan, renumber, tally


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
    O(H W) time, 12 bytes a pixel of working memory.
    """
    regions = np.full(labels.shape, -1, np.int32)
    values = np.ascontiguousarray(labels, np.int64)
    n = components(values, eight, regions, np.empty(labels.size, np.int32))
    return regions, int(n)


def join_fragments(labels: Labels, parts: Labels, least: float) -> None:
    """Make every label of `labels` one 4-connected region, in place.

    A label keeps its largest area. Its other areas, and labels of fewer than
    `least` pixels, are absorbed by the regions around them. The largest area of
    every one of the 4-connected `parts` stays, so none is left without a label.
    """
    pieces, n = connected_regions(labels)
    size, owner, part = (np.zeros(n, np.int64) for _ in range(3))
    tally(pieces, labels, parts, size, owner, part)
    keep = _largest(owner, size) & (size >= least)
    keep |= _largest(part, size)
    orphan(pieces, keep, labels)
    absorb(labels, np.empty(labels.size, np.int32))


def _largest(group: Ints, size: Ints) -> Bools:
    """Mark the largest member of every group, the first of equals."""
    order = np.lexsort((-size, group))
    first = np.ones(len(order), bool)
    first[1:] = group[order][1:] != group[order][:-1]
    marked = np.zeros(len(order), bool)
    marked[order[first]] = True
    return marked


def renumbered(labels: Labels, n_labels: int) -> int:
    """Rename labels >= 0 to 0..n-1 in reading order, in place; return n."""
    return int(renumber(labels, np.full(n_labels, -1, np.int32)))
