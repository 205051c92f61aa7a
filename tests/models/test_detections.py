"""`Detections`: best first, checked, landmarks in the same order."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from portraitkit.models import Detections

BOXES = [[0, 0, 4, 8], [2, 1, 6, 9], [1, 1, 2, 2]]
SCORES = [0.4, 0.9, 0.4]
SPOTS = np.arange(12).reshape(3, 2, 2)


def test_best_first_and_ties_as_given():
    found = Detections(BOXES, SCORES, SPOTS)
    assert_array_equal(found.scores, [0.9, 0.4, 0.4])
    assert_array_equal(found.boxes, np.array(BOXES)[[1, 0, 2]])
    assert_array_equal(found.landmarks, SPOTS[[1, 0, 2]])
    assert found.landmarks.dtype == np.float64
    assert len(found) == 3


def test_landmarks_may_be_left_out_and_lie_anywhere():
    assert Detections(BOXES, SCORES).landmarks is None
    assert Detections().landmarks is None
    far = Detections([[0, 0, 1, 1]], [1], [[[-5.5, 1e6]]])
    assert_array_equal(far.landmarks, [[[-5.5, 1e6]]])
    assert Detections([], [], np.zeros((0, 5, 2))).landmarks.shape == (0, 5, 2)


@pytest.mark.parametrize(
    ("boxes", "scores", "spots", "match"),
    [
        (BOXES, SCORES[:2], None, "scores must be one number for each of the 3 boxes"),
        (BOXES, [0.1, np.nan, 0.2], None, "scores must be one number"),
        ([[0, 0, 0, 1]], [1], None, "boxes must have x1 < x2"),
        (BOXES, SCORES, SPOTS[:2], r"landmarks must be \(N, K, 2\), .*each of 3 boxes"),
        (BOXES, SCORES, SPOTS.reshape(3, 4), r"landmarks must be \(N, K, 2\)"),
        (BOXES, SCORES, SPOTS[..., :1], r"landmarks must be \(N, K, 2\)"),
        (BOXES, SCORES, SPOTS > 3, r"landmarks must be .*bool"),
        (BOXES, SCORES, SPOTS * np.nan, "landmarks must be finite; got NaN"),
    ],
)
def test_refusals(boxes, scores, spots, match):
    with pytest.raises(ValueError, match=match):
        Detections(boxes, scores, spots)


def test_inputs_stay():
    spots = SPOTS.astype(float)
    spots.flags.writeable = False
    kept = spots.copy()
    Detections(BOXES, SCORES, spots).landmarks[:] = 7
    assert_array_equal(spots, kept)
