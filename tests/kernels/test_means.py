"""Mean masks: exact sums, any order, files that are whole or refused."""

import itertools
import zipfile
from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import kernels as oracle

from portraitkit.kernels import MeanMask, mean_mask
from portraitkit.kernels._numba import means as loops


def many(n, shape=(5, 9), seed=0):
    rng = np.random.default_rng(seed)
    return rng.random((n, *shape)) < rng.random(shape)


def gathered(masks, shape=None):
    mean = MeanMask(shape or masks[0].shape)
    for mask in masks:
        mean.update(mask)
    return mean


class TestMean:
    @given(st.integers(1, 40), st.integers(0, 99))
    def test_equals_definition(self, n, seed):
        masks = many(n, seed=seed)
        expected = oracle.mean(masks)
        for got in (masks, list(masks), (m for m in masks), masks * np.uint8(255)):
            assert_array_equal(mean_mask(got), expected)
        assert_array_equal(gathered(masks).mean, expected)

    @pytest.mark.parametrize("n", [254, 255, 256, 257, 511, 1100])
    def test_more_masks_than_a_byte_holds(self, n):
        masks = many(n, (3, 4))
        masks[:, 0, 0] = True
        assert_array_equal(mean_mask(masks), oracle.mean(masks))
        assert_array_equal(gathered(masks).mean, oracle.mean(masks))

    def test_mixed_kinds_and_layouts(self):
        masks = many(9)
        mixed = [
            masks[0],
            masks[1] * np.uint8(255),
            masks[2].astype(np.int64),
            np.asfortranarray(masks[3]),
            masks[4].tolist(),
            masks[5] * np.uint8(1),
            masks[6][::-1][::-1],
            masks[7] * np.uint16(255),
            masks[8] * np.uint8(255),
        ]
        for mask in mixed[:4]:
            mask.flags.writeable = False
        for order in ([*mixed], mixed[::-1]):
            assert_array_equal(mean_mask(order), oracle.mean(masks))

    def test_inputs_stay_as_they_are(self):
        masks = many(5)
        before = masks.copy()
        mean_mask(masks)
        assert_array_equal(masks, before)
        assert masks[0].flags.writeable

    def test_one_mask_of_a_generator_is_held_at_a_time(self):
        alive = []

        class Watched(np.ndarray):
            def __del__(self):
                alive.pop()

        def reader():
            for mask in many(6):
                assert not alive
                alive.append(1)
                watched = mask.copy().view(Watched)
                yield watched
                del watched

        mean_mask(iter(reader()), shape=(5, 9))

    def test_of_portraits(self, data):
        paths = sorted((data / "portraits/eval/masks").iterdir())[:60]
        masks = [cv2.imread(str(p), cv2.IMREAD_GRAYSCALE) for p in paths]
        masks = [np.where(mask > 127, 255, 0).astype(np.uint8) for mask in masks]
        assert_array_equal(mean_mask(masks), oracle.mean(masks))


class TestResized:
    def test_shrinks_by_areas(self):
        mask = np.zeros((4, 6), bool)
        mask[0, :3] = True
        expected = [[0.5, 0.25, 0.0], [0, 0, 0]]
        assert_array_equal(mean_mask([mask], shape=(2, 3)), np.float32(expected))

    def test_takes_the_first_size_by_default(self):
        got = mean_mask([np.ones((2, 3), bool), np.zeros((40, 20), bool)])
        assert_array_equal(got, np.full((2, 3), 0.5, np.float32))

    @given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 30), st.integers(1, 30))
    def test_keeps_the_area_when_it_shrinks(self, h, w, up, across):
        mask = many(1, (h * up, w * across))[0]
        got = mean_mask([mask], shape=(h, w))
        expected = mask.reshape(h, up, w, across).mean(axis=(1, 3))
        assert_allclose(got, expected, atol=2e-6)

    @pytest.mark.parametrize("value", [0, 1])
    @pytest.mark.parametrize("shape", [(1, 1), (3, 50), (97, 2)])
    def test_constant_stays_constant(self, value, shape):
        got = mean_mask([np.full(shape, value)], shape=(7, 8))
        assert_array_equal(got, np.full((7, 8), value, np.float32))


class TestMerge:
    @pytest.mark.parametrize("other_size", [(5, 9), (11, 13)])
    def test_order_and_grouping_do_not_matter(self, other_size):
        masks = [*many(300), *many(4, other_size)]
        whole = gathered(masks, (5, 9))
        for order in itertools.permutations(range(3)):
            parts = [gathered(masks[i::3], (5, 9)) for i in range(3)]
            merged = MeanMask((5, 9))
            for i in order:
                merged.merge(parts[i])
            assert merged.count == whole.count == 304
            assert_array_equal(merged.mean, whole.mean)

    def test_other_stays_and_both_go_on(self):
        masks = many(8)
        one, two = gathered(masks[:3]), gathered(masks[3:6])
        one.merge(two)
        assert two.count == 3
        one.update(masks[6])
        one.merge(gathered(masks[7:]))
        assert_array_equal(one.mean, oracle.mean(masks))

    def test_with_itself_doubles(self):
        mean = gathered(many(5))
        before = mean.mean
        mean.merge(mean)
        assert mean.count == 10
        assert_array_equal(mean.mean, before)

    def test_empty_changes_nothing(self):
        mean = gathered(many(5))
        before = mean.mean
        mean.merge(MeanMask((5, 9)))
        assert_array_equal(mean.mean, before)


