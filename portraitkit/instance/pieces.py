"""Superpixels of a mask, cut so that each is all seed or all unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..superpixels.clustering import slic
from ..superpixels.connected import connected_regions
from ..superpixels.graph import RegionGraph, region_graph
from ._numba.pieces import measure

if TYPE_CHECKING:
    from .._core.typing import Floats, Floats32, Ints, Labels, Mask
    from .scene import Scene


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """K connected pieces of a mask.

    Attributes
    ----------
    labels : (H, W) int32 array
        Piece of each pixel, -1 outside the mask.
    seed : (K,) int64 array
        Person i = 1..N whose seed a piece is, or -1.
    size : (K,) int64 array
        Pixels.
    center : (K, 2) float64 array
        Mean x, y in pixels.
    graph : RegionGraph
    """

    labels: Labels
    seed: Ints
    size: Ints
    center: Floats
    graph: RegionGraph

    def mean(self, values: Floats32, mask: Mask) -> Floats:
        """(K, C) means over each piece of `values`, (P, C) for the mask's P pixels."""
        piece, k = self.labels[mask], len(self.size)
        sums = [np.bincount(piece, column, k) for column in values.T]
        means: Floats = np.stack(sums, axis=1) / self.size[:, None]
        return means

    def sources(self, n_persons: int) -> list[Ints]:
        """Return each person's seed pieces."""
        return [np.flatnonzero(self.seed == i + 1) for i in range(n_persons)]


def cut_pieces(scene: Scene, n_segments: int, *, cells: Labels | None = None) -> Pieces:
    """Cut `scene` into superpixels, and those at the borders of its seeds.

    The papers' superpixels are only told apart by color and place; cut where seeds
    meet unknown, every piece is of one kind. Cut at the borders of `cells` too, if
    there are any.
    """
    superpixels = slic(scene.image, n_segments=n_segments, mask=scene.mask)
    kinds = scene.n_persons + 2
    n_cells = 1 if cells is None else int(cells.max()) + 1
    short = (int(superpixels.max()) + 1) * kinds * n_cells < 2**31
    both = superpixels * (np.int32 if short else np.int64)(kinds)
    both += scene.seeds + 1  # outside the mask, 1 - kinds
    if cells is not None:
        both = both * both.dtype.type(n_cells) + cells
    labels, k = connected_regions(both)
    sums, seed = np.zeros((k, 3), np.int64), np.empty(k, np.int64)
    measure(labels, scene.seeds, sums, seed)
    size = sums[:, 0]
    center = sums[:, 1:] / size[:, None] + 0.5
    return Pieces(labels, seed, size, center, region_graph(labels))
