"""Every awkward case with drawn people: what is promised, and what one would expect."""

import numpy as np
import pytest
from awkward_splits import CELL, GAP, NOTE, cases, draw_row, page
from numpy.testing import assert_array_equal
from oracles.splitting import check_partition
from people import drawn_people, real_people, wide

from portraitkit.instance import split_instances

METHODS = ["auto", "chi2-geodesic", "nearest-box", "random-walker", "watershed"]
CASES = {
    case.name: case for case in cases(drawn_people(10), drawn_people(1, reach=1)[0])
}
COLOR = [name for name in METHODS if name != "nearest-box"]

every_method = pytest.mark.parametrize("method", METHODS)
by_color = pytest.mark.parametrize("method", COLOR)


@every_method
@pytest.mark.parametrize("name", CASES)
def test_promises_hold_whatever_the_case(name, method):
    case = CASES[name]
    split = case.split(method)
    again = case.split(method)
    assert_array_equal(split.labels, again.labels)
    if len(case.boxes):
        check_partition(split, case.mask, case.boxes.tolist())


@every_method
@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("touching, boxes apart", 1.0),
        ("nested boxes", 0.8),
        ("cut in two by a pole", 0.97),
        ("ten in a row", 0.85),
        ("feet in no box", 0.97),
        ("somebody in no box", 0.97),
        ("boxes without mask", 0.97),
        ("loose, one double, one missed", 0.97),
        ("no boxes, people apart", 1.0),
    ],
)
def test_most_pixels_go_to_whom_they_should(name, share, method):
    case = CASES[name]
    assert case.right(case.split(method).labels) >= share


@by_color
@pytest.mark.parametrize(
    ("name", "share"), [("nested boxes", 0.93), ("ten in a row", 0.95)]
)
def test_colors_do_better_than_boxes(name, share, method):
    case = CASES[name]
    right = case.right(case.split(method).labels)
    assert right >= share
    assert right > case.right(case.split("nearest-box").labels) + 0.03


@every_method
def test_boxes_apart_decide_all(method):
    split = CASES["touching, boxes apart"].split(method)
    assert not split.unknown.any()


@every_method
def test_a_child_before_an_adult_owns_most_of_itself(method):
    case = CASES["nested boxes"]
    child = case.truth == 2
    found = case.split(method).labels == 2
    iou = (child & found).sum() / (child | found).sum()
    assert iou > (0.3 if method == "nearest-box" else 0.75)


@every_method
def test_equal_boxes_are_reported_empty_or_own_something(method):
    split = CASES["identical boxes"].split(method)
    assert split.unknown.any()
    assert not split.empty.all()


def test_faces_part_those_whose_boxes_are_equal():
    case = CASES["identical boxes, faces known"]
    split = case.split("auto")
    left, right = (
        split.labels[int((y1 + y2) / 2), int((x1 + x2) / 2)]
        for x1, y1, x2, y2 in case.faces
    )
    assert {left, right} == {1, 2}
    assert not split.empty.any()


@every_method
def test_both_arms_are_of_whom_another_hides_the_middle(method):
    case = CASES["cut in two by a person"]
    arms = case.truth == 1
    middle = np.flatnonzero((case.truth == 2).any(axis=0)).mean()
    columns = np.arange(arms.shape[1])
    labels = case.split(method).labels
    for side in (columns < middle, columns > middle):
        assert (labels[arms & side] == 1).mean() > 0.9


def test_auto_gives_the_middle_to_who_stands_before():
    case = CASES["cut in two by a person"]
    assert case.right(case.split("auto").labels) > 0.9


@every_method
def test_both_sides_of_a_pole_are_one_person(method):
    case = CASES["cut in two by a pole"]
    pole = np.flatnonzero(~case.mask[100:150].any(axis=0))
    pole = pole[(pole > 25) & (pole < 60)]
    labels = case.split(method).labels
    for side in (labels[:, : pole[0]], labels[:, pole[-1] + 1 : pole[-1] + 8]):
        assert (side[side > 0] == 1).mean() > 0.95


@every_method
def test_all_ten_keep_most_of_themselves(method):
    case = CASES["ten in a row"]
    split = case.split(method)
    assert not split.empty.any()
    for person in range(1, 11):
        here = case.truth == person
        assert (split.labels[here] == person).mean() > 0.6


@every_method
def test_feet_below_a_box_go_with_their_legs(method):
    case = CASES["feet in no box"]
    below = int(case.boxes[:, 3].max()) + 1
    feet = case.mask.copy()
    feet[:below] = False
    split = case.split(method)
    assert split.unknown[feet].all()
    assert (split.labels[feet] == case.truth[feet]).mean() > 0.9


@every_method
def test_who_has_no_box_goes_whole_to_the_nearest(method):
    case = CASES["somebody in no box"]
    split = case.split(method)
    third = case.truth == 3
    assert split.unknown[third].all()
    assert (split.labels[third] == 2).all()


@every_method
def test_boxes_without_mask_are_empty_and_change_nothing(method):
    case = CASES["boxes without mask"]
    split = case.split(method)
    assert_array_equal(split.empty, [False, False, True, True])
    without = split_instances(case.image, case.mask, case.boxes[:2], method=method)
    inside = np.zeros_like(case.mask)
    for x1, y1, x2, y2 in np.ceil(case.boxes[2:] - 0.5).astype(int):
        inside[y1:y2, x1:x2] = True
    assert not (inside & case.mask).any()
    assert_array_equal(split.labels, without.labels)


@every_method
def test_a_double_costs_only_its_own_person(method):
    case = CASES["loose, one double, one missed"]
    split = case.split(method)
    one, two = (split.labels[case.truth == person] for person in (1, 2))
    assert (one == 1).mean() > 0.95
    assert np.isin(two, (2, 3)).mean() > 0.95


@every_method
def test_without_boxes_people_apart_are_told_apart(method):
    case = CASES["no boxes, people apart"]
    split = case.split(method)
    assert split.labels.max() == 3
    assert split.empty.shape == (0,)


def test_the_page_shows_every_case_and_method():
    found = [CASES["nested boxes"], CASES["ten in a row"]]
    drawn = page(found)
    assert drawn.shape[1] == (1 + len(METHODS)) * (CELL[0] + GAP) + GAP
    heights = [draw_row(case).height for case in found]
    assert drawn.shape[0] == NOTE + sum(heights)
    assert heights[1] < heights[0]
    assert drawn.std() > 30


def test_real_people_in_the_same_places(data):
    people = real_people(data / "multi", 10)
    assert len(people) == 10
    for case in cases(people, max(people, key=wide)):
        split = case.split("chi2-geodesic")
        if len(case.boxes):
            check_partition(split, case.mask, case.boxes.tolist())
        assert case.right(split.labels) > (0.5 if case.alike else 0.85)
