"""Persons where only a mask is known: tight boxes, mean probabilities."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from portraitkit.pipeline.components import component_persons


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
