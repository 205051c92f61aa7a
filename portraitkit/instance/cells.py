"""Where the same boxes hold a pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .._core.typing import Bools, Ints, Labels
    from .ownership import Frames

WORD = 62
"""Boxes told apart by the bits of one int64."""


def box_cells(frames: Frames) -> Labels:
    """(H, W) int32: a number for each set of boxes that hold a pixel.

    The sides of the boxes cut the picture into at most 2 N + 1 rows and columns of
    cells; only those are compared. O(H W + N**3) time.
    """
    spans, (height, width) = frames.spans(), frames.shape
    rows = np.unique(np.concatenate(([0], spans[:, 1], spans[:, 3])))
    cols = np.unique(np.concatenate(([0], spans[:, 0], spans[:, 2])))
    sets = np.zeros((len(rows), len(cols)), np.int64)
    for first in range(0, len(spans), WORD):
        word = np.zeros_like(sets)
        for bit, (x1, y1, x2, y2) in enumerate(spans[first : first + WORD].tolist()):
            high, low = np.searchsorted(rows, (y1, y2)), np.searchsorted(cols, (x1, x2))
            word[slice(*high), slice(*low)] |= 1 << bit
        word = _renumbered(word)
        sets = _renumbered(sets * (int(word.max()) + 1) + word)
    tall = np.searchsorted(rows, np.arange(height), side="right") - 1
    wide = np.searchsorted(cols, np.arange(width), side="right") - 1
    return sets.astype(np.int32)[tall[:, None], wide]


def _renumbered(values: Ints) -> Ints:
    _, numbers = np.unique(values, return_inverse=True)
    return numbers.reshape(values.shape).astype(np.int64)


def held_by(labels: Labels, n_pieces: int, frames: Frames) -> Bools:
    """(K, N) whether a box holds a piece; each must lie in one cell of `box_cells`."""
    y, x = np.nonzero(labels >= 0)
    some = np.zeros((n_pieces, 2))
    some[labels[y, x]] = np.stack([x, y], axis=1) + 0.5
    return frames.holding(some)
