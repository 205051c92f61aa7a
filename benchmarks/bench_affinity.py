"""Color histograms, region graph, chi-square and Dijkstra against NumPy and SciPy."""

import cv2
import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from benchmarks._ratio import OURS
from benchmarks.bench_superpixels import photo  # noqa: F401
from portraitkit.instance import geodesic_distances
from portraitkit.instance.histogram import color_histograms, edge_chi_square
from portraitkit.superpixels import region_graph, slic

CASES = {
    "800x600, 500": (800, 600, 500, 3),
    "1080p, 2000": (1080, 1920, 2000, 4),
    "1080p, 10000": (1080, 1920, 10000, 4),
}
BINS = 8


def by_us(image, labels, sources):
    graph = region_graph(labels)
    weights = edge_chi_square(color_histograms(image, labels), graph)
    return geodesic_distances(graph, weights, sources)


def by_scipy(image, labels, sources):
    """The same, a good NumPy programmer's way: no loop over pixels or regions."""
    k = int(labels.max()) + 1
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.int32) * BINS >> 8
    color = (lab[..., 0] * BINS + lab[..., 1]) * BINS + lab[..., 2]
    place = (labels * BINS**3 + color).ravel()
    counts = np.bincount(place, minlength=k * BINS**3).reshape(k, -1)
    p = (counts / np.bincount(labels.ravel())[:, None]).astype(np.float32)
    across = np.stack((labels[:, 1:].ravel(), labels[:, :-1].ravel()))
    down = np.stack((labels[1:].ravel(), labels[:-1].ravel()))
    pairs = np.concatenate((across[:, across[0] != across[1]], down), axis=1)
    pairs = pairs[:, pairs[0] != pairs[1]]
    low, high = pairs.min(0), pairs.max(0)
    code = np.unique(low.astype(np.int64) * k + high)
    a, b = code // k, code % k
    both = p[a] + p[b]
    both[both == 0] = 1
    weights = ((p[a] - p[b]) ** 2 / both).sum(1) / 2
    # An edge of cost 0 would be no edge to scipy.
    ends = (np.r_[a, b], np.r_[b, a])
    graph = sparse.csr_matrix((np.tile(np.maximum(weights, 1e-12), 2), ends), (k, k))
    return [dijkstra(graph, indices=ids, min_only=True) for ids in sources]


@pytest.mark.parametrize("case", CASES)
def test_affinity(case, photo, ratios):  # noqa: F811
    height, width, n, goal = CASES[case]
    image = photo(height, width)
    labels = slic(image, n_segments=n)
    regions = np.random.default_rng(2).permutation(labels.max() + 1)
    sources = np.array_split(regions[: n // 10], 3)
    wanted = by_scipy(image, labels, sources)
    np.testing.assert_allclose(by_us(image, labels, sources), wanted, atol=1e-4)
    runs = {
        "numpy + scipy": lambda: by_scipy(image, labels, sources),
        OURS: lambda: by_us(image, labels, sources),
    }
    ratios(f"histograms to distances, {case}", runs, goal=goal, rounds=7)
