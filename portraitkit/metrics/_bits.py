"""Masks as bits, 64 pixels a word."""

import numpy as np

from .._core.typing import Mask, Words


def pack(mask: Mask, *, spare: int = 0) -> Words:
    """Pack a mask, row after row, into words with `spare` empty ones behind them.

    Bit ``p & 63`` of word ``p >> 6`` is pixel ``p = y * width + x``.
    """
    n_words = -(-mask.size // 64) + spare
    words = np.zeros(n_words, dtype="<u8")
    packed = np.packbits(mask.reshape(-1), bitorder="little")
    words.view(np.uint8)[: packed.size] = packed
    return words.astype(np.uint64, copy=False)