class TestFiles:
    @pytest.mark.parametrize("size", [(5, 9), (7, 7)])
    def test_loads_and_goes_on(self, tmp_path, size):
        masks = [*many(20, size), *many(3)]
        half = gathered(masks[:11], (5, 9))
        assert half.save(tmp_path / "a.npz") is None
        loaded = MeanMask.load(tmp_path / "a.npz")
        assert (loaded.shape, loaded.count) == ((5, 9), 11)
        assert_array_equal(loaded.mean, half.mean)
        for mask in masks[11:]:
            loaded.update(mask)
        assert_array_equal(loaded.mean, gathered(masks, (5, 9)).mean)

    def test_same_masks_give_the_same_file(self, tmp_path):
        masks = many(300)
        gathered(masks).save(tmp_path / "a.npz")
        gathered(masks[::-1]).save(str(tmp_path / "b"))
        assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b").read_bytes()
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a.npz", "b"]

    def test_empty_one_comes_back_empty(self, tmp_path):
        MeanMask((2, 3)).save(tmp_path / "a.npz")
        assert MeanMask.load(tmp_path / "a.npz").count == 0

    def test_failed_save_keeps_the_old_file(self, tmp_path, monkeypatch):
        path = tmp_path / "a.npz"
        gathered(many(2)).save(path)
        before = path.read_bytes()

        def full_disk(file, **_):
            file.write(b"half")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(np, "savez_compressed", full_disk)
        with pytest.raises(OSError, match="No space left"):
            gathered(many(3)).save(path)
        assert path.read_bytes() == before
        assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]

    def damage(self, path, **changes):
        with np.load(path) as file:
            parts = {name: file[name] for name in file.files}
        parts.update(changes)
        parts = {name: part for name, part in parts.items() if part is not None}
        np.savez(path, **parts)

    @pytest.mark.parametrize(
        ("changes", "match"),
        [
            ({"version": 2}, r"of version 2"),
            ({"version": None}, r"version"),
            ({"version": 1.5}, r"version is no single integer but 1\.5"),
            ({"version": [1]}, r"version is no single integer but 'int64 of shape"),
            ({"version": True}, r"version is no single integer but True"),
            ({"format": "else"}, r"something else"),
            ({"format": None}, r"something else"),
            ({"units": None}, r"units"),
            ({"units": np.zeros((2, 2))}, r"damaged"),
            ({"units": np.zeros(4, np.uint64)}, r"damaged"),
            ({"units": np.zeros((0, 4), np.uint64)}, r"damaged"),
            ({"count": 1}, r"more masks than there are"),
            ({"count": -1}, r"damaged: its count is -1"),
            ({"count": 2**32}, r"damaged: its count is 4294967296"),
            ({"count": "x"}, r"count is no single integer but 'x'"),
            (
                {"count": [40]},
                r"count is no single integer but 'int64 of shape \(1,\)'",
            ),
            ({"count": 40.5}, r"count is no single integer but 40\.5"),
            ({"count": 1e300}, r"count is no single integer but 1e\+300"),
            ({"count": np.nan}, r"count is no single integer but nan"),
        ],
    )
    def test_refuses_other_contents(self, tmp_path, changes, match):
        path = tmp_path / "a.npz"
        gathered(np.ones((4, 3, 3), bool)).save(path)
        self.damage(path, **changes)
        with pytest.raises(ValueError, match=rf"path must be .*a\.npz.*{match}"):
            MeanMask.load(path)

    @pytest.mark.parametrize("keep", [0, 3, 40, 300, -1, -30])
    def test_refuses_a_truncated_file(self, tmp_path, keep):
        path = tmp_path / "a.npz"
        gathered(many(20, (40, 50))).save(path)
        path.write_bytes(path.read_bytes()[:keep])
        with pytest.raises(ValueError, match=r"path must be .*a\.npz"):
            MeanMask.load(path)

    def test_refuses_flipped_bytes(self, tmp_path):
        path = tmp_path / "a.npz"
        gathered(many(20, (40, 50))).save(path)
        with zipfile.ZipFile(path) as file:
            start = file.getinfo("units.npy").header_offset + 200
        raw = bytearray(path.read_bytes())
        raw[start : start + 20] = bytes(20)
        path.write_bytes(raw)
        with pytest.raises(ValueError, match=r"path must be .*a\.npz"):
            MeanMask.load(path)

    def test_refuses_what_is_no_npz(self, tmp_path):
        text, array = tmp_path / "a.txt", tmp_path / "a.npy"
        text.write_text("hello")
        np.save(array, np.zeros(3))
        for path in (text, array):
            with pytest.raises(ValueError, match=r"path must be a file written by"):
                MeanMask.load(path)

    def test_refuses_pickles(self, tmp_path):
        np.savez(tmp_path / "a.npz", format=np.array([{}], object))
        with pytest.raises(ValueError, match=r"path must be .*pickle"):
            MeanMask.load(tmp_path / "a.npz")

    def test_missing_file_is_named(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"absent\.npz"):
            MeanMask.load(tmp_path / "absent.npz")
        with pytest.raises(FileNotFoundError, match=r"no folder.a\.npz'$"):
            gathered(many(1)).save(tmp_path / "no folder" / "a.npz")

    @pytest.mark.parametrize("path", [None, 7, BytesIO(), b"a.npz"])
    def test_what_is_no_path(self, path):
        match = f"path must be a str or a path; got {type(path).__name__}"
        with pytest.raises(TypeError, match=match):
            MeanMask.load(path)
        with pytest.raises(TypeError, match=match):
            MeanMask((1, 2)).save(path)


