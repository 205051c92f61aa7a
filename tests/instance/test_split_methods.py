"""Each method of splitting against a slow definition of what it is."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import regions
from oracles import splitting as oracle
from strategies import scenes

from portraitkit.instance import split_instances
from portraitkit.instance._numba import ownership as loops
from portraitkit.instance.affinity import decide, margin, split_by_color
from portraitkit.instance.ownership import (
    Frames,
    exclusive_owners,
    nearest_owners,
    with_cores,
)
from portraitkit.instance.pieces import cut_pieces
from portraitkit.instance.scene import Grid, Scene
from portraitkit.superpixels import slic


def plain(loop):
    return getattr(loop, "py_func", loop)


def scene_of(image, mask, boxes, faces=()):
    frames = Frames.of(np.array(boxes, float), mask.shape)
    return Scene.of(image, mask, frames, np.array(faces, float).reshape(-1, 4))


class TestOwnership:
    @given(scenes())
    def test_seeds_and_cores(self, case):
        _, mask, boxes = case
        frames = Frames.of(np.array(boxes, float), mask.shape)
        owner = exclusive_owners(mask, frames)
        assert_array_equal(owner, oracle.exclusive(mask, boxes))
        expected = oracle.with_cores(owner, boxes)
        assert_array_equal(with_cores(owner, owner, frames), expected)

    @given(scenes())
    def test_nearest_box(self, case):
        image, mask, boxes = case
        split = split_instances(image, mask, boxes, method="nearest-box")
        labels, confidence = oracle.nearest(mask, boxes)
        assert_array_equal(split.labels, labels)
        inside = split.unknown
        assert_allclose(split.confidence[inside], confidence[inside], atol=1e-6)

    @given(scenes())
    def test_compiled_equals_interpreted(self, case):
        _, mask, boxes = case
        frames = Frames.of(np.array(boxes, float), mask.shape)
        owner = exclusive_owners(mask, frames)
        fast = (owner, with_cores(owner, owner, frames), *nearest_owners(mask, frames))
        with pytest.MonkeyPatch.context() as patch:
            for name in ("mark_exclusive", "mark_cores", "mark_nearest"):
                target = f"portraitkit.instance.ownership.{name}"
                patch.setattr(target, plain(getattr(loops, name)))
            owner = exclusive_owners(mask, frames)
            cores = with_cores(owner, owner, frames)
            slow = (owner, cores, *nearest_owners(mask, frames))
        for a, b in zip(fast, slow, strict=True):
            assert_array_equal(a, b)


class TestChiSquareGeodesic:
    """The paper, step by step, on the very superpixels that the method used."""

    @given(scenes(max_side=10, most=3), st.integers(1, 12))
    def test_every_piece_has_a_least_distance(self, case, n_segments):
        image, mask, boxes = case
        if not mask.any():
            return
        labels, confidence = split_by_color(scene_of(image, mask, boxes), n_segments)
        seeds = oracle.with_cores(oracle.exclusive(mask, boxes), boxes)
        superpixels = slic(image, n_segments=n_segments, mask=mask)
        cut = superpixels * 100 + seeds + 1
        pieces, k = regions.connected(np.where(mask, cut, -1))
        lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
        rows = oracle.histograms(lab, pieces, 8, k)
        costs = {(a, b): oracle.chi_square(rows[a], rows[b])
                 for a, b in regions.borders(pieces)}  # fmt: skip
        distance = [
            oracle.shortest(k, costs, set(pieces[seeds == i + 1].tolist()))
            for i in range(len(boxes))
        ]
        shown = oracle.clipped(boxes, mask.shape)
        for piece in range(k):
            here = pieces == piece
            (person,), (sure,) = np.unique(labels[here]), np.unique(confidence[here])
            if (seeds[here] > 0).all():
                assert (person, sure) == (seeds[here][0], 1)
                continue
            y, x = np.argwhere(here).mean(0) + 0.5
            able = oracle.candidates(shown, x, y)
            found = {i: distance[i][piece] for i, _ in able}
            least = min(found.values())
            tied = [(oracle.remoteness(b, x, y), i) for i, b in able
                    if found[i] == least or found[i] <= least + 1e-6]  # fmt: skip
            assert person - 1 in [i for _, i in tied]
            assert sure == pytest.approx(
                oracle.margin(found.values()), abs=1e-3 if least > 1e-3 else 1
            )
            if math.isinf(least):
                nearest = min(tied)[0]
                own = {i: d for d, i in tied}[person - 1]
                assert own == pytest.approx(nearest)

    def test_ties_go_to_the_nearest_box(self):
        image, mask = np.zeros((6, 20, 3), np.uint8), np.ones((6, 20), bool)
        boxes = [[0, 0, 12, 6], [8, 0, 20, 6]]
        split = split_instances(image, mask, boxes, method="chi2-geodesic")
        assert_array_equal(split.labels[0], [1] * 10 + [2] * 10)
        assert (split.confidence[split.unknown] == 0).all()

    def test_out_of_reach_the_nearest_of_the_boxes_that_hold_it(self):
        image, mask = np.zeros((12, 60, 3), np.uint8), np.zeros((12, 60), bool)
        mask[8:10, 38:40] = True
        # The third box is the nearest, measured in its own size, but ends before it.
        boxes = [[10, 0, 40, 10], [20, 0, 40, 10], [0, 6, 38.5, 12]]
        scene = scene_of(image, mask, boxes)
        pieces = cut_pieces(scene, 1)
        distances = np.full((pieces.graph.n_regions, 3), np.inf)
        persons, sure = decide(distances, pieces, scene.frames)
        near = scene.frames.distances(pieces.center)[0]
        assert near.argmin() == 2
        assert pieces.seed[0] == -1
        assert (persons[0], sure[0]) == (near[:2].argmin() + 1, 1)

    def test_a_path_of_like_color_wins(self):
        image, mask = np.zeros((20, 40, 3), np.uint8), np.ones((20, 40), bool)
        image[:, :25] = (200, 30, 30)
        boxes = [[0, 0, 28, 20], [12, 0, 40, 20]]
        split = split_instances(image, mask, boxes, method="chi2-geodesic")
        assert_array_equal(split.labels[0], [1] * 25 + [2] * 15)
        assert (split.confidence == 1).all()


class TestMargin:
    @given(st.lists(st.lists(st.sampled_from([0, 0.5, 1, 7, math.inf]),
                             min_size=3, max_size=3), min_size=1))  # fmt: skip
    def test_equals_slow_definition(self, rows):
        assert_allclose(margin(np.array(rows)), [oracle.margin(row) for row in rows])


class TestGrid:
    @given(scenes(max_side=20), st.integers(1, 400))
    def test_what_is_shrunk_covers_and_comes_back(self, case, pixels):
        image, mask, _ = case
        if not mask.any():
            return
        grid = Grid.around(mask, pixels)
        small = grid.shrink_mask(mask)
        assert small.size <= pixels
        assert grid.shrink_image(image).shape[:2] == small.shape
        full = np.zeros(mask.shape, np.int32)
        grid.paint(small.astype(np.int32), mask, full)
        assert_array_equal(full, mask)

    def test_a_line_lost_by_averaging_is_kept(self):
        image, mask = np.zeros((400, 400, 3), np.uint8), np.zeros((400, 400), bool)
        mask[200] = mask[:, 133] = True
        boxes = [[0, 0, 300, 400], [100, 0, 400, 400]]
        split = split_instances(image, mask, boxes, max_megapixels=0.001)
        assert_array_equal(split.labels > 0, mask)


class TestPhotographs:
    def test_the_paper_beats_the_nearest_box_and_auto_beats_the_paper(self, data):
        from benchmarks import accuracy_split as score

        photos = score.load(data / "multi")
        ap, contested, by_photo = {}, {}, {}
        for name in ("nearest-box", "chi2-geodesic", "auto"):
            splits = score.split_all(photos, method=name)
            ap[name], _ = score.average_precision(photos, splits)
            contested[name], by_photo[name] = score.contested_accuracy(photos, splits)
        for figure in (ap, contested, by_photo):
            assert figure["nearest-box"] + 0.03 < figure["chi2-geodesic"]
            assert figure["chi2-geodesic"] + 0.01 < figure["auto"]
