"""Geodesic distance over a graph of regions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from .._core.checks import describe
from ..superpixels.graph import RegionGraph
from ._numba.geodesic import shortest_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._core.typing import ArrayLike, Floats, Ints


def geodesic_distances(
    graph: RegionGraph, weights: ArrayLike, sources: Sequence[ArrayLike]
) -> Floats:
    """Return the least sum of weights along a path from each person to each region.

    Parameters
    ----------
    graph : RegionGraph
        K regions, E edges.
    weights : (E,) array_like
        Cost of each of ``graph.edges``, >= 0. An edge of cost 0 is still an edge.
    sources : sequence of S array_like of int
        The regions where each person begins, in 0..K-1; may be empty.

    Returns
    -------
    (S, K) float64 array
        0 at a person's own sources, inf where no path leads.

    Raises
    ------
    TypeError, ValueError
        If `graph` is none, there is not one weight >= 0 an edge, or a source is no
        region.

    See Also
    --------
    split_instances : Uses these distances to share out a mask.

    Notes
    -----
    Multi-source Dijkstra with a binary heap, eq. 1 of [1]_: O(S (E + K) log K) time,
    O(K) memory besides the result.

    References
    ----------
    .. [1] Zhu et al., "Portrait instance segmentation for mobile devices", ICME
       2019, section 2.2.

    Examples
    --------
    >>> from portraitkit.superpixels import region_graph
    >>> graph = region_graph([[0, 1, 2, -1, 3]])
    >>> geodesic_distances(graph, [0.5, 0.25], [[0], [2]])
    array([[0.  , 0.5 , 0.75,  inf],
           [0.75, 0.25, 0.  ,  inf]])
    """
    if not isinstance(graph, RegionGraph):
        msg = f"graph must be a RegionGraph; got {type(graph).__name__}"
        raise TypeError(msg)
    if not isinstance(sources, Iterable):
        msg = f"sources must hold an array for each person; got {sources!r}"
        raise TypeError(msg)
    cost = _check_weights(weights, len(graph.edges))
    starts = [
        _check_source(row, source, graph.n_regions)
        for row, source in enumerate(sources)
    ]
    distances = np.full((len(starts), graph.n_regions), np.inf)
    heap = np.empty(graph.n_regions, np.int64)
    for distance, start in zip(distances, starts, strict=True):
        distance[start] = 0
        place = np.full(graph.n_regions, -1, np.int64)
        shortest_paths(
            graph.indptr, graph.indices, graph.edge_of, cost, distance, heap, place
        )
    return distances


def _check_weights(weights: ArrayLike, n_edges: int) -> Floats:
    cost = np.asarray(weights)
    if cost.shape != (n_edges,):
        msg = (
            f"weights must hold one number for each of the {n_edges} edges; "
            f"got {describe(cost)}"
        )
        raise ValueError(msg)
    if cost.dtype.kind not in "biuf":
        msg = f"weights must be real numbers; got {describe(cost)}"
        raise TypeError(msg)
    cost = np.ascontiguousarray(cost, dtype=np.float64)
    if not (cost >= 0).all():
        msg = f"weights must be >= 0; got {cost[~(cost >= 0)][0]}"
        raise ValueError(msg)
    return cost


def _check_source(row: int, source: ArrayLike, n_regions: int) -> Ints:
    regions = np.asarray(source)
    if regions.size == 0:
        return np.zeros(0, np.int64)
    if not np.issubdtype(regions.dtype, np.integer):
        msg = f"sources must be region numbers; got {describe(regions)} in row {row}"
        raise TypeError(msg)
    if regions.min() < 0 or regions.max() >= n_regions:
        msg = (
            f"sources must lie in 0..{n_regions - 1}; "
            f"got {regions.min()}..{regions.max()} in row {row}"
        )
        raise ValueError(msg)
    return regions.astype(np.int64).ravel()
