"""Masks as bits, 64 pixels a word, on the little-endian machines numba knows."""

from collections.abc import Sequence

import numpy as np

from .._core.typing import Bytes, Mask, Words
from ._numba.bits import gather


def pack(mask: Mask, *, spare: int = 0) -> Words:
    """Pack a mask, row after row, into words with `spare` empty ones behind them.

    Bit ``p & 63`` of word ``p >> 6`` is pixel ``p = y * width + x``.
    """
    words = np.zeros(-(-mask.size // 64) + spare, dtype=np.uint64)
    _fill(words.view(np.uint8), mask)
    return words


class Packer:
    """Pack masks image after image into memory it keeps.

    Fresh pages cost about as much as the packing itself.
    """

    def __init__(self) -> None:
        self._space: Words = np.zeros(0, dtype=np.uint64)

    def __call__(self, masks: Sequence[Mask]) -> Words:
        """Pack masks of one size, one row of words each; good until the next call."""
        shape = len(masks), -(-masks[0].size // 64) if masks else 0
        if self._space.size < shape[0] * shape[1]:
            self._space = np.zeros(shape[0] * shape[1], dtype=np.uint64)
        words = self._space[: shape[0] * shape[1]].reshape(shape)
        words[:, -1:] = 0
        for row, mask in zip(words.view(np.uint8), masks, strict=True):
            _fill(row, mask)
        return words


def _fill(packed: Bytes, mask: Mask) -> None:
    pixels = mask.reshape(-1)
    whole = pixels.size & ~7
    eights = pixels[:whole].view(np.uint64)
    if not eights.flags.aligned:
        eights = eights.copy()
    eights.flags.writeable = False  # one compiled variant serves all masks
    gather(eights, packed)
    if whole < pixels.size:
        packed[whole // 8] = np.packbits(pixels[whole:], bitorder="little")[0]
