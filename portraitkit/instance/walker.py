"""Share out unknown pieces by random walks: the best known here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..superpixels.clustering import lab_of
from ._numba.walker import walk
from .affinity import decide, paint
from .hints import with_faces, with_tips
from .histogram import color_histograms, edge_chi_square
from .ownership import with_cores
from .pieces import cut_pieces

if TYPE_CHECKING:
    from .._core.typing import Floats, Floats32, Labels
    from .pieces import Pieces
    from .scene import Scene

PATTERN, COLOR = 8.0, 4.0
"""Resistance of a border by histogram and by mean color; a plateau, not a peak."""
FINER = 3
"""Times as many superpixels as other methods cut: walks like short steps."""
LEAST = 1e-4
"""Conductance of a pixel of any border: nothing is quite impassable."""
FEW = 0.03
"""Share of a box's mask below which exclusive pixels are too few to walk to."""
TOLERANCE = 1e-10
"""Of the walk's equations, in the norm of its solver."""


def split_with_hints(scene: Scene, n_segments: int) -> tuple[Labels, Floats32]:
    """Walk to the seeds of `split_by_walk` and to what else must be a person's."""
    seeds = with_tips(scene.seeds, scene.frames)
    seeds = with_faces(seeds, scene.frames, scene.faces)
    seeds = with_cores(seeds, scene.seeds, scene.frames, least=FEW)
    return _walk(replace(scene, seeds=seeds), FINER * n_segments)


def split_by_walk(scene: Scene, n_segments: int) -> tuple[Labels, Floats32]:
    """Give every pixel the person whose seeds a random walk from it meets first.

    A piece that is cut off from all seeds goes to the nearest box.
    """
    seeds = with_cores(scene.seeds, scene.seeds, scene.frames)
    return _walk(replace(scene, seeds=seeds), n_segments)


def _walk(scene: Scene, n_segments: int) -> tuple[Labels, Floats32]:
    pieces = cut_pieces(scene, n_segments)
    chances = meeting_chances(pieces, conductances(scene, pieces), scene.n_persons)
    reached = chances.max(1, keepdims=True) > 0
    costs = scene.frames.distances(pieces.center)
    with np.errstate(divide="ignore"):
        np.divide(1, chances, out=costs, where=reached)
    return paint(pieces, *decide(costs, pieces, scene.frames))


def conductances(scene: Scene, pieces: Pieces) -> Floats:
    """Return how easily a walk crosses each edge: long borders between like colors.

    The squared difference of mean colors counts in units of its mean over the
    edges, so that a flat picture is cut as readily as a contrasty one.
    """
    a, b = pieces.graph.edges.T
    histograms = color_histograms(scene.image, pieces.labels)
    pattern = edge_chi_square(histograms, pieces.graph)
    mean = _mean_colors(scene, pieces)
    color = ((mean[a] - mean[b]) ** 2).sum(1)
    color /= max(float(color.mean()), 1e-9) if len(color) else 1
    likeness: Floats = np.exp(-PATTERN * pattern - COLOR * color)
    return pieces.graph.border * (likeness + LEAST)


def _mean_colors(scene: Scene, pieces: Pieces) -> Floats:
    lab, piece = lab_of(scene.image)[scene.mask], pieces.labels[scene.mask]
    k = pieces.graph.n_regions
    sums = [np.bincount(piece, lab[:, c], k) for c in range(3)]
    mean: Floats = np.stack(sums, axis=1) / pieces.size[:, None]
    return mean


def meeting_chances(pieces: Pieces, conductance: Floats, n_persons: int) -> Floats:
    """Return (K, N) the chance that a walk from each piece meets each person first.

    A walk moves to a neighbour in proportion to the conductance towards it (the
    random walker of Grady [1]_, on pieces instead of pixels). A piece that is cut off
    from all seeds has chance 0 of each.

    References
    ----------
    .. [1] Grady, "Random walks for image segmentation", PAMI 2006.
    """
    graph, k = pieces.graph, pieces.graph.n_regions
    pull = conductance[graph.edge_of]
    weight = np.zeros(k) + np.bincount(
        graph.edges.ravel(), np.repeat(conductance, 2), k
    )
    free = np.flatnonzero(pieces.seed < 0)
    chances, work = np.zeros((n_persons, k)), np.zeros((4, k))
    for i, chance in enumerate(chances):
        start = (pieces.seed == i + 1).astype(np.float64)
        walk(
            graph.indptr, graph.indices, pull, weight, free,
            start, TOLERANCE, chance, work,
        )  # fmt: skip
        chance += start
    return chances.clip(0, 1).T
