"""`geodesic_distances` against Bellman-Ford, scipy and its laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import splitting as oracle
from strategies import label_images

from portraitkit.instance import geodesic_distances
from portraitkit.instance._numba import geodesic as loops
from portraitkit.superpixels import region_graph


@st.composite
def problems(draw):
    """A graph, weights (many of them 0) and sources of up to three persons."""
    graph = region_graph(draw(label_images(low=-1, max_labels=12)))
    n = len(graph.edges)
    weight = st.one_of(st.just(0.0), st.floats(0, 5), st.just(math.inf))
    weights = draw(st.lists(weight, min_size=n, max_size=n))
    region = st.integers(0, max(graph.n_regions - 1, 0))
    source = st.lists(region, max_size=4 if graph.n_regions else 0)
    return graph, np.array(weights), draw(st.lists(source, max_size=3))


class TestAgainstOracle:
    @given(problems())
    def test_equals_bellman_ford(self, problem):
        graph, weights, sources = problem
        got = geodesic_distances(graph, weights, sources)
        costs = {
            tuple(e): w for e, w in zip(graph.edges.tolist(), weights, strict=True)
        }
        assert got.shape == (len(sources), graph.n_regions)
        for row, source in zip(got, sources, strict=True):
            assert_allclose(row, oracle.shortest(graph.n_regions, costs, source))

    @given(problems())
    def test_compiled_equals_interpreted(self, problem):
        got = geodesic_distances(*problem)
        with pytest.MonkeyPatch.context() as patch:
            for name in ("shortest_paths", "_sift_up", "_sift_down"):
                loop = getattr(loops, name)
                patch.setattr(loops, name, getattr(loop, "py_func", loop))
            plain = loops.shortest_paths
            patch.setattr("portraitkit.instance.geodesic.shortest_paths", plain)
            assert_array_equal(geodesic_distances(*problem), got)

    @pytest.mark.parametrize("side", [3, 5, 8, 13, 50])
    def test_equals_scipy_on_larger_graphs(self, side):
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import dijkstra

        n = side * side
        graph = region_graph(np.arange(n).reshape(side, side))
        for seed in range(5):
            weights = np.random.default_rng(seed).random(len(graph.edges)) ** 4 + 1e-9
            matrix = coo_array((weights, graph.edges.T), shape=(n, n)).tocsr()
            expected = dijkstra(matrix, directed=False, indices=[0, n - 2])
            got = geodesic_distances(graph, weights, [[0], [n - 2]])
            assert_allclose(got, expected)


class TestLaws:
    @given(problems())
    def test_no_edge_can_shorten_a_path(self, problem):
        graph, weights, sources = problem
        for row in geodesic_distances(graph, weights, sources):
            a, b = row[graph.edges.T]
            assert (b <= a + weights).all()
            assert (a <= b + weights).all()

    @given(problems())
    def test_a_group_of_sources_is_the_best_of_each(self, problem):
        graph, weights, sources = problem
        for source in sources:
            together = geodesic_distances(graph, weights, [source])
            alone = geodesic_distances(graph, weights, [[k] for k in source])
            assert_array_equal(together[0], alone.min(axis=0, initial=np.inf))

    def test_zero_weights_are_edges(self):
        graph = region_graph([[0, 1, 2]])
        assert_array_equal(geodesic_distances(graph, [0, 0], [[0]]), [[0, 0, 0]])


class TestRefusals:
    @pytest.mark.parametrize(
        ("weights", "sources", "error", "match"),
        [
            ([1.0], [[0]], ValueError, r"weights must hold one number .* 2 edges"),
            ([1.0, -1.0], [[0]], ValueError, r"weights must be >= 0; got -1"),
            ([1.0, 1j], [[0]], TypeError, r"weights must be real numbers; got complex"),
            (["a", "b"], [[0]], TypeError, r"weights must be real numbers"),
            ([1.0, np.nan], [[0]], ValueError, r"weights must be >= 0; got nan"),
            ([1.0, 1.0], [[0], [3]], ValueError, r"sources .* 0\.\.2; got 3\.\.3 in row 1"),
            ([1.0, 1.0], [[-1]], ValueError, r"sources must lie in 0\.\.2; got -1"),
            ([1.0, 1.0], [[0.5]], TypeError, r"sources must be region numbers"),
            ([1.0, 1.0], 5, TypeError, r"sources must hold an array .*; got 5"),
        ],
    )  # fmt: skip
    def test_message_names_argument_and_value(self, weights, sources, error, match):
        with pytest.raises(error, match=match):
            geodesic_distances(region_graph([[0, 1, 2]]), weights, sources)

    def test_what_is_no_graph(self):
        with pytest.raises(TypeError, match="graph must be a RegionGraph; got list"):
            geodesic_distances([[0, 1]], [1.0], [[0]])  # type: ignore[arg-type]
