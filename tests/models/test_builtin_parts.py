"""The pieces of the embedded default, each against its slow definition."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from strategies import masks

from portraitkit.models.builtin.cut import grab_cut, tidy
from portraitkit.models.builtin.merge import merge
from portraitkit.models.builtin.prior import PortraitPrior, Weighing, shipped
from portraitkit.models.builtin.refine import refine
from portraitkit.models.builtin.view import (
    COARSE,
    FINE,
    carry,
    from_canvas,
    to_canvas,
    view_of,
)


def boxes():
    corner = st.floats(-300, 900)
    side = st.floats(1, 500)
    return st.tuples(corner, corner, side).map(
        lambda b: np.array([b[0], b[1], b[0] + b[2], b[1] + b[2]])
    )


@given(boxes(), st.integers(1, 900), st.integers(1, 900))
def test_views_lie_in_the_image_and_keep_its_proportions(box, height, width):
    view = view_of(box, (height, width), side=FINE)
    assert 0 <= view.left < view.right <= width
    assert 0 <= view.top < view.bottom <= height
    assert max(view.shape) == FINE
    assert min(view.shape) >= 1


def test_a_face_at_the_middle_of_a_canvas_lands_on_the_face():
    view = view_of(np.array([250.0, 250, 350, 350]), (2000, 2000), side=FINE)
    canvas = np.zeros((128, 96), np.float32)
    canvas[31:33, 47:49] = 1
    drawn = from_canvas(canvas, view)
    y, x = (np.average(axis, weights=drawn) for axis in np.indices(drawn.shape) + 0.5)
    np.testing.assert_allclose((x, y), view.face[:2], atol=0.2)
    back = to_canvas(drawn, view)
    assert np.unravel_index(back.argmax(), back.shape)[0] in (31, 32)


def test_carrying_a_view_onto_itself_changes_nothing():
    view = view_of(np.array([50.0, 60, 90, 100]), (300, 200), side=COARSE)
    values = np.random.default_rng(0).random(view.shape, dtype=np.float32)
    np.testing.assert_allclose(carry(values, view, view), values, atol=1e-5)


def test_carrying_to_a_view_elsewhere_lands_on_the_same_pixels():
    one = view_of(np.array([100.0, 100, 140, 140]), (900, 900), side=COARSE)
    two = view_of(np.array([150.0, 120, 190, 160]), (900, 900), side=COARSE)
    x = np.indices(one.shape)[1]
    scale = one.width / (one.right - one.left)
    place = ((x + 0.5) / scale + one.left).astype(np.float32)
    moved = carry(place, one, two)
    middle = moved[two.height // 2, two.width // 2]
    expected = (two.width // 2 + 0.5) / scale + two.left
    assert middle == pytest.approx(expected, abs=0.5)


def test_windows_that_agree_become_one_face_and_loners_none():
    crowd = np.array([100.0, 100, 200, 200]) + np.arange(6)[:, None]
    loner = np.array([[400.0, 400, 500, 500]])
    found, scores = merge(np.concatenate([crowd, loner]), np.ones(7), enough=2.0)
    np.testing.assert_allclose(found, [crowd.mean(axis=0)])
    assert 0.5 < scores[0] < 1


def test_a_place_with_few_votes_is_no_face():
    box = np.array([[0.0, 0, 100, 100]] * 3)
    assert len(merge(box, np.ones(3), enough=2.9)[1]) == 1
    assert len(merge(box, np.ones(3), enough=3.1)[1]) == 0


@given(masks(), st.data())
def test_tidy_keeps_what_touches_the_core_and_fills_holes(mask, draw):
    core = np.zeros_like(mask)
    y = draw.draw(st.integers(0, mask.shape[0] - 1))
    x = draw.draw(st.integers(0, mask.shape[1] - 1))
    core[y, x] = True
    np.testing.assert_array_equal(tidy(mask, core), filled(reached(mask, core)))


def reached(mask, core):
    """Pixels of the mask with an 8-connected path to the core."""
    found = mask & core
    while True:
        grown = found.copy()
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                padded = np.pad(found, 1)
                grown |= padded[
                    1 + dy : 1 + dy + mask.shape[0], 1 + dx : 1 + dx + mask.shape[1]
                ]
        grown &= mask
        if (grown == found).all():
            return found
        found = grown


def filled(mask):
    """The mask and all that has no 4-connected way to the frame."""
    outside = np.pad(~mask, 1, constant_values=True)
    way = np.zeros_like(outside)
    way[[0, -1]] = way[:, [0, -1]] = True
    while True:
        grown = way.copy()
        grown[1:] |= way[:-1]
        grown[:-1] |= way[1:]
        grown[:, 1:] |= way[:, :-1]
        grown[:, :-1] |= way[:, 1:]
        grown &= outside
        if (grown == way).all():
            return ~way[1:-1, 1:-1]
        way = grown


def test_the_cut_finds_a_disk_that_the_guess_only_hints_at():
    y, x = np.indices((96, 96)) - 48
    disk = x * x + y * y < 30**2
    image = np.where(disk[..., None], [200, 60, 50], [40, 60, 160])
    image = image + np.random.default_rng(0).integers(-20, 20, image.shape)
    hint = np.clip(1.2 - np.hypot(x, y) / 40, 0, 1).astype(np.float32)
    found = grab_cut(image.clip(0, 255).astype(np.uint8), hint)
    assert np.count_nonzero(found ^ disk) < 60


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_cut_of_a_one_sided_guess_is_the_guess(value):
    image = np.zeros((8, 8, 3), np.uint8)
    found = grab_cut(image, np.full((8, 8), value, np.float32))
    assert (found == bool(value)).all()


def test_refinement_of_a_flat_probability_is_flat():
    rng = np.random.default_rng(0)
    small, full = (rng.integers(0, 256, (s, s, 3), np.uint8) for s in (20, 70))
    for value in (0.0, 0.3, 1.0):
        found = refine(small, np.full((20, 20), value, np.float32), full)
        np.testing.assert_allclose(found, value, atol=1e-5)


def test_refinement_moves_a_border_to_the_edge_of_the_photograph():
    full = np.zeros((256, 256, 3), np.uint8)
    full[:, 120:] = 200
    small = full[::4, ::4].copy()
    soft = np.zeros((64, 64), np.float32)
    soft[:, 31:] = 1
    mask = refine(small, soft, full) >= 0.5
    assert abs(int(np.count_nonzero(~mask[128])) - 120) <= 2


def test_a_prior_comes_back_from_its_file(tmp_path):
    prior = shipped()
    prior.save(tmp_path / "a.npz")
    prior.save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert (tmp_path / "a.npz").stat().st_size <= 64 * 1024
    again = PortraitPrior.load(tmp_path / "a.npz")
    np.testing.assert_array_equal(again.person, prior.person)
    np.testing.assert_array_equal(again.face, prior.face)
    for one, other in zip(again.rounds, prior.rounds, strict=True):
        np.testing.assert_array_equal(one.ramps, other.ramps)


def test_weighing_is_a_logistic_sum_of_ramps():
    rng = np.random.default_rng(0)
    parts = [rng.normal(size=s).astype(np.float32) for s in (4, 4, (4, 3), 3, 3, 1)]
    parts[1] = np.abs(parts[1]) + 1
    center, spread, ramps, offsets, weights, bias = parts
    row = np.array([0.5, -9, 0.2, 12], dtype=np.float32)
    score = bias[0]
    for j in range(3):
        lifted = sum(
            min(max((row[i] - center[i]) / spread[i], -3), 3) * ramps[i, j]
            for i in range(4)
        )
        score += weights[j] * max(lifted + offsets[j], 0)
    expected = 1 / (1 + np.exp(-score))
    assert Weighing(*parts)(row[None])[0] == pytest.approx(expected, abs=1e-5)
