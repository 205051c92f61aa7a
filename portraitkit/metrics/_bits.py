"""Masks as bits, 64 pixels a word."""

from collections.abc import Sequence

import numpy as np

from .._core.typing import Mask, Words
from ._numba.bits import gather


def pack(mask: Mask, *, spare: int = 0) -> Words:
    """Pack a mask, row after row, into words with `spare` empty ones behind them.

    Bit ``p & 63`` of word ``p >> 6`` is pixel ``p = y * width + x``.
    """
    words: Words = np.zeros(-(-mask.size // 64) + spare, dtype="<u8")
    _fill(words, mask)
    return words.astype(np.uint64, copy=False)


def pack_all(masks: Sequence[Mask]) -> Words:
    """Pack masks of one size, one row of words each."""
    n_words = -(-masks[0].size // 64) if masks else 0
    words: Words = np.zeros((len(masks), n_words), dtype="<u8")
    for row, mask in zip(words, masks, strict=True):
        _fill(row, mask)
    return words.astype(np.uint64, copy=False)


def _fill(words: Words, mask: Mask) -> None:
    packed, pixels = words.view(np.uint8), mask.reshape(-1)
    whole = pixels.size & ~7
    eights = pixels[:whole].view("<u8")
    if not eights.flags.aligned:
        eights = eights.copy()
    eights.flags.writeable = False  # one compiled variant serves all masks
    gather(eights.astype(np.uint64, copy=False), packed)
    if whole < pixels.size:
        packed[whole // 8] = np.packbits(pixels[whole:], bitorder="little")[0]
