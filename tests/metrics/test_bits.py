"""Masks as bits: where each pixel goes, and how many two masks share."""

from ctypes import c_uint8

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from portraitkit.metrics._bits import pack
from portraitkit.metrics._numba import bits as loops
from portraitkit.metrics._numba.bits import BLOCK, QUARTERS, locate, popcount

STRIP = 64 * BLOCK * QUARTERS
SHAPES = [(9, 9), (5, 4), (1, 130), (8, 8), (16, 12), (0, 4), (3, 64 * BLOCK + 7)]
SHAPES += [(2, STRIP // 2), (7, 64 * BLOCK + 7), (2, STRIP - 64), (1, 2 * STRIP + 193)]


def bits(words):
    return np.unpackbits(words.view(np.uint8), bitorder="little")


def nonzero64(address):
    """Do what the compiled function of this name does."""
    on = np.frombuffer((c_uint8 * 64).from_address(int(address)), np.uint8) != 0
    return np.packbits(on, bitorder="little").view(np.uint64)[0]


def count(load):
    """Areas of all masks of a load of (found, true), and the shared pixels of each."""
    addresses = np.array([locate(m) for pair in load for side in pair for m in side])
    images = [(len(a), len(b), [*a, *b][0].size, 0) for a, b in load]
    areas = np.full(addresses.size, -1)
    shared = np.full(sum(d * g for d, g, *_ in images), -1)
    loops.count_shared(addresses, np.array(images), areas, shared)
    return areas, shared


def counted(load):
    """Say the same by NumPy."""
    areas = [mask.sum() for pair in load for side in pair for mask in side]
    return areas, [(a & b).sum() for found, true in load for a in found for b in true]


def check(load):
    for got, expected in zip(count(load), counted(load), strict=True):
        assert_array_equal(got, expected)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spare", [0, 3])
def test_a_bit_for_every_pixel(rng, shape, spare):
    noise = rng.random(shape) < 0.5
    words = pack(noise, spare=spare)
    assert words.size == (noise.size + 63) // 64 + spare
    assert_array_equal(bits(words)[: noise.size], noise.ravel())
    assert not bits(words)[noise.size :].any()


@pytest.mark.parametrize("start", range(9))
def test_masks_at_any_address(rng, start):
    noise = (rng.random(5 * 26 + start) < 0.5)[start:].reshape(5, 26)
    noise.flags.writeable = False
    assert_array_equal(bits(pack(noise))[:130], noise.ravel())


def test_any_byte_but_zero_is_true(rng):
    """So NumPy has it, for bytes viewed as bool."""
    noise = rng.integers(0, 4, (3, 50), np.uint8) * np.uint8(64)
    assert_array_equal(bits(pack(noise.view(bool)))[:150], (noise != 0).ravel())


def test_a_mask_is_located_as_numpy_does(rng):
    noise = rng.random((4, 5, 6)) < 0.5
    noise.flags.writeable = False
    for mask in (*noise, noise.copy()[1], noise[2, 1:], noise[0, :, :1].copy()):
        assert locate(mask) == mask.ctypes.data


@pytest.mark.parametrize("shape", SHAPES)
def test_pixels_of_masks_are_counted(rng, shape):
    noise = rng.random((3, *shape)) < 0.5
    noise[1, :, shape[1] // 3 :] = False
    check([(list(noise[:1]), list(noise[1:]))])


@pytest.mark.parametrize("start", [0, 1, 31, 63])
def test_counted_at_any_address(rng, start):
    """Bytes that NumPy takes for true; what lies around them does not count."""
    noise = rng.integers(0, 3, (2, 1, 40000), np.uint8)[..., start : start + 39000]
    areas, shared = count([(list(noise[:1].view(bool)), list(noise[1:].view(bool)))])
    assert_array_equal(areas, [np.count_nonzero(one) for one in noise])
    assert shared == np.count_nonzero((noise[0] != 0) & (noise[1] != 0))


@given(st.data())
def test_every_pixel_counts_once(data):
    """However few there are, wherever they are."""
    size = data.draw(st.sampled_from([STRIP - 1, STRIP, 3 * STRIP + 64 * 5 + 9]))
    spots = [data.draw(st.sets(st.integers(0, size - 1), max_size=3)) for _ in range(3)]
    masks = np.zeros((3, 1, size), bool)
    for mask, on in zip(masks, spots, strict=True):
        mask[0, list(on | spots[0])] = True
    check([(list(masks[:2]), list(masks[1:]))])


@given(st.data())
def test_intersections_of_masks_of_many_strips(data):
    """Spans of pixels may lie apart, meet or hold one another."""
    size = 5 * STRIP + 99
    ends = st.lists(st.integers(0, size), min_size=2, max_size=2).map(sorted)
    spans = data.draw(st.lists(ends, min_size=2, max_size=5))
    masks = np.zeros((len(spans), 1, size), bool)
    for mask, (start, stop) in zip(masks, spans, strict=True):
        mask[0, start:stop] = True
    check([(list(masks[:1]), list(masks[1:]))])


class TestLoads:
    """Several images in one call: each as if it were alone."""

    @staticmethod
    def load(rng):
        counts = [(1, 1), (3, 2), (1, 4), (2, 2), (5, 1), (2, 3), (1, 1), (2, 1)]
        return [
            tuple(list(rng.random((n, *shape)) < 0.4) for n in pair)
            for shape, pair in zip(SHAPES, counts, strict=False)
        ]

    def test_shared_pixels_of_each_image(self, rng):
        load = self.load(rng)
        for part in (load, load[::-1], load[-1:], load[:2]):
            check(part)

    def test_an_image_without_one_side_is_passed_over(self, rng):
        load = self.load(rng)
        load[1], load[4] = (load[1][0], []), ([], load[4][1])
        (areas, shared), expected = count(load), counted(load)
        assert_array_equal(shared, expected[1])
        passed = [[not (a and b)] * len(a + b) for a, b in load]
        assert_array_equal(areas, np.where(np.concatenate(passed), -1, expected[0]))

    def test_compiled_equals_interpreted(self, rng, monkeypatch):
        load = self.load(rng)
        expected = count(load)
        for name in ("count_shared", "_count", "_add", "_read", "_both", "fill"):
            monkeypatch.setattr(loops, name, getattr(loops, name).py_func)
        monkeypatch.setattr(
            loops, "byte", lambda at: c_uint8.from_address(int(at)).value
        )
        monkeypatch.setattr(loops, "nonzero64", nonzero64)
        for one, other in zip(count(load), expected, strict=True):
            assert_array_equal(one, other)


@given(st.integers(0, 2**64 - 1))
def test_popcount(word):
    with np.errstate(over="ignore"):
        assert popcount.py_func(np.uint64(word)) == word.bit_count()
    assert popcount(np.uint64(word)) == word.bit_count()
