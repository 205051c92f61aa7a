"""Margins that all boxes have are seen and left out; other boxes stay as they are."""

import numpy as np
import pytest
from cutting import frames_of
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import margins as oracle
from strategies import scenes

from portraitkit.instance import margins, split_instances
from portraitkit.instance.margins import without_margins
from portraitkit.instance.ownership import exclusive_owners
from portraitkit.instance.scene import Scene

TIGHT = np.array([[20.0, 10, 44, 70], [40, 16, 60, 66], [70, 20, 90, 60]])
"""Of persons, the first two of which touch."""


def persons():
    """(80, 100) int: who is where; the second stands before the first."""
    truth = np.zeros((80, 100), np.int32)
    for i, (x1, y1, x2, y2) in enumerate(TIGHT.astype(int).tolist()):
        truth[y1:y2, x1:x2] = i + 1
    return truth


def scene_of(boxes, mask=None):
    where = persons() > 0 if mask is None else mask
    image = np.zeros((*where.shape, 3), np.uint8)
    return Scene.of(image, where, frames_of(boxes, where.shape), np.zeros((0, 4)))


def padded(boxes, pixels=0.0, share=0.0):
    size = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
    return boxes + (np.asarray(pixels) + share * size) * [-1, -1, 1, 1]


class TestGaps:
    @given(scenes())
    def test_equals_slow_definition(self, case):
        _, mask, boxes = case
        frames = frames_of(boxes, mask.shape)
        gaps, shown = margins._gaps(mask, frames)
        for i, side in np.ndindex(*gaps.shape):
            wanted = oracle.gap(mask, frames.boxes[i].tolist(), side)
            seen = frames.visible[i] and not frames.cut[i, side] and wanted[1]
            assert shown[i, side] == seen
            assert gaps[i, side] == pytest.approx(wanted[0] * frames.visible[i])

    def test_only_the_next_line_says_whether_the_mask_goes_on(self):
        mask = np.zeros((9, 9), bool)
        mask[3:6, 3:6] = True
        frames = frames_of([[3, 3, 6, 6]], mask.shape)
        for place in ((1, 4), (7, 4), (4, 1), (4, 7), (2, 2), (6, 6)):
            mask[place] = True
            assert margins._gaps(mask, frames)[1].all()
        mask[2, 4] = True
        assert margins._gaps(mask, frames)[1].tolist() == [[True, False, True, True]]


