"""Masks as bits: where each pixel goes, and what is noted beside it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from portraitkit.metrics._bits import Counter, pack
from portraitkit.metrics._numba.bits import (
    BLOCK,
    count_shared,
    gather,
    intersect,
    locate,
    popcount,
)

SHAPES = [(9, 9), (5, 4), (1, 130), (8, 8), (16, 12), (0, 4), (3, 64 * BLOCK + 7)]


def bits(words):
    return np.unpackbits(words.view(np.uint8), bitorder="little")


def gathered(masks):
    """Words, of ones where nothing was written, and notes."""
    size = masks[0].size
    words = np.full((len(masks), -(-size // 64)), 2**64 - 1, np.uint64)
    notes = np.full((len(masks), 3), -1)
    for row, mask in enumerate(masks):
        gather(locate(mask), size, row, words, notes)
    return words, notes


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
def test_words_within_the_notes_are_the_mask(rng, shape):
    noise = rng.random((3, *shape)) < 0.5
    noise[1, :, shape[1] // 3 :] = False
    words, notes = gathered(list(noise))
    for row, (start, stop, _), mask in zip(words, notes, noise, strict=True):
        assert_array_equal(row[start:stop], pack(mask)[start:stop])
    assert_array_equal(notes[:, 2], noise.sum(axis=(1, 2)))


@given(st.data())
def test_notes_enclose_the_bits(data):
    """However few pixels there are: to the block, and nothing where there are none."""
    size = data.draw(st.sampled_from([64 * BLOCK - 1, 64 * BLOCK, 200 * BLOCK + 9]))
    spots = data.draw(st.sets(st.integers(0, size - 1), max_size=3))
    mask = np.zeros((1, size), bool)
    mask[0, list(spots)] = True
    [words], [[start, stop, count]] = gathered([mask])
    assert_array_equal(words[start:stop], pack(mask)[start:stop])
    assert_array_equal(np.flatnonzero(bits(pack(mask))), sorted(spots))
    assert count == len(spots)
    if spots:
        first, last = min(spots) // (64 * BLOCK), max(spots) // (64 * BLOCK)
        assert start == first * BLOCK
        assert stop == min((last + 1) * BLOCK, (size + 63) // 64)
    else:
        assert start == stop == 0


@given(st.data())
def test_intersections_of_masks_of_many_blocks(data):
    """Spans of words may lie apart, meet or hold one another, in used memory."""
    size = 300 * BLOCK
    ends = st.lists(st.integers(0, size), min_size=2, max_size=2).map(sorted)
    spans = data.draw(st.lists(ends, min_size=2, max_size=5))
    masks = np.zeros((len(spans), 1, size), bool)
    for mask, (start, stop) in zip(masks, spans, strict=True):
        mask[0, start:stop] = True
    shared = np.full((1, len(spans) - 1), -1)
    intersect(*gathered(list(masks)), shared)
    assert_array_equal(shared, (masks[:1] & masks[1:]).sum(axis=2).T)


class TestLoads:
    """Several images in one call: each as if it were alone."""

    @staticmethod
    def load(rng):
        counts = [(1, 1), (3, 2), (1, 4), (2, 2), (5, 1), (2, 3), (1, 1)]
        return [
            tuple(list(rng.random((n, *shape)) < 0.4) for n in pair)
            for shape, pair in zip(SHAPES, counts, strict=True)
        ]

    @staticmethod
    def check(load, counts):
        for (found, true), (shared, notes) in zip(load, counts, strict=True):
            assert shared.tolist() == [[(a & b).sum() for b in true] for a in found]
            assert notes[:, 2].tolist() == [mask.sum() for mask in (*found, *true)]

    def test_shared_pixels_of_each_image(self, rng):
        load, count = self.load(rng), Counter()
        self.check(load, count(load))

    def test_a_counter_forgets_the_load_before(self, rng):
        load, count = self.load(rng), Counter()
        for part in (load[-1:], load[:2], load[::-1], load[2:3]):
            self.check(part, count(part))

    def test_threads_do_not_share_memory(self, rng):
        load, count, both = self.load(rng), Counter(), Barrier(2, timeout=10)

        def space():
            both.wait()
            self.check(load, count(load))
            both.wait()
            return count._space

        with ThreadPoolExecutor(2) as pool:
            one, other = (pool.submit(space) for _ in range(2))
        assert not np.shares_memory(one.result(), other.result())

    def test_compiled_equals_interpreted(self, rng):
        load = self.load(rng)
        addresses = np.array([locate(m) for ab in load for side in ab for m in side])
        images = np.array([(len(a), len(b), a[0].size) for a, b in load])
        space = np.zeros(10**4, np.uint64)
        outputs = []
        for call in (count_shared, count_shared.py_func):
            notes = np.full((addresses.size, 3), -1)
            shared = np.full((images[:, 0] * images[:, 1]).sum(), -1)
            call(addresses, images, space, notes, shared)
            outputs.append((notes, shared))
        for one, other in zip(*outputs, strict=True):
            assert_array_equal(one, other)


@given(st.integers(0, 2**64 - 1))
def test_popcount(word):
    with np.errstate(over="ignore"):
        assert popcount.py_func(np.uint64(word)) == word.bit_count()
    assert popcount(np.uint64(word)) == word.bit_count()
