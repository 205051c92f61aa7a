"""Masks as bits, 64 pixels a word, on the little-endian machines numba knows."""

import threading
from collections.abc import Sequence

import numpy as np

from .._core.typing import Ints, Mask, Words
from ._numba.bits import count_shared, gather, locate

Sides = tuple[Sequence[Mask], Sequence[Mask]]
"""Found and true masks of one image, C-ordered and of one shape; some of both."""


def pack(mask: Mask, *, spare: int = 0) -> Words:
    """Pack a C-ordered mask, row after row, into words with `spare` empty ones behind.

    Bit ``p & 63`` of word ``p >> 6`` is pixel ``p = y * width + x``.
    """
    words = np.zeros(-(-mask.size // 64) + spare, dtype=np.uint64)
    notes = np.empty((1, 3), dtype=np.int64)
    gather(locate(mask), mask.size, 0, words[None], notes)
    return words


class Counter(threading.local):
    """Count shared pixels, load after load, in memory that each thread keeps.

    Fresh pages cost about as much as the packing itself.
    """

    def __init__(self) -> None:
        self._space: Words = np.zeros(0, dtype=np.uint64)

    def __call__(self, load: Sequence[Sides]) -> list[tuple[Ints, Ints]]:
        """Count for each image of a load, in one call that holds no GIL.

        Returns
        -------
        list of ((D, G) int64, (D + G, 3) int64)
            For each image the pixels that each found mask shares with each true one,
            and for each mask, the found ones first, the notes of `gather`.
        """
        addresses = [locate(m) for sides in load for side in sides for m in side]
        images = [(len(found), len(true), found[0].size) for found, true in load]
        need = max((d + g) * (size + 63 >> 6) for d, g, size in images)
        if self._space.size < need:
            self._space = np.zeros(need, dtype=np.uint64)
        notes = np.empty((len(addresses), 3), dtype=np.int64)
        shared = np.empty(sum(d * g for d, g, _ in images), dtype=np.int64)
        count_shared(np.array(addresses), np.array(images), self._space, notes, shared)
        return _per_image(load, notes, shared)


def _per_image(
    load: Sequence[Sides], notes: Ints, shared: Ints
) -> list[tuple[Ints, Ints]]:
    row = pair = 0
    counts = []
    for found, true in load:
        shape = len(found), len(true)
        end, stop = row + sum(shape), pair + shape[0] * shape[1]
        counts.append((shared[pair:stop].reshape(shape), notes[row:end]))
        row, pair = end, stop
    return counts
