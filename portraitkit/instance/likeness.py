"""How much speaks for a border between persons, where two pieces touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..superpixels.clustering import lab_of, slic

if TYPE_CHECKING:
    from .._core.typing import Floats, Ints, Labels
    from .pieces import Pieces
    from .scene import Scene

LIGHT = 0.35
"""Weight of lightness beside hue and chroma: folds and shadows are within a person."""
NOISE = 1.0
"""Squared difference of color, in Lab, that is always there."""
COARSE = (2, 4, 8)
"""How many times larger superpixels are in which two pieces should lie together."""
APART = 2.0
"""Log of the cost of lying apart in all of them."""
UPRIGHT = 4.0
"""Weight of a border's level parts: people stand side by side, head over heels."""


def crossing_costs(scene: Scene, pieces: Pieces, n_segments: int) -> Floats:
    """(E,) what a step across each edge costs: a jump in color, seen at every scale.

    The squared difference of mean colors, times up to e**2 where larger superpixels
    (`n_segments` over 2, 4 and 8) too put the two pieces apart.
    """
    lab = lab_of(scene.image)[scene.mask]
    lab[:, 0] *= LIGHT
    mean = pieces.mean(lab, scene.mask)
    a, b = pieces.graph.edges.T
    color = ((mean[a] - mean[b]) ** 2).sum(1)
    apart = np.mean([_apart(scene, pieces, n_segments // c) for c in COARSE], axis=0)
    costs: Floats = (color + NOISE) * np.exp(APART * apart)
    return costs


def _apart(scene: Scene, pieces: Pieces, n_segments: int) -> Floats:
    """(E,) chance that two pixels, one of each piece, lie in different superpixels."""
    from scipy.sparse import csr_array

    coarse = slic(scene.image, n_segments=max(n_segments, 1), mask=scene.mask)
    where = pieces.labels[scene.mask], coarse[scene.mask]
    shape = len(pieces.size), int(coarse.max(initial=-1)) + 1
    shares = csr_array((1 / pieces.size[where[0]], where), shape=shape)
    a, b = pieces.graph.edges.T
    together = np.asarray((shares[a] * shares[b]).sum(1)).ravel()
    return 1 - together


def upright_borders(pieces: Pieces) -> Floats:
    """(E,) length of each edge's border; what lies level counts `UPRIGHT` times."""
    graph = pieces.graph
    above, below = pieces.labels[:-1], pieces.labels[1:]
    meet = (above != below) & (above >= 0) & (below >= 0)
    level = np.bincount(
        _edge(graph.edges, above[meet], below[meet]), minlength=len(graph.edges)
    )
    lengths: Floats = graph.border + (UPRIGHT - 1) * level
    return lengths


def _edge(edges: Labels, one: Ints, other: Ints) -> Ints:
    """Rows of the pairs of regions in the sorted `edges`."""
    n = np.int64(edges.max(initial=0)) + 1
    keys = edges[:, 0] * n + edges[:, 1]
    return np.searchsorted(keys, np.minimum(one, other) * n + np.maximum(one, other))
