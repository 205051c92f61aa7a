"""Persons where only a mask is known: tight boxes, mean probabilities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import regions
from strategies import masks

from portraitkit.models import Detections
from portraitkit.pipeline.components import component_persons, with_unseen


def test_boxes_are_tight_and_scores_are_means():
    probability = np.zeros((9, 12), np.float32)
    probability[1:4, 2:7] = 0.75
    probability[5:9, 8:10] = 0.5
    found = component_persons(probability > 0, probability)
    assert_array_equal(found.boxes, [[2, 1, 7, 4], [8, 5, 10, 9]])
    assert_allclose(found.scores, [0.75, 0.5])


def test_an_empty_mask_has_nobody():
    empty = np.zeros((3, 4), np.float32)
    assert len(component_persons(empty > 0, empty)) == 0


def two_parts():
    probability = np.zeros((20, 40), np.float32)
    probability[2:12, 2:12] = 0.8
    probability[2:18, 20:30] = 0.5
    return probability > 0, probability


def test_a_part_that_no_box_holds_is_a_person_too():
    seen = Detections([[1, 1, 14, 20]], [0.6])
    found = with_unseen(seen, *two_parts())
    assert_array_equal(found.boxes, [[1, 1, 14, 20], [20, 2, 30, 18]])
    assert_allclose(found.scores, [0.6, 0.3])


@pytest.mark.parametrize(("left", "unseen"), [(30, 1), (29, 1), (28.4, 0), (-99, 0)])
def test_a_part_is_unseen_if_boxes_hold_a_tenth_at_most(left, unseen):
    seen = Detections([[0, 0, 14, 20], [left, -5, 60, 99]], [0.6, 0.9])
    assert len(with_unseen(seen, *two_parts())) == 2 + unseen


def test_where_nobody_is_known_every_part_is_a_person():
    mask, probability = two_parts()
    found, wanted = (
        with_unseen(Detections(), mask, probability),
        component_persons(mask, probability),
    )
    assert_array_equal(found.boxes, wanted.boxes)
    assert_array_equal(found.scores, wanted.scores)


def test_known_persons_come_back_as_they_are():
    seen = Detections([[0, 0, 40, 20]], [0.6], [[[1, 2]]])
    assert with_unseen(seen, *two_parts()) is seen
    empty = np.zeros((3, 4), np.float32)
    assert with_unseen(seen, empty > 0, empty) is seen


def test_dust_is_nobody():
    mask, probability = two_parts()
    mask[19, 39] = True
    assert len(with_unseen(Detections([[1, 1, 31, 20]], [1.0]), mask, probability)) == 1


@given(masks(), st.integers(0, 2**16))
def test_parts_and_what_boxes_hold_of_them(mask, seed):
    rng = np.random.default_rng(seed)
    low = rng.uniform(-3, 20, (2, 2))
    seen = Detections(np.hstack([low, low + rng.uniform(1, 12, (2, 2))]), [0.5, 0.7])
    found = with_unseen(seen, mask, mask.astype(np.float32))
    areas, n = regions.connected(mask.astype(int) - 1, eight=True)
    sizes = [np.count_nonzero(areas == k) for k in range(n)]
    wanted = []
    for k, size in enumerate(sizes):
        held = sum(
            any(
                x1 <= x + 0.5 < x2 and y1 <= y + 0.5 < y2
                for x1, y1, x2, y2 in seen.boxes
            )
            for y, x in np.argwhere(areas == k)
        )
        if size >= 0.02 * max(sizes) and held <= 0.1 * size:
            y, x = np.nonzero(areas == k)
            wanted.append([x.min(), y.min(), x.max() + 1, y.max() + 1])
    assert sorted(found.boxes[len(seen) :].tolist()) == sorted(wanted)
