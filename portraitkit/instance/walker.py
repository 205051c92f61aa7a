"""Share out unknown pieces by random walks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..superpixels.clustering import lab_of
from ._numba.walker import walk
from .affinity import decide, paint
from .histogram import color_histograms, edge_chi_square
from .ownership import with_cores
from .pieces import cut_pieces

if TYPE_CHECKING:
    from .._core.typing import Bools, Floats, Floats32, Labels
    from .ownership import Frames
    from .pieces import Pieces
    from .scene import Scene

PATTERN, COLOR = 8.0, 4.0
"""Resistance of a border by histogram and by mean color; a plateau, not a peak."""
LEAST = 1e-4
"""Conductance of a pixel of any border: nothing is quite impassable."""
TOLERANCE = 1e-10
"""Of the walk's equations, in the norm of its solver."""


def split_by_walk(scene: Scene, n_segments: int) -> tuple[Labels, Floats32]:
    """Give every pixel the person whose seeds a random walk from it meets first.

    A piece that is cut off from all seeds goes to the nearest box.
    """
    seeds = with_cores(scene.seeds, scene.seeds, scene.frames)
    pieces = cut_pieces(replace(scene, seeds=seeds), n_segments)
    chances = meeting_chances(pieces, conductances(scene, pieces), scene.n_persons)
    costs = costs_of(chances, pieces, scene.frames)
    return paint(pieces, *decide(costs, pieces, scene.frames))


def costs_of(chances: Floats, pieces: Pieces, frames: Frames) -> Floats:
    """Turn (K, N) chances into costs; where there is no chance, distance decides."""
    costs = frames.distances(pieces.center)
    with np.errstate(divide="ignore"):
        np.divide(1, chances, out=costs, where=chances.max(1, keepdims=True) > 0)
    return costs


def conductances(scene: Scene, pieces: Pieces) -> Floats:
    """Return how easily a walk crosses each edge: long borders between like colors.

    The squared difference of mean colors counts in units of its mean over the
    edges, so that a flat picture is cut as readily as a contrasty one.
    """
    a, b = pieces.graph.edges.T
    histograms = color_histograms(scene.image, pieces.labels)
    pattern = edge_chi_square(histograms, pieces.graph)
    mean = pieces.mean(lab_of(scene.image)[scene.mask], scene.mask)
    color = ((mean[a] - mean[b]) ** 2).sum(1)
    color /= max(float(color.mean()), 1e-9) if len(color) else 1
    likeness: Floats = np.exp(-PATTERN * pattern - COLOR * color)
    return pieces.graph.border * (likeness + LEAST)


def meeting_chances(
    pieces: Pieces,
    conductance: Floats,
    n_persons: int,
    *,
    able: Bools | None = None,
    guess: Floats | None = None,
) -> Floats:
    """Return (K, N) the chance that a walk from each piece meets each person first.

    A walk moves to a neighbour in proportion to the conductance towards it (the
    random walker of Grady [1]_, on pieces instead of pixels). A piece that is cut off
    from all seeds has chance 0 of each.

    With `able` (K, N), each person's walks end where its box does, too: the chance is
    that of meeting its seeds before anything that can't be its own. `guess` (K, N) is
    where to start from, and changes only how long it takes.

    References
    ----------
    .. [1] Grady, "Random walks for image segmentation", PAMI 2006.
    """
    graph, k = pieces.graph, pieces.graph.n_regions
    pull = conductance[graph.edge_of]
    weight = np.zeros(k) + np.bincount(
        graph.edges.ravel(), np.repeat(conductance, 2), k
    )
    chances, work = np.zeros((n_persons, k)), np.zeros((4, k))
    for i, chance in enumerate(chances):
        start = (pieces.seed == i + 1).astype(np.float64)
        may = pieces.seed < 0 if able is None else (pieces.seed < 0) & able[:, i]
        free = np.flatnonzero(may)
        if guess is not None:
            chance[free] = guess[free, i]
        walk(
            graph.indptr, graph.indices, pull, weight, free,
            start, TOLERANCE, chance, work,
        )  # fmt: skip
        chance += start
    return chances.clip(0, 1).T
