"""Masks as bits, and back."""

import numpy as np

from .._core.typing import Bools, Mask, Words
from ._numba.contours import repeat_frame

MARGIN = 2
"""Rows (and at least as many columns) of repeated frame round a packed mask."""


def pack(mask: Mask) -> Words:
    """Pack a (H, W) mask, H and W >= 1, for the loops of `_numba.contours`."""
    height, width = mask.shape
    words = (width + 63) // 64
    bits = np.zeros((height + 2 * MARGIN, words + 2), dtype=np.uint64)
    inner = bits.view(np.uint8)[MARGIN:-MARGIN, 8 : 8 + (width + 7) // 8]
    inner[...] = np.packbits(mask, axis=1, bitorder="little")
    repeat_frame(bits, width)
    return bits


def unpack(bits: Words, width: int) -> Bools:
    """Spread (H, words) words into a (H, `width`) bool array."""
    spread = np.unpackbits(bits.view(np.uint8), axis=1, count=width, bitorder="little")
    return spread.view(np.bool_)
