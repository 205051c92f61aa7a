"""The evidence behind a split: what it shows is what the methods decide by."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import splitting as oracle
from strategies import scenes

from portraitkit.instance import split_instances
from portraitkit.instance.explain import explain_split


def explain(image, mask, boxes, **knobs):
    knobs = {"n_segments": 20, "max_megapixels": 1.0, **knobs}
    return explain_split(image, mask, np.array(boxes, float).reshape(-1, 4), **knobs)


@given(scenes(most=3))
def test_seeds_are_what_just_one_box_holds_and_cores(case):
    image, mask, boxes = case
    evidence = explain(image, mask, boxes)
    if not mask.any():
        assert evidence is None
        return
    seeds = evidence.spread(evidence.pieces.seed, outside=0)
    assert_array_equal(seeds, oracle.with_cores(oracle.exclusive(mask, boxes), boxes))


@given(scenes(most=3), st.sampled_from([1.0, 5e-5]))
def test_distances_are_those_that_chi2_geodesic_decides_by(case, max_megapixels):
    image, mask, boxes = case
    evidence = explain(image, mask, boxes, max_megapixels=max_megapixels)
    if evidence is None:
        return
    split = split_instances(
        image, mask, boxes, method="chi2-geodesic", n_segments=20,
        max_megapixels=max_megapixels,
    )  # fmt: skip
    pieces = evidence.spread(np.arange(evidence.pieces.graph.n_regions), outside=-1)
    assert_array_equal(pieces >= 0, mask)
    assert evidence.distances.shape == (len(boxes), evidence.pieces.graph.n_regions)
    shown = oracle.clipped(boxes, mask.shape)
    if max_megapixels < 1 or len(shown) < 2:
        return
    for piece in np.unique(pieces[split.unknown]).tolist():
        here = pieces == piece
        (person,) = np.unique(split.labels[here])
        y, x = np.argwhere(here).mean(0) + 0.5
        costs = evidence.distances[:, piece]
        able = [i for i, _ in oracle.candidates(shown, x, y)]
        seed = evidence.pieces.seed[piece]
        assert person == seed or costs[person - 1] == costs[able].min()


@given(scenes(most=3))
def test_nobody_is_far_from_their_own_seeds(case):
    image, mask, boxes = case
    evidence = explain(image, mask, boxes)
    if evidence is not None:
        for person, distances in enumerate(evidence.distances, start=1):
            assert_array_equal(distances[evidence.pieces.seed == person], 0)


def test_without_boxes_there_is_no_evidence():
    assert explain(np.zeros((3, 3, 3), np.uint8), np.ones((3, 3), bool), []) is None
