"""Masks as bits, 64 pixels a word, on the little-endian machines numba knows."""

from collections.abc import Sequence

import numpy as np

from .._core.typing import Ints, Mask, Words
from ._numba.bits import gather


def pack(mask: Mask, *, spare: int = 0) -> Words:
    """Pack a mask, row after row, into words with `spare` empty ones behind them.

    Bit ``p & 63`` of word ``p >> 6`` is pixel ``p = y * width + x``.
    """
    words = np.zeros(-(-mask.size // 64) + spare, dtype=np.uint64)
    gather(mask, 0, words[None], np.empty((1, 3), dtype=np.int64))
    return words


class Packer:
    """Pack masks image after image into memory it keeps.

    Fresh pages cost about as much as the packing itself.
    """

    def __init__(self) -> None:
        self._space: Words = np.zeros(0, dtype=np.uint64)

    def __call__(self, masks: Sequence[Mask]) -> tuple[Words, Ints]:
        """Pack masks of one size, one row of words each; good until the next call.

        Returns
        -------
        words : (N, W) uint64
            Good from the start to the end noted; what lies outside is no pixel.
        notes : (N, 3) int64
            Start and end of the words in use, and number of pixels.
        """
        shape = len(masks), -(-masks[0].size // 64) if masks else 0
        if self._space.size < shape[0] * shape[1]:
            self._space = np.zeros(shape[0] * shape[1], dtype=np.uint64)
        words = self._space[: shape[0] * shape[1]].reshape(shape)
        notes = np.empty((len(masks), 3), dtype=np.int64)
        for row, mask in enumerate(masks):
            gather(mask, row, words, notes)
        return words, notes
