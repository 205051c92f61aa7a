"""Face ratio and grades: every threshold from both sides."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portraitkit.instance import Shot, face_ratio, grade_shot


@pytest.mark.parametrize(
    ("area", "shot"),
    [
        (1000, Shot.HEAD_SHOT),
        (300, Shot.HEAD_SHOT),
        (299, Shot.CLOSE_SHOT),
        (100, Shot.CLOSE_SHOT),
        (99, Shot.HALF_BODY),
        (50, Shot.HALF_BODY),
        (49, Shot.WHOLE_BODY),
        (5, Shot.WHOLE_BODY),
        (4, Shot.FAR_SHOT),
        (0.001, Shot.FAR_SHOT),
    ],
)
def test_limits_belong_to_the_nearer_shot(area, shot):
    assert grade_shot([[0, 0, area, 1]], (1, 1000)) is shot


@pytest.mark.parametrize("faces", [[], np.zeros((0, 4)), [[-9, 0, -1, 5]]])
def test_no_face(faces):
    assert face_ratio(faces, (10, 10)) == 0
    assert grade_shot(faces, (10, 10)) is Shot.NO_FACE


def test_the_largest_face_counts_as_far_as_it_shows():
    faces = [[0, 0, 20, 20], [90, 0, 130, 40]]
    assert face_ratio(faces, (100, 100)) == 0.04
    assert face_ratio(faces[1:], (100, 100)) == 0.04
    assert face_ratio([[-5, -5, 200, 200]], (100, 100)) == 1


def test_a_shot_is_its_name():
    assert json.dumps({"shot": Shot.HEAD_SHOT}) == '{"shot": "head shot"}'
    assert Shot("no face") is Shot.NO_FACE


@given(st.integers(1, 50), st.integers(1, 50), st.integers(1, 4))
def test_scale_changes_nothing(width, height, scale):
    face = np.array([[2, 3, 2 + width, 3 + height]])
    big = grade_shot(face * scale, (60 * scale, 60 * scale))
    assert big is grade_shot(face, (60, 60))


@pytest.mark.parametrize(
    ("faces", "shape", "match"),
    [
        ([[0, 0, 1]], (5, 5), r"faces must be of shape \(N, 4\)"),
        ([[0, 0, np.nan, 1]], (5, 5), r"faces must be finite"),
        ([[3, 0, 3, 1]], (5, 5), r"faces must have x1 < x2"),
        ([[0, 0, 1, 1]], (0, 5), r"shape must be \(height, width\), both >= 1"),
    ],
)
def test_refusals(faces, shape, match):
    for function in (face_ratio, grade_shot):
        with pytest.raises(ValueError, match=match):
            function(faces, shape)
