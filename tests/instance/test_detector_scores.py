"""The score of splits by a detector's boxes, on a case that can be counted by hand."""

import numpy as np
import pytest

from benchmarks.accuracy_detector import Case, match, repair, table


def case(boxes, scores):
    truth = np.zeros((2, 20, 40), bool)
    truth[0, 2:18, 2:12] = truth[1, 2:18, 20:36] = True
    image = np.zeros((20, 40, 3), np.uint8)
    boxes = np.array(boxes, float).reshape(-1, 4)
    return Case(
        "drawn", image, list(truth), truth.any(0), boxes, np.array(scores),
        np.zeros((0, 4)),
    )  # fmt: skip


GOOD = [[2, 2, 12, 18], [20, 2, 36, 18]]


def test_exact_boxes_are_perfect():
    (row,) = table([case(GOOD, [0.9, 0.8])], "chi2-geodesic")
    assert row == ("drawn", 1, 1, 1, 2, 2)


def test_a_missed_person_and_a_double():
    found = case([GOOD[1], [19, 1, 37, 19], [30, 0, 40, 5]], [0.9, 0.8, 0.7])
    assert match(found) == [(1, 0)]
    assert repair(found, "matched").boxes.tolist() == [GOOD[1]]
    loose = case([[0, 0, 14, 20]], [0.5])
    assert match(loose) == [(0, 0)]
    assert repair(loose, "tight").boxes.tolist() == [GOOD[0]]
    (row,) = table([repair(found, "matched")], "nearest-box")
    assert row[4:] == (1, 2)  # both persons are one mask, more of it the second
    assert row[1] < 0.6


@pytest.mark.parametrize("method", ["auto", "nearest-box"])
def test_without_boxes_parts_are_persons(method):
    (row,) = table([case([], [])], method)
    assert row == ("drawn", 1, 1, 1, 2, 2)


def test_boxes_that_own_nothing_are_nobody():
    (row,) = table([case([*GOOD, [13, 3, 18, 9]], [0.9, 0.8, 0.99])], "watershed")
    assert row == ("drawn", 1, 1, 1, 2, 2)
