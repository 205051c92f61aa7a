"""Image, mask and face box stay together, whatever happens to them."""

import numpy as np
import pytest

from portraitkit.kernels import contour

PRESETS = ["none", "bsn", "instance", "trisenet"]


def box_of(mask):
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("seed", range(12))
def test_what_moves_moves_together(portrait, name, seed):
    from augment import PRESETS

    size = (120, 90)
    moved = PRESETS[name](portrait, np.random.default_rng(seed), size=size)
    assert moved.image.shape == (*size, 3)
    assert moved.image.dtype == np.uint8
    assert moved.mask.shape == size
    assert moved.mask.dtype == np.bool_
    bright = moved.image[..., 0] >= 128
    if name != "instance":  # whose gamma moves the level of 128
        np.testing.assert_array_equal(bright, moved.mask)
    y1, x1 = (moved.face[1], moved.face[0])
    inside = (moved.face[:2] >= 2).all() and (moved.face[2:] <= (88, 118)).all()
    if inside:
        np.testing.assert_allclose(box_of(moved.mask), moved.face, atol=1.1)
        assert box_of(moved.mask)[:2] == pytest.approx((x1, y1), abs=1.1)


def test_no_augmentation_at_the_same_size_changes_nothing(portrait, rng):
    from augment import PRESETS

    same = PRESETS["none"](portrait, rng, size=portrait.mask.shape)
    np.testing.assert_array_equal(same.image, portrait.image)
    np.testing.assert_array_equal(same.mask, portrait.mask)
    np.testing.assert_array_equal(same.face, portrait.face)


def test_a_flip_is_exact(portrait):
    from augment import Move, move

    flipped = move(portrait, Move(portrait.mask.shape, (1, 1), mirrored=True))
    np.testing.assert_array_equal(flipped.image, portrait.image[:, ::-1])
    np.testing.assert_array_equal(flipped.mask, portrait.mask[:, ::-1])
    np.testing.assert_allclose(flipped.face, [45, 45, 75, 75])


def test_a_quarter_turn_is_counter_clockwise(portrait):
    from augment import Move, move

    turned = move(portrait, Move((90, 120), (1, 1), degrees=90))
    np.testing.assert_array_equal(turned.mask, np.rot90(portrait.mask))


def test_a_person_cut_off_by_the_frame_gets_no_boundary_there(portrait):
    from augment import Move, move

    half = np.zeros((120, 90), bool)
    half[60:] = True
    small = move(portrait._replace(mask=half), Move((120, 90), (0.5, 0.5)))
    line = contour(small.mask)
    assert line.any(axis=1).sum() == 1
    assert line.any(axis=0).all()


def test_the_presets_draw_what_their_papers_state(portrait, monkeypatch):
    import augment

    drawn = []
    monkeypatch.setattr(
        augment, "warp", lambda pixels, matrix, size: drawn.append(matrix) or pixels
    )
    rng = np.random.default_rng(0)
    scales, turns = set(), set()
    for _ in range(200):
        augment.instance(portrait, rng)
        linear = drawn.pop()[:, :2]
        scales.add(round(float(np.sqrt(np.linalg.det(linear))), 6))
        turns.add(round(float(np.degrees(np.arctan2(linear[0, 1], linear[0, 0])))))
    assert scales == {0.6, 0.8, 1.0, 1.2, 1.5}
    assert turns == {-45, -22, 0, 22, 45}
    for preset, values in [
        (augment.bsn, [0.5, 0.75, 1.0]),
        (augment.trisenet, np.linspace(0.9, 1.1, 50)),
    ]:
        mirrored, found = 0, []
        for _ in range(200):
            preset(portrait, rng, size=portrait.mask.shape)
            linear = drawn.pop()[:, :2]
            mirrored += np.linalg.det(linear) < 0
            found.append(float(np.sqrt(abs(np.linalg.det(linear)))))
        assert 70 <= mirrored <= 130
        assert np.abs(np.subtract.outer(found, values)).min(axis=1).max() < 3e-3
        assert min(found) < values[0] + 0.01
        assert max(found) > values[-1] - 0.01


def test_a_crop_lies_inside_a_large_photograph(portrait, rng):
    from augment import bsn
    from portraits import Portrait

    y, x = np.indices((900, 900))
    marked = np.stack([y // 4, x // 4, y * 0], axis=-1).astype(np.uint8)
    for _ in range(10):
        out = bsn(Portrait(marked, y > 0), rng).image.astype(int)
        assert out.shape == (400, 400, 3)
        rows, columns = out[..., 0], out[..., 1]
        assert (np.diff(rows[::40, 0]) > 0).all()
        assert (np.diff(columns[0, ::40]) != 0).all()
