"""Random walks on pieces against dense solutions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import walks as oracle
from strategies import scenes

from portraitkit.instance._numba import walker as loops
from portraitkit.instance.affinity import decide
from portraitkit.instance.cells import box_cells, held_by
from portraitkit.instance.pieces import cut_pieces
from portraitkit.instance.walker import conductances, meeting_chances


def plain(loop):
    return getattr(loop, "py_func", loop)


def setting(scene, n_segments):
    """Pieces cut where boxes end, their pulls, and who may own which."""
    pieces = cut_pieces(scene, n_segments, cells=box_cells(scene.frames))
    held = held_by(pieces.labels, pieces.graph.n_regions, scene.frames)
    return pieces, conductances(scene, pieces), scene.frames.able(held)


def expected(pieces, pull, n_persons, able):
    pulls = dict(zip(map(tuple, pieces.graph.edges.tolist()), pull, strict=True))
    k = pieces.graph.n_regions
    return oracle.chances(k, pulls, pieces.seed, n_persons, able)


@given(scenes(max_side=10), st.integers(1, 12), st.booleans())
def test_equals_a_dense_solution(scene_of, case, n_segments, walled):
    image, mask, boxes = case
    if not mask.any():
        return
    pieces, pull, able = setting(scene_of(image, mask, boxes), n_segments)
    got = meeting_chances(pieces, pull, len(boxes), able=able if walled else None)
    walls = able if walled else np.ones_like(able)
    assert_allclose(got, expected(pieces, pull, len(boxes), walls), atol=1e-6)


@given(scenes(max_side=10), st.integers(0, 2**16))
def test_a_guess_changes_nothing(scene_of, case, seed):
    image, mask, boxes = case
    if not mask.any():
        return
    pieces, pull, able = setting(scene_of(image, mask, boxes), 9)
    shape = pieces.graph.n_regions, len(boxes)
    # Walks that end nowhere keep what was guessed of them, so guess what is so.
    met = meeting_chances(pieces, pull, len(boxes), able=able) > 0
    guess = np.random.default_rng(seed).random(shape) * met
    got = meeting_chances(pieces, pull, len(boxes), able=able, guess=guess)
    assert_allclose(got, expected(pieces, pull, len(boxes), able), atol=1e-6)


def test_where_no_seed_is_near_there_is_no_chance_nor_a_round():
    """In a row of four only the second is free; its neighbours are others' seeds."""
    indptr, indices = np.array([0, 1, 3, 5, 6]), np.array([1, 0, 2, 1, 3, 2], np.int32)
    pull, chance = np.ones(6), np.array([0, 0.7, 0, 0])
    for start, met in ((3, 0), (2, 0.5)):
        rounds = loops.walk(
            indptr, indices, pull, np.array([1.0, 2, 2, 1]), np.array([1]),
            np.eye(4)[start], 1e-10, chance, np.zeros((4, 4)),
        )  # fmt: skip
        assert rounds == (met > 0)
        assert_allclose(chance, [0, met, 0, 0])


@given(scenes(max_side=8), st.booleans())
def test_compiled_equals_interpreted(scene_of, case, walled):
    image, mask, boxes = case
    if not mask.any():
        return
    pieces, pull, able = setting(scene_of(image, mask, boxes), 9)
    walls = able if walled else None
    fast = meeting_chances(pieces, pull, len(boxes), able=walls)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loops, "_multiply", plain(loops._multiply))
        patch.setattr("portraitkit.instance.walker.walk", plain(loops.walk))
        with np.errstate(invalid="ignore", divide="ignore"):
            slow = meeting_chances(pieces, pull, len(boxes), able=walls)
    assert_array_equal(fast, slow)


def test_chances_of_all_persons_make_one(scene_of):
    image = np.random.default_rng(0).integers(0, 256, (30, 30, 3), np.uint8)
    boxes = [[0, 0, 20, 30], [10, 0, 30, 30]]
    scene = scene_of(image, np.ones((30, 30), bool), boxes)
    pieces = cut_pieces(scene, 60)
    chances = meeting_chances(pieces, conductances(scene, pieces), 2)
    assert_allclose(chances.sum(1), 1, atol=1e-6)
    persons, sure = decide(1 / np.maximum(chances, 1e-9), pieces, scene.frames)
    assert_array_equal(persons[pieces.seed > 0], pieces.seed[pieces.seed > 0])
    assert_allclose(sure, np.abs(chances[:, 0] - chances[:, 1]), atol=1e-6)
