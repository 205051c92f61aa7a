"""Masks as bits, 64 pixels a word, on the little-endian machines numba knows."""

import numpy as np

from .._core.typing import Mask, Words
from ._numba.bits import fill, locate


def pack(mask: Mask, *, spare: int = 0) -> Words:
    """Pack a C-ordered mask, row after row, into words with `spare` empty ones behind.

    Bit ``p & 63`` of word ``p >> 6`` is pixel ``p = y * width + x``.
    """
    words = np.zeros(-(-mask.size // 64) + spare, dtype=np.uint64)
    fill(locate(mask), mask.size, words)
    return words
