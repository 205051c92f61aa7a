"""Masks as bits: where each pixel goes, and what is noted beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from portraitkit.metrics._bits import Packer, pack
from portraitkit.metrics._numba.bits import BLOCK, intersect, popcount

SHAPES = [(9, 9), (5, 4), (1, 130), (8, 8), (16, 12), (0, 4), (3, 64 * BLOCK + 7)]


def bits(words):
    return np.unpackbits(words.view(np.uint8), bitorder="little")


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


def test_a_packer_forgets_the_image_before(rng):
    packer = Packer()
    for shape in SHAPES:
        noise = rng.random((3, *shape)) < 0.5
        noise[1, :, shape[1] // 3 :] = False
        words, notes = packer(list(noise))
        for row, (start, stop, _), mask in zip(words, notes, noise, strict=True):
            assert_array_equal(row[start:stop], pack(mask)[start:stop])
        assert_array_equal(notes[:, 2], noise.sum(axis=(1, 2)))
    assert packer([])[0].shape == (0, 0)


@given(st.data())
def test_notes_enclose_the_bits(data):
    """However few pixels there are: to the block, and nothing where there are none."""
    size = data.draw(st.sampled_from([64 * BLOCK - 1, 64 * BLOCK, 200 * BLOCK + 9]))
    spots = data.draw(st.sets(st.integers(0, size - 1), max_size=3))
    mask = np.zeros((1, size), bool)
    mask[0, list(spots)] = True
    packer = Packer()
    packer([np.ones_like(mask)])
    [words], [[start, stop, count]] = packer([mask])
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
    packer = Packer()
    packer(list(np.ones_like(masks)))
    shared = np.full((1, len(spans) - 1), -1)
    intersect(*packer(list(masks)), shared)
    assert_array_equal(shared, (masks[:1] & masks[1:]).sum(axis=2).T)


@given(st.integers(0, 2**64 - 1))
def test_popcount(word):
    with np.errstate(over="ignore"):
        assert popcount.py_func(np.uint64(word)) == word.bit_count()
    assert popcount(np.uint64(word)) == word.bit_count()
