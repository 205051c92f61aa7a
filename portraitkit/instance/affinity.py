"""Share out unknown pieces by geodesic distance: the paper to the letter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .geodesic import geodesic_distances
from .histogram import color_histograms, edge_chi_square
from .ownership import with_cores
from .pieces import cut_pieces

if TYPE_CHECKING:
    from .._core.typing import Bools, Floats, Floats32, Ints, Labels
    from .ownership import Frames
    from .pieces import Pieces
    from .scene import Scene


def split_by_color(scene: Scene, n_segments: int) -> tuple[Labels, Floats32]:
    """Give every pixel of the mask the person at the least chi-square distance."""
    pieces, distances = color_distances(scene, n_segments)
    return paint(pieces, *decide(distances.T, pieces, scene.frames))


def color_distances(scene: Scene, n_segments: int) -> tuple[Pieces, Floats]:
    """Cut the mask into pieces; (N, K) how far each is from each person by color."""
    scene = replace(scene, seeds=with_cores(scene.seeds, scene.seeds, scene.frames))
    pieces = cut_pieces(scene, n_segments)
    histograms = color_histograms(scene.image, pieces.labels)
    weights = edge_chi_square(histograms, pieces.graph)
    sources = pieces.sources(scene.n_persons)
    return pieces, geodesic_distances(pieces.graph, weights, sources)


def decide(
    distances: Floats, pieces: Pieces, frames: Frames, *, able: Bools | None = None
) -> tuple[Ints, Floats]:
    """Choose each piece's person from its (K, N) distances to them.

    `able` (K, N) says which boxes may own a piece; by default, those that hold its
    center, all if none does.

    Returns
    -------
    persons : (K,) int64 array
        1..N: the seed's person, or the nearest of those that may own the piece; ties
        go to the nearest box.
    confidence : (K,) float64 array
        ``(d2 - d1) / (d2 + d1)``: 1 for seeds, without a second candidate, or with
        one out of reach; 0 when both are at 0.
    """
    allowed = frames.candidates(pieces.center) if able is None else able
    costs = np.where(allowed, distances, np.inf)
    tied = (costs == costs.min(1, keepdims=True)) & allowed
    boxes = np.where(tied, frames.distances(pieces.center), np.inf)
    persons = boxes.argmin(1) + 1
    confidence = margin(costs)
    seeded = pieces.seed > 0
    persons[seeded] = pieces.seed[seeded]
    confidence[seeded] = 1
    return persons, confidence


def margin(costs: Floats) -> Floats:
    """Return ``(d2 - d1) / (d2 + d1)`` of the two least in each row of (K, N)."""
    if costs.shape[1] < 2:
        return np.ones(len(costs))
    least, second = np.partition(costs, 1, axis=1)[:, :2].T
    clear = np.isinf(second)
    total = np.where(clear | (second == 0), 1, second + least)
    return np.where(clear, 1.0, (second - np.where(clear, 0, least)) / total)


def paint(pieces: Pieces, persons: Ints, confidence: Floats) -> tuple[Labels, Floats32]:
    """Bring a choice for each piece back to its pixels; 0 outside the mask."""
    # Label -1 picks the entry appended last.
    labels = np.append(persons, 0).astype(np.int32)[pieces.labels]
    return labels, np.append(confidence, 0).astype(np.float32)[pieces.labels]
