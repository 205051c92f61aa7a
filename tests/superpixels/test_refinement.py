"""The rounds of SLIC equal their slow definition; colors those of the textbook."""

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import clustering as oracle
from strategies import masks

from portraitkit.superpixels import refinement, slic
from portraitkit.superpixels._numba import clustering as loops
from portraitkit.superpixels._numba.lab import fill
from portraitkit.superpixels.connected import connected_regions, walled, whole
from portraitkit.superpixels.lab import GRAY, lab_tables
from portraitkit.superpixels.stretches import parts_of, stretches_of


def lab_planes(image, unit=2.0, mask=None):
    planes = np.full((3, image.shape[0], 32 * (image.shape[1] // 32 + 1)), -7, np.int16)
    inside = None if mask is None else stretches_of(mask)
    runs = (parts_of(inside) if inside else whole(image.shape[:2]))[2]
    origin = image.shape[1], 0, 0
    fill(image.reshape(-1), *origin, *runs, *lab_tables(unit), planes)
    return planes


class TestLab:
    @given(st.integers(0, 2**16))
    @settings(max_examples=20)
    def test_close_to_the_textbook(self, seed):
        image = np.random.default_rng(seed).integers(0, 256, (1, 40, 3), np.uint8)
        image[0, :20] //= 8
        planes = lab_planes(image)
        wanted = np.array([oracle.lab(pixel) for pixel in image[0]])
        got = planes[:, 0, :40].T - np.array([0, GRAY, GRAY])
        error = np.abs(got / 2 - wanted)
        assert error.max() < 2
        assert error.mean() < 0.3
        assert (planes[:, 0, 40:] == -7).all()

    @given(masks())
    def test_only_what_is_in_a_mask(self, mask):
        rng = np.random.default_rng(mask.size)
        image = rng.integers(0, 256, (*mask.shape, 3), np.uint8)
        got, full = lab_planes(image, mask=mask), lab_planes(image)
        inside = got[:, :, : mask.shape[1]]
        assert_array_equal(inside, np.where(mask, full[:, :, : mask.shape[1]], -7))

    def test_of_a_frame_of_the_image(self, rng):
        image = rng.integers(0, 256, (9, 50, 3), np.uint8)
        inner = image[4:7, 11:50]
        got, runs = lab_planes(inner) * 0, whole(inner.shape[:2])[2]
        fill(image.reshape(-1), 50, 4, 11, *runs, *lab_tables(2.0), got)
        assert_array_equal(got[:, :, :39], lab_planes(inner)[:, :, :39])

    @pytest.mark.parametrize("unit", [2.0, 1.0, 0.37])
    def test_grays_have_no_color(self, unit):
        image = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
        light, a, b = lab_planes(image, unit)[:, 0, :256]
        assert_array_equal(np.unique([a, b]), [GRAY])
        assert (np.diff(light) >= 0).all()
        assert light[0] == 0
        assert light[255] == round(100 * unit)

    def test_every_color_fits_into_nine_bits(self):
        steps = np.arange(0, 256, 15, np.uint8)
        image = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
        planes = lab_planes(image)[:, :, : image.shape[1]]
        assert planes.min() >= 0
        assert planes.max() <= 510

    def test_the_tables_are_the_same_on_every_machine(self):
        light, shades = lab_tables(2.0)
        assert zlib.crc32(light.tobytes() + shades.tobytes()) == 3590987952


@st.composite
def rounds(draw):
    """Planes, labels and centers in any state, of up to three parts."""
    height, width = draw(st.integers(1, 24)), draw(st.integers(1, 70))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    labels = walled((height, width), draw(st.sampled_from([np.int16, np.int32])))
    share = rng.integers(1, 4, draw(st.integers(1, 3)))
    n, pitch = int(share.sum()), labels.shape[1]
    rivals = refinement.rivals_of(share, n)
    labels[1:-1, :width] = rng.integers(-1, n, (height, width))
    spread = draw(st.sampled_from([2, 40, 500]))
    planes = rng.integers(0, spread, (3, height, pitch)).astype(np.int16)
    centers = rng.integers(0, spread, (n, 5)).astype(np.int32)
    planes[0], centers[:, 0] = planes[0] % 201, centers[:, 0] % 201
    centers[:, 3], centers[:, 4] = rng.integers(0, (height, width), (n, 2)).T
    side = draw(st.floats(1, 40))
    reach, span = refinement._window(side, pitch)
    weight = draw(st.sampled_from([0.1, 1, 30]))
    near = refinement._squares(weight, max(reach, span) + 32)
    rows = draw(st.sampled_from([(0, 1), (0, 3), (2, 3)]))
    return planes, labels, centers, rivals, near, (reach, span), rows, width


def test_rivals_are_the_centers_of_one_part():
    wanted = [[0, 0, 0, 3, 4, 4], [3, 3, 3, 1, 2, 2]]
    assert_array_equal(refinement.rivals_of(np.array([3, 1, 2]), 6), wanted)


class TestRound:
    @pytest.mark.parametrize(("band", "group"), [(1, 1), (8, 1), (2, 3)])
    @given(rounds())
    @settings(max_examples=20)
    def test_equals_slow_definition(self, band, group, case):
        planes, labels, centers, rivals, near, window, rows, width = case
        height, pitch = planes.shape[1:]
        n, before = len(centers), labels.copy()
        wanted = oracle.choices(
            planes, before[1:-1, :width], centers, rivals.T, near, *window
        )
        sums = np.zeros((n, 6), np.int64)
        loops.assign(
            planes, centers, rivals, near, *window, *rows, True, band,
            np.empty(n, np.int32), np.empty(height // band + 3, np.int32),
            np.empty(group * band * pitch, np.uint16), labels, sums,
        )  # fmt: skip
        inside = labels[1:-1, :width]
        looked_at = range(rows[0], height, rows[1])
        for y, x in np.ndindex(*inside.shape):
            if y in looked_at:
                assert inside[y, x] in wanted[y, x]
            else:
                assert inside[y, x] == before[y + 1, x]
        assert (labels[[0, -1]] == -1).all()
        assert (labels[:, width:] == -1).all()
        counted = oracle.sums(planes, inside, centers, *window, looked_at)
        assert_array_equal(sums, counted)

    @given(rounds(), st.integers(2, 30))
    @settings(max_examples=40)
    def test_bands_worked_on_at_once_change_nothing(self, case, group):
        planes, labels, centers, rivals, near, window, rows, _ = case
        height, pitch = planes.shape[1:]
        n, band = len(centers), 2
        found = []
        for many in (1, group):
            names, sums = labels.copy(), np.zeros((n, 6), np.int64)
            loops.assign(
                planes // 20, centers // [20, 20, 20, 1, 1], rivals, near, *window,
                *rows, True, band, np.empty(n, np.int32),
                np.empty(height // band + 3, np.int32),
                np.empty(many * band * pitch, np.uint16), names, sums,
            )  # fmt: skip
            found.append((names, sums))
        assert_array_equal(found[0][0], found[1][0])
        assert_array_equal(found[0][1], found[1][1])

    @pytest.mark.parametrize("area", [1.0, 50_000.0, 480_000.0])
    @pytest.mark.parametrize("window", [1, 64, 65])
    def test_sums_of_a_window_fit_into_16_bits(self, area, window):
        band, group = refinement._bands(800, 640, area, window)
        assert band <= 64
        assert group * band <= 800
        assert group == 1 or window <= 64

    def test_every_row_has_its_turn(self, monkeypatch):
        seen = []
        monkeypatch.setattr(loops, "assign", lambda *args: seen.append(args[6:9]))
        for name in ("average", "settle"):
            monkeypatch.setattr(loops, name, lambda *args: None)
        loops.refine.py_func(*[None] * 5, 3, 5, *[None] * 7)
        wanted = [(0, 3, True), (1, 3, True), (2, 3, True), (0, 3, True), (0, 1, False)]
        assert seen == wanted

    @given(rounds())
    @settings(max_examples=20)
    def test_averages(self, case):
        planes, labels, centers, *_, rows, width = case
        sums = np.zeros((len(centers), 6), np.int64)
        loops.average(planes, *rows, labels, sums)
        everywhere = planes.shape[1], 2 * planes.shape[2]
        looked_at = range(rows[0], planes.shape[1], rows[1])
        wide = everywhere[0], planes.shape[2]
        inside = labels[1:-1, :width]
        wanted = oracle.sums(planes, inside, centers, *wide, looked_at)
        assert_array_equal(sums, wanted)
        moved = centers.copy()
        loops.settle(sums, moved)
        for k, (*total, n) in enumerate(wanted):
            assert list(moved[k]) == (oracle.mean(total, n) if n else list(centers[k]))
        assert not sums.any()


class TestNumbers:
    def test_squares_are_rounded_and_capped(self):
        squares = refinement._squares(0.5, 600)
        assert list(squares[598:603]) == [1, 0, 0, 0, 1]
        assert squares[0] == squares[-1] == 2**16 - 1
        assert squares.dtype == np.uint16

    @given(st.floats(1, 500), st.integers(1, 40))
    def test_windows_hold_a_superpixel_and_its_neighbours(self, side, lanes):
        reach, span = refinement._window(side, 32 * lanes)
        assert side <= reach <= side + 1
        assert span % 32 == 0
        assert span <= 32 * lanes
        assert span >= min(1.5 * side, 32 * lanes)

    @pytest.mark.parametrize("compactness", [1e-9, 1.0, 44.0, 300.0, 1e6])
    def test_any_compactness(self, compactness, rng):
        """A flat picture is cut evenly; noise never makes a mess of it."""
        image = np.full((60, 70, 3), 90, np.uint8)
        labels = slic(image, n_segments=20, compactness=compactness)
        assert labels.max() + 1 == 20
        share = np.bincount(labels.ravel()) / (60 * 70 / 20)
        assert 0.4 < share.min() <= share.max() < 2
        noisy = rng.integers(0, 256, (60, 70, 3), np.uint8)
        n = slic(noisy, n_segments=20, compactness=compactness).max() + 1
        assert 18 <= n <= 20

    def test_more_than_sixteen_bits_of_superpixels(self, rng):
        image = rng.integers(0, 256, (200, 200, 3), np.uint8)
        labels = slic(image, n_segments=36_000)
        assert 0.85 * 36_000 <= labels.max() + 1 <= 36_000
        assert connected_regions(labels)[1] == labels.max() + 1

    def test_sums_of_bytes_do_not_overflow(self):
        """The longest columns of the largest values that a sum of 16 bits sees."""
        planes = np.full((3, 64, 64), 510, np.int16)
        labels = walled((64, 33), np.int16)
        labels[1:-1, :33] = 0
        centers = np.array([[510, 510, 510, 32, 16]], np.int32)
        rivals = np.array([[0], [1]], np.int32)
        near, sums = refinement._squares(0.01, 200), np.zeros((1, 6), np.int64)
        loops.assign(
            planes, centers, rivals, near, 64, 64, 0, 1, True, 64,
            np.empty(1, np.int32), np.empty(4, np.int32),
            np.empty(64 * 64, np.uint16), labels, sums,
        )  # fmt: skip
        n = 64 * 33
        place = 33 * sum(range(64)), 64 * sum(range(33))
        assert_allclose(sums, [[510 * n, 510 * n, 510 * n, *place, n]])
