"""COCO's run lengths: equal to the definition and to pycocotools byte for byte."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import rle as oracle
from strategies import masks

from portraitkit.io import decode_rle, encode_rle

SHAPES = [(1, 1), (1, 9), (9, 1), (5, 7)]


def by_coco(mask):
    coco = pytest.importorskip("pycocotools.mask")
    made = coco.encode(np.asfortranarray(mask, dtype=np.uint8))
    return {"size": made["size"], "counts": made["counts"].decode()}


@given(masks())
def test_equals_the_definition_and_comes_back(mask):
    rle = encode_rle(mask)
    assert rle == oracle.encode(mask)
    got = decode_rle(rle)
    np.testing.assert_array_equal(got, mask)
    assert got.dtype == np.bool_
    assert got.flags.c_contiguous


@given(masks(max_side=60))
@settings(max_examples=200)
def test_equals_pycocotools(mask):
    assert encode_rle(mask) == by_coco(mask)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("value", [False, True])
def test_empty_and_full(shape, value):
    mask = np.full(shape, value)
    assert encode_rle(mask) == by_coco(mask) == oracle.encode(mask)
    np.testing.assert_array_equal(decode_rle(encode_rle(mask)), mask)


def test_runs_of_every_length():
    """Long and short runs in turn: steps of many groups, of both signs."""
    rng = np.random.default_rng(0)
    runs = np.concatenate([[2**k, 1, 2**k - 1, 3] for k in range(21)])
    rng.shuffle(runs)
    flat = np.repeat(np.arange(runs.size) % 2 == 1, runs)
    mask = np.pad(flat, (0, -flat.size % 2048)).reshape(-1, 2048).T
    assert encode_rle(mask) == by_coco(mask)
    np.testing.assert_array_equal(decode_rle(encode_rle(mask)), mask)


def test_layouts_and_kinds_of_masks():
    mask = np.random.default_rng(1).random((6, 8)) > 0.5
    want = encode_rle(mask)
    frozen = mask.copy()
    frozen.flags.writeable = False
    wide = np.repeat(mask, 2, axis=1)[:, ::2]
    for same in (np.asfortranarray(mask), frozen, wide, mask * 255, mask.tolist()):
        assert encode_rle(same) == want


@given(masks())
def test_counts_may_be_bytes_or_a_list(mask):
    rle = encode_rle(mask)
    for counts in (rle["counts"].encode(), oracle.run_lengths(mask)):
        got = decode_rle({"size": rle["size"], "counts": counts})
        np.testing.assert_array_equal(got, mask)


@pytest.mark.parametrize(
    ("rle", "message"),
    [
        ({"size": [2, 2]}, "rle must be a mapping with size and counts"),
        ("04", "rle must be a mapping"),
        ({"size": [2], "counts": "4"}, r"rle size must be \(height, width\)"),
        ({"size": [0, 2], "counts": "0"}, "rle size must be .* both >= 1"),
        ({"size": [2, 2], "counts": ""}, "must be COCO's compressed text"),
        ({"size": [2, 2], "counts": "T"}, "must be COCO's compressed text"),
        ({"size": [2, 2], "counts": "4 "}, "must be COCO's compressed text"),
        ({"size": [2, 2], "counts": "4é"}, "must be COCO's compressed text"),
        ({"size": [2, 2], "counts": "o" * 40 + "0"}, "must be COCO's compressed text"),
        ({"size": [2, 2], "counts": "5"}, r"add up to 2 \* 2"),
        ({"size": [2, 2], "counts": [5, -1]}, r"add up to 2 \* 2"),
        ({"size": [2, 2], "counts": [2, 1]}, r"add up to 2 \* 2"),
        ({"size": [2, 2], "counts": []}, "rle counts must be text or"),
        ({"size": [2, 2], "counts": [2.5, 1.5]}, "rle counts must be text or"),
        ({"size": [2, 2], "counts": None}, "rle counts must be text or"),
        ({"size": [2, 2], "counts": [[2, 2]]}, "rle counts must be text or"),
    ],
)
def test_refusals(rle, message):
    with pytest.raises((ValueError, TypeError), match=message):
        decode_rle(rle)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(ValueError):
        assert decode_rle({"size": [3, 4], "counts": text}).shape == (3, 4)


def test_no_mask():
    with pytest.raises(TypeError, match="mask must be a bool mask"):
        encode_rle([[0.5]])
