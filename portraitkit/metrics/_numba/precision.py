"""Loops behind `metrics.precision`: exact dtypes in, nothing checked."""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Bytes, Floats, Ints, Words

_ONE = np.uint64(1)
_TWO = np.uint64(2)
_FOUR = np.uint64(4)
_TOP = np.uint64(56)
_ODD = np.uint64(0x5555555555555555)
_PAIRS = np.uint64(0x3333333333333333)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)


@compiled
def popcount(word: np.uint64) -> int:
    """Count the bits of one word (LLVM knows this form as one instruction)."""
    word = word - ((word >> _ONE) & _ODD)
    word = (word & _PAIRS) + ((word >> _TWO) & _PAIRS)
    word = (word + (word >> _FOUR)) & _NIBBLES
    return int(np.int64((word * _BYTES) >> _TOP))


@compiled
def measure(masks: Words, spans: Ints, areas: Ints) -> None:
    """Note for every row its words from the first to past the last set, and its bits."""
    for m in range(masks.shape[0]):
        mask = masks[m]
        total = 0
        for w in range(mask.size):
            total += popcount(mask[w])
        start, stop = 0, mask.size
        while start < stop and mask[start] == 0:
            start += 1
        while stop > start and mask[stop - 1] == 0:
            stop -= 1
        spans[m, 0], spans[m, 1], areas[m] = start, stop, total


@compiled
def intersect(
    found: Words, found_spans: Ints, truths: Words, truth_spans: Ints, shared: Ints
) -> None:
    """Count the pixels that each row of `found` shares with each row of `truths`."""
    for d in range(found.shape[0]):
        for g in range(truths.shape[0]):
            start = max(found_spans[d, 0], truth_spans[g, 0])
            stop = min(found_spans[d, 1], truth_spans[g, 1])
            ours = found[d, start : max(start, stop)]
            theirs = truths[g, start : max(start, stop)]
            total = 0
            for w in range(ours.size):
                total += popcount(ours[w] & theirs[w])
            shared[d, g] = total


@compiled
def match(overlap: Floats, n_persons: int, thresholds: Floats, verdict: Bytes) -> None:
    """Give each prediction, best score first, the free truth it overlaps most.

    Columns of `overlap` (D, G) from `n_persons` on are crowds: they take any number of
    predictions, and one that goes to a crowd counts neither way. `verdict` (T, D)
    becomes 0 wrong, 1 right, 2 not counted. Of equal overlaps the last truth wins.
    """
    n_found, n_truths = overlap.shape
    taken = np.zeros(n_truths, np.uint8)
    for t in range(thresholds.size):
        taken[:] = 0
        for d in range(n_found):
            best, choice = min(thresholds[t], 1 - 1e-10), -1
            for g in range(n_truths):
                if g == n_persons and choice >= 0:
                    break
                if overlap[d, g] >= best and (g >= n_persons or taken[g] == 0):
                    best, choice = overlap[d, g], g
            if choice >= 0:
                taken[choice] = 1
                verdict[t, d] = 1 if choice < n_persons else 2