class TestRefusals:
    @pytest.mark.parametrize(
        ("bad", "error", "match"),
        [
            (np.full((5, 9), 2, np.uint8), ValueError, r"hold only 0 and 1.*2"),
            (np.full((5, 9), 254, np.uint8), ValueError, r"hold only 0 and 1.*254"),
            (np.arange(45, dtype=np.uint8).reshape(5, 9), ValueError, r"0, 1, 2"),
            (np.array([[1, 255]], np.uint8), ValueError, r"1, 255"),
            (np.full((5, 9), 0.5), TypeError, r"be a bool mask.*float64"),
            (np.full((5, 9), np.nan), TypeError, r"be a bool mask"),
            (np.zeros(9, bool), ValueError, r"\(H, W\); got bool of shape \(9,\)"),
            (np.zeros((0, 9), bool), ValueError, r"at least one pixel"),
        ],
    )
    @pytest.mark.parametrize("place", [0, 7, 8, 19])
    def test_bad_mask_is_named_and_leaves_no_trace(self, bad, error, match, place):
        masks = [*many(19)]
        mean = gathered(masks)
        before = mean.mean
        with pytest.raises(error, match=rf"mask must .*{match}"):
            mean.update(bad)
        assert mean.count == 19
        assert_array_equal(mean.mean, before)
        masks.insert(place, bad)
        for source in (masks, iter(masks)):
            with pytest.raises(error, match=rf"masks\[{place}\] must .*{match}"):
                mean_mask(source, shape=(5, 9))

    @pytest.mark.parametrize("masks", [None, 5, np.array(True)])
    def test_what_holds_no_masks(self, masks):
        with pytest.raises(TypeError, match="masks must be an iterable of masks; got"):
            mean_mask(masks)

    def test_ragged_rows_are_named(self):
        even, ragged = [[0, 1]], [[0, 1], [1]]
        match = r"must be a bool mask of shape \(H, W\); got rows of different lengths"
        with pytest.raises(ValueError, match=rf"mask {match}"):
            MeanMask((2, 2)).update(ragged)
        for masks in ([even, ragged], iter([even, ragged])):
            with pytest.raises(ValueError, match=rf"masks\[1\] {match}"):
                mean_mask(masks)

    @pytest.mark.parametrize("masks", [[], iter([]), np.zeros((0, 3, 3), bool)])
    def test_no_masks(self, masks):
        with pytest.raises(ValueError, match="masks must hold at least one mask"):
            mean_mask(masks)
        with pytest.raises(ValueError, match="mean needs at least one mask"):
            _ = MeanMask((2, 2)).mean

    @pytest.mark.parametrize(
        ("shape", "error"),
        [
            ((0, 3), ValueError),
            ((3,), TypeError),
            ((2.5, 3), TypeError),
            (5, TypeError),
        ],
    )
    def test_shape(self, shape, error):
        with pytest.raises(error, match=r"shape must be \(height, width\)"):
            MeanMask(shape)
        with pytest.raises(error, match=r"shape must be \(height, width\)"):
            mean_mask(many(1), shape=shape)

    def test_merge(self):
        with pytest.raises(ValueError, match=r"other must have the shape \(2, 2\)"):
            MeanMask((2, 2)).merge(MeanMask((2, 3)))
        with pytest.raises(TypeError, match=r"other must be a MeanMask; got ndarray"):
            MeanMask((2, 2)).merge(np.zeros((2, 2)))


@given(st.integers(0, 99))
def test_compiled_equals_interpreted(seed):
    rng = np.random.default_rng(seed)
    high = rng.choice([1, 2, 255])
    masks = [rng.choice([0, high], 20).astype(np.uint8) for _ in range(8)]
    results = []
    for run in (lambda f: f, lambda f: getattr(f, "py_func", f)):
        total = rng.integers(0, 255, 20, np.uint8) * 0 + np.uint8(250)
        with np.errstate(over="ignore"):
            bad = run(loops.add_eight)(*masks, total)
            bad_one = run(loops.add)(masks[0], total)
            run(loops.add_rows)(np.stack(masks + masks[:3]), total)
            run(loops.take_back)(masks[1], total)
        results.append((bool(bad), bool(bad_one), total.tolist()))
    assert results[0] == results[1]
    assert results[0][0] == (high == 2 and np.any(masks))