class TestMargins:
    @given(st.floats(0.7, 9))
    def test_of_so_many_pixels_are_left_out(self, pixels):
        got = without_margins(scene_of(padded(TIGHT, pixels)))
        assert_allclose(got.frames.boxes, TIGHT)

    @given(st.floats(0.05, 0.12))
    def test_of_a_share_of_each_box_are_left_out(self, share):
        got = without_margins(scene_of(padded(TIGHT, share=share)))
        assert_allclose(got.frames.boxes, TIGHT)

    @given(st.integers(2, 8), st.integers(0, 2**16))
    def test_that_were_rounded_are_left_out(self, pixels, seed):
        off = np.random.default_rng(seed).uniform(-0.3, 0.3, TIGHT.shape)
        got = without_margins(scene_of(padded(TIGHT, pixels) + off))
        assert_allclose(got.frames.boxes, TIGHT, atol=0.8)

    def test_what_one_smaller_box_holds_is_a_seed(self):
        scene = scene_of(padded(TIGHT, 5))
        got = without_margins(scene)
        decided = scene.seeds >= 0
        assert_array_equal(got.seeds[decided], scene.seeds[decided])
        tight = exclusive_owners(scene.mask, got.frames)
        assert_array_equal(got.seeds[~decided], tight[~decided])
        assert ((got.seeds > 0) & (scene.seeds < 0)).any()

    @pytest.mark.parametrize("seed", range(9))
    def test_tight_boxes_stay_and_so_do_wrong_ones(self, seed):
        scene = scene_of(TIGHT)
        assert without_margins(scene) is scene
        off = np.random.default_rng(seed).permutation(12).reshape(3, 4)
        scene = scene_of(padded(TIGHT, off - 3.0))
        assert without_margins(scene) is scene

    @pytest.mark.parametrize(
        "off", [[-1, -1, 0, 0], [0, 0, 1, 1], [-0.5, -0.5, 0.5, 0.5], [-0.6, 0, 0, 0.6]]
    )
    def test_boxes_that_are_off_by_parts_of_a_pixel_stay(self, off):
        scene = scene_of(TIGHT + off)
        assert without_margins(scene) is scene

    def test_half_of_the_sides_are_not_enough(self):
        scene = scene_of(padded(TIGHT, [[4] * 4, [4] * 4, [9, 1, 6, 12]]))
        assert without_margins(scene) is scene

    @pytest.mark.parametrize("pixels", [3, 5])
    def test_a_box_that_shows_to_be_tight_stays(self, pixels):
        mask = np.zeros((70, 100), bool)
        tight = np.array([[10.0 + 20 * i, 10, 20 + 20 * i, 60] for i in range(4)])
        for x1, y1, x2, y2 in tight.astype(int).tolist():
            mask[y1:y2, x1:x2] = True
        boxes = padded(tight, pixels)
        boxes[3] = tight[3]
        assert_allclose(without_margins(scene_of(boxes, mask)).frames.boxes, tight)

    def test_few_sides_are_not_enough(self):
        mask = np.zeros((60, 60), bool)
        mask[10:50, 10:50] = True
        mask[:10, 20:40] = True  # goes on above
        one = without_margins(scene_of([[5.0, 5, 55, 55]], mask))
        assert one.frames.boxes.tolist() == [[5, 5, 55, 55]]
        mask[:10] = False
        one = without_margins(scene_of([[5.0, 5, 55, 55]], mask))
        assert one.frames.boxes.tolist() == [[10, 10, 50, 50]]

    def test_a_side_at_the_photographs_frame_moves_up_to_the_mask(self):
        frame = np.s_[10:, 20:]
        scene = scene_of(padded(TIGHT - [20, 10, 20, 10], 5), (persons() > 0)[frame])
        assert scene.frames.cut[:, :2].any()
        got = without_margins(scene).frames
        assert_allclose(got.boxes, TIGHT - [20, 10, 20, 10])
        assert got.cut[0].tolist() == [True, True, False, False]
        # Now all end before the frame, if by less than their margin.
        mask = (persons() > 0)[8:, 17:]
        got = without_margins(scene_of(padded(TIGHT - [17, 8, 17, 8], 6), mask)).frames
        assert_allclose(got.boxes, TIGHT - [17, 8, 17, 8])
        assert not got.cut.any()

    def test_boxes_off_the_image_and_boxes_without_mask_stay(self):
        more = [[200.0, 10, 220, 20], [2, 2, 8, 8]]
        scene = scene_of(np.vstack([padded(TIGHT, 4), more]))
        got = without_margins(scene).frames
        assert_allclose(got.boxes[:3], TIGHT)
        assert_array_equal(got.boxes[3], scene.frames.boxes[3])
        assert_allclose(got.boxes[4], [3.5, 3.5, 6.5, 6.5])

    def test_a_margin_is_no_more_than_a_quarter_of_a_box(self):
        mask = np.zeros((90, 90), bool)
        mask[44:46, 44:46] = True
        got = without_margins(scene_of([[5.0, 5, 85, 85]], mask)).frames
        assert_allclose(got.boxes, [[25, 25, 65, 65]])


class TestSplits:
    @pytest.mark.parametrize("knobs", [{"pixels": 3}, {"pixels": 8}, {"share": 0.1}])
    def test_padded_boxes_split_as_tight_ones(self, knobs, rng):
        truth = persons()
        image = rng.integers(90, 110, (*truth.shape, 3)).astype(np.uint8)
        image[truth == 2] += 60
        tight = split_instances(image, truth > 0, TIGHT)
        loose = split_instances(image, truth > 0, padded(TIGHT, **knobs))
        assert_array_equal(loose.labels, tight.labels)
        assert loose.unknown.sum() > tight.unknown.sum()
