"""Which superpixels touch, and along how many pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .._core.checks import check_labels
from ._numba.graph import fill_rows, find_stretches, merge_borders, sort_stretches
from .connected import find_all_runs, walled

if TYPE_CHECKING:
    import networkx as nx

    from .._core.typing import ArrayLike, Ints, Ints32, Labels

MOST_REGIONS = 2**24
"""Labels beyond this are names, not numbers: the graph would be mostly empty."""


@dataclass(frozen=True, slots=True, eq=False)
class RegionGraph:
    """The neighbourhood of the regions of a label image.

    Attributes
    ----------
    n_regions : int
        K; regions 0..K-1 are the nodes, also those without a pixel.
    edges : (E, 2) int32 array
        Pairs a < b of regions that touch, sorted by a, then b.
    border : (E,) int64 array
        Shared border of each pair: pixel pairs, one in each, side by side.
    indptr : (K + 1,) int64 array
        Region k's neighbours are ``indices[indptr[k] : indptr[k + 1]]``.
    indices : (2 E,) int32 array
        Neighbours, ascending within each region.
    edge_of : (2 E,) int32 array
        The row of `edges` behind each of `indices`.
    """

    n_regions: int
    edges: Ints32
    border: Ints
    indptr: Ints
    indices: Ints32
    edge_of: Ints32

    def to_networkx(self, **edge_arrays: ArrayLike) -> nx.Graph:
        """Return an undirected networkx graph of the regions.

        Parameters
        ----------
        **edge_arrays : (E,) array_like
            One edge attribute each, in the order of `edges`.

        Returns
        -------
        networkx.Graph
            Nodes 0..K-1; edges with `border` and the given attributes.

        Raises
        ------
        ValueError
            If an array does not hold one value an edge.

        Examples
        --------
        >>> graph = region_graph([[0, 0, 1]]).to_networkx(cost=[0.5])
        >>> graph.edges[0, 1]
        {'border': 1, 'cost': 0.5}
        """
        import networkx as nx

        columns = {"border": self.border.tolist()}
        for name, values in edge_arrays.items():
            array = np.asarray(values)
            if array.shape != (len(self.edges),):
                msg = (
                    f"{name} must hold one value for each of the "
                    f"{len(self.edges)} edges; got shape {array.shape}"
                )
                raise ValueError(msg)
            columns[name] = array.tolist()
        graph = nx.Graph()
        graph.add_nodes_from(range(self.n_regions))
        for e, (a, b) in enumerate(self.edges.tolist()):
            graph.add_edge(a, b, **{name: c[e] for name, c in columns.items()})
        return graph


def region_graph(labels: ArrayLike) -> RegionGraph:
    """Link the regions of a label image that touch.

    Parameters
    ----------
    labels : (H, W) int array_like
        Region of each pixel; labels < 0 are no region. Need not be contiguous or
        connected, but below 2**24.

    Returns
    -------
    RegionGraph
        4-neighbours only: regions that meet at a corner do not touch.

    Raises
    ------
    TypeError, ValueError
        If `labels` is not an integer array of two dimensions, or a label is too
        large to be a number.

    See Also
    --------
    slic : Make the regions.

    Notes
    -----
    O(H W + E log E) time, up to 20 bytes a pixel of working memory.

    Examples
    --------
    >>> graph = region_graph([[0, 0, 1], [2, 2, 1]])
    >>> graph.edges
    array([[0, 1],
           [0, 2],
           [1, 2]], dtype=int32)
    >>> graph.border
    array([1, 2, 1])
    """
    regions = check_labels("labels", labels, low=-(2**31))
    k = int(regions.max(initial=-1)) + 1
    if k > MOST_REGIONS:
        msg = f"labels must be < 2**24; got {k - 1}. Number the regions 0..n-1 first."
        raise ValueError(msg)
    edges, border = _edges(regions, k)
    degree = np.bincount(edges.ravel(), minlength=k)
    indptr = np.concatenate(([0], np.cumsum(degree, dtype=np.int64)))
    indices, edge_of = (np.empty(2 * len(edges), np.int32) for _ in range(2))
    fill_rows(edges, indptr[:-1].copy(), indices, edge_of)
    return RegionGraph(k, edges, border, indptr, indices, edge_of)


def _edges(regions: Labels, k: int) -> tuple[Ints32, Ints]:
    image = walled(regions.shape, np.int32)
    image[1:-1, : regions.shape[1]] = regions
    runs = find_all_runs(image)
    stretches = np.empty((3 * len(runs[1]) + 1, 3), np.int32)
    stretches = stretches[: find_stretches(*runs, image.shape[1], stretches)]
    begin = np.zeros(k + 2, np.int64)
    larger, lengths = np.empty((2, len(stretches)), np.int32)
    sort_stretches(stretches, begin, larger, lengths)
    edges = np.empty((len(larger), 2), np.int32)
    border = np.empty(len(larger), np.int64)
    slot = np.full(k, -1, np.int64)
    n = merge_borders(begin[:-1], larger, lengths, slot, edges, border)
    return edges[:n].copy(), border[:n].copy()
