"""Pieces are measured as NumPy would, and are all seed or all unknown."""

import numpy as np
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from strategies import label_images

from portraitkit.instance._numba.pieces import measure
from portraitkit.instance.ownership import Frames
from portraitkit.instance.pieces import cut_pieces
from portraitkit.instance.scene import Scene


@given(label_images(low=-1))
def test_measure(labels):
    labels = labels.astype(np.int32)
    seeds = (labels * 7 % 5).astype(np.int32)
    k = int(labels.max()) + 1
    for run in (measure, measure.py_func):
        sums, seed = np.zeros((k, 3), np.int64), np.full(k, -9)
        run(labels, seeds, sums, seed)
        for i in range(k):
            y, x = np.nonzero(labels == i)
            assert list(sums[i]) == [len(x), x.sum(), y.sum()]
            assert seed[i] == (i * 7 % 5 if len(x) else -9)


def test_pieces_of_a_scene(rng):
    image = rng.integers(0, 256, (40, 50, 3), np.uint8)
    mask = rng.random((40, 50)) < 0.97
    boxes = np.array([[0, 0, 30, 40], [20, 5, 50, 35]], float)
    scene = Scene.of(image, mask, Frames.of(boxes, mask.shape), np.zeros((0, 4)))
    pieces = cut_pieces(scene, 20)
    assert_array_equal(pieces.labels >= 0, mask)
    for k in range(len(pieces.size)):
        inside = pieces.labels == k
        y, x = np.nonzero(inside)
        assert pieces.size[k] == len(x)
        assert_allclose(pieces.center[k], [x.mean() + 0.5, y.mean() + 0.5])
        assert set(scene.seeds[inside]) == {pieces.seed[k]}
    assert pieces.graph.n_regions == len(pieces.size)
