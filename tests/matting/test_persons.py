"""`instance_trimaps` is `trimap` of each person, cropped or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import trimaps as oracle
from strategies import label_images

from portraitkit.matting import instance_trimaps, trimap
from portraitkit.matting._numba.persons import bound

widths = st.integers(1, 12)


class TestAgainstWhole:
    @given(label_images(max_side=24), widths)
    def test_equals_each_mask_s_trimap(self, labels, width):
        n = int(labels.max())
        got = instance_trimaps(labels, width=width)
        expected = oracle.instance_trimaps(labels, n, lambda m: trimap(m, width=width))
        assert got.shape == (n, *labels.shape)
        assert got.dtype == np.uint8
        for ours, theirs in zip(got, expected, strict=True):
            assert_array_equal(ours, theirs)

    @pytest.mark.parametrize("width", [1, 2, 9, 10, 21])
    def test_small_persons_on_a_large_image(self, width, rng):
        labels = np.zeros((120, 150), np.uint16)
        for person, (y, x) in enumerate([(0, 0), (60, 70), (118, 40), (58, 80)], 1):
            labels[y : y + 12, x : x + 14][rng.random((12, 14))[: 120 - y] < 0.8] = (
                person
            )
        got = instance_trimaps(labels, width=width)
        for person in range(1, 5):
            assert_array_equal(got[person - 1], trimap(labels == person, width=width))

    def test_persons_without_pixels(self):
        labels = np.zeros((4, 5), int)
        assert instance_trimaps(labels).shape == (0, 4, 5)
        labels[1:3, 1:3] = 2
        got = instance_trimaps(labels, n_persons=3)
        assert got.shape == (3, 4, 5)
        assert not got[[0, 2]].any()
        assert got[1].any()

    @given(label_images())
    def test_compiled_boxes_equal_interpreted(self, labels):
        boxes = np.tile(np.array([99, 99, 0, 0]), (2, 6, 1))
        bound(labels, boxes[0])
        bound.py_func(labels, boxes[1])
        assert_array_equal(boxes[0], boxes[1])

    @given(label_images())
    def test_strided_read_only_labels(self, labels):
        wide = np.repeat(labels, 2, axis=0)[::2]
        wide.flags.writeable = False
        assert_array_equal(
            instance_trimaps(np.asfortranarray(wide)), instance_trimaps(labels)
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("labels", "knobs", "error", "match"),
        [
            ([[0.0]], {}, TypeError, "labels must be an integer array"),
            ([0, 1], {}, ValueError, r"labels must be .*\(H, W\)"),
            ([[-1]], {}, ValueError, "labels must lie in 0"),
            ([[2]], {"n_persons": 1}, ValueError, "labels must be <= n_persons=1; got"),
            ([[0]], {"n_persons": -1}, ValueError, "n_persons must be an integer >= 0"),
            ([[0]], {"n_persons": 1.5}, TypeError, "n_persons must be an integer"),
            ([[0]], {"width": 0}, ValueError, "width must be an integer >= 1"),
        ],
    )
    def test_message_names_the_argument(self, labels, knobs, error, match):
        with pytest.raises(error, match=match):
            instance_trimaps(labels, **knobs)
