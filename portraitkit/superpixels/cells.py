"""Where superpixels start from: cells of equal area."""

import numpy as np

from .._core.typing import Array, Ints
from ._numba.cells import cut_into_cells
from .connected import FEW, Runs


def allot(area: Ints, wanted: int) -> Ints:
    """Share out `wanted` superpixels by area, at least one to each part.

    Largest remainders; no part gets more than it has pixels.
    """
    total, parts = int(area.sum()), len(area)
    n = min(max(wanted, parts), total)
    room = max(total - parts, 1)
    share, remainder = np.divmod((area - 1) * (n - parts), room)
    share += 1
    left = n - int(share.sum())
    if left:
        share[np.argsort(-remainder, kind="stable")[:left]] += 1
    return share


def equal_cells(
    width: int, parts: Array, runs: Runs, area: Ints, share: Ints, side: float
) -> Array:
    """Cut each of `parts` into `share` cells of equal area, in a `walled` image.

    Parameters
    ----------
    width : int
        Columns of the picture.
    parts : (H + 2, pitch) int array
        4-connected part of each pixel, or -1; overwritten. One that is the whole
        picture need not be filled in.
    runs : tuple
        Runs of what is in a part, and of the rest.
    area, share : (P,) int64 array
        Pixels of each part and the cells it is to have.
    side : float
        How wide a cell is.

    Returns
    -------
    (H + 2, pitch) int16 array, or int32 for many cells
        Part 0 has labels 0..share[0] - 1, part 1 the next ones, and so on.
    """
    height = parts.shape[0] - 2
    labels = parts.astype(np.int16 if share.sum() <= FEW else np.int32, copy=False)
    n_strips = min(max(round(height / side), 1), height)
    if area[0] == height * width:
        edges = np.arange(n_strips + 1) * height // n_strips
        strips = _grid(edges, width, int(share[0])).astype(labels.dtype)
        labels[1:-1, :width] = np.repeat(strips, np.diff(edges), axis=0)
    else:
        cut_into_cells(*runs, area, share, n_strips, labels)
    return labels


def _grid(edges: Ints, width: int, n: int) -> Ints:
    """Return the cell of each column of each strip, as `cut_into_cells` counts them."""
    tall = np.diff(edges)[:, None]
    seen = edges[:-1, None] * width + (np.arange(width) + 0.5) * tall
    cells: Ints = (seen * n / (edges[-1] * width)).astype(np.int64)
    cells[1::2] = cells[1::2, ::-1]
    return cells
