"""`region_graph` against its oracle, its laws and its refusals."""

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_array_equal
from oracles import regions as oracle
from strategies import label_images

from portraitkit.superpixels import region_graph
from portraitkit.superpixels._numba import graph as loops

LOOPS = "find_stretches", "sort_stretches", "merge_borders", "fill_rows"


class TestAgainstOracle:
    @given(label_images(low=-2))
    def test_edges_and_borders(self, labels):
        got = region_graph(labels)
        expected = oracle.borders(labels)
        assert [tuple(edge) for edge in got.edges.tolist()] == sorted(expected)
        assert got.border.tolist() == [expected[edge] for edge in sorted(expected)]
        assert got.n_regions == max(labels.max() + 1, 0)

    @given(label_images(low=-1))
    def test_compiled_equals_interpreted(self, labels):
        compiled = region_graph(labels)
        with pytest.MonkeyPatch.context() as patch:
            for name in LOOPS:
                target = f"portraitkit.superpixels.graph.{name}"
                patch.setattr(target, getattr(loops, name).py_func)
            slow = region_graph(labels)
        for field in ("edges", "border", "indptr", "indices", "edge_of"):
            assert_array_equal(getattr(compiled, field), getattr(slow, field))


class TestLaws:
    @given(label_images(low=-1))
    def test_rows_list_each_edge_from_both_ends(self, labels):
        graph = region_graph(labels)
        for k in range(graph.n_regions):
            row = slice(graph.indptr[k], graph.indptr[k + 1])
            neighbours = graph.indices[row]
            assert (np.diff(neighbours) > 0).all()
            for other, e in zip(neighbours, graph.edge_of[row], strict=True):
                assert set(graph.edges[e].tolist()) == {k, int(other)}
        assert graph.indptr[-1] == 2 * len(graph.edges)

    @given(label_images(low=-1))
    def test_mirroring_changes_nothing(self, labels):
        plain, turned = region_graph(labels), region_graph(labels[::-1, ::-1].T)
        assert_array_equal(plain.edges, turned.edges)
        assert_array_equal(plain.border, turned.border)

    @given(label_images(low=-1))
    def test_networkx_holds_the_same(self, labels):
        graph = region_graph(labels)
        cost = np.arange(len(graph.edges)) / 2
        other = graph.to_networkx(cost=cost)
        assert sorted(other.nodes) == list(range(graph.n_regions))
        assert other.number_of_edges() == len(graph.edges)
        for e, (a, b) in enumerate(graph.edges.tolist()):
            assert other.edges[a, b] == {"border": graph.border[e], "cost": cost[e]}


class TestInputs:
    def test_corners_do_not_touch(self):
        assert len(region_graph([[0, -1], [-1, 1]]).edges) == 0

    @pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
    def test_no_pixels(self, shape):
        graph = region_graph(np.zeros(shape, np.int32))
        assert (graph.n_regions, len(graph.edges)) == (0, 0)

    def test_sparse_labels_leave_lonely_nodes(self):
        graph = region_graph(np.array([[7, 2]], np.uint8))
        assert graph.n_regions == 8
        assert_array_equal(np.diff(graph.indptr), [0, 0, 1, 0, 0, 0, 0, 1])

    @pytest.mark.parametrize(
        ("labels", "error", "match"),
        [
            ([[0.5]], TypeError, r"labels must be an integer array.*float64"),
            ([0, 1], ValueError, r"labels must be .*\(H, W\).*\(2,\)"),
            ([[2**24]], ValueError, r"labels must be < 2\*\*24; got 16777216"),
            ([[2**40]], ValueError, r"labels must lie in"),
        ],
    )
    def test_refusals(self, labels, error, match):
        with pytest.raises(error, match=match):
            region_graph(labels)

    def test_networkx_refuses_a_wrong_length(self):
        with pytest.raises(ValueError, match=r"cost must hold .* 1 edges.*\(2,\)"):
            region_graph([[0, 1]]).to_networkx(cost=[1, 2])
