"""Loops behind `kernels.means`: masks summed byte by byte.

A mask is 0/1 or 0/255, so its lowest bits are the pixels. Every intermediate is kept
a byte, or the loop would run eight times fewer pixels at once.
"""

import numpy as np

from ..._core.jit import compiled
from ..._core.typing import Bytes

_ZERO = np.uint8(0)
_ONE = np.uint8(1)
_REST = np.uint8(254)


@compiled
def add(mask: Bytes, total: Bytes) -> int:
    """Add a mask to `total`, modulo 256; 0 if it was all 0/1 or all 0/255."""
    beyond_one, beyond_all = _ZERO, _ZERO
    for p in range(mask.size):
        a = mask[p]
        i = np.uint8(a & _ONE)
        total[p] = np.uint8(total[p] + i)
        beyond_one = np.uint8(beyond_one | np.uint8(a & _REST))
        beyond_all = np.uint8(beyond_all | np.uint8(a ^ np.uint8(_ZERO - i)))
    return int(min(beyond_one, beyond_all))


@compiled
def add_four(
    first: Bytes, second: Bytes, third: Bytes, last: Bytes, total: Bytes
) -> int:
    """Add four masks to `total` as `add` does, touching it once; 0 if all were alike."""
    beyond_one, beyond_all = _ZERO, _ZERO
    for p in range(total.size):
        a, b, c, d = first[p], second[p], third[p], last[p]
        i, j = np.uint8(a & _ONE), np.uint8(b & _ONE)
        k, m = np.uint8(c & _ONE), np.uint8(d & _ONE)
        total[p] = np.uint8(total[p] + np.uint8(np.uint8(i + j) + np.uint8(k + m)))
        beyond_one = np.uint8(beyond_one | np.uint8((a | b | c | d) & _REST))
        one = np.uint8((a ^ np.uint8(_ZERO - i)) | (b ^ np.uint8(_ZERO - j)))
        two = np.uint8((c ^ np.uint8(_ZERO - k)) | (d ^ np.uint8(_ZERO - m)))
        beyond_all = np.uint8(beyond_all | np.uint8(one | two))
    return int(min(beyond_one, beyond_all))


@compiled
def add_rows(rows: Bytes, total: Bytes) -> int:
    """Add every row of `rows` to `total` as `add` does; 0 if all were alike."""
    beyond = 0
    for k in range(0, rows.shape[0] - 3, 4):
        beyond |= add_four(rows[k], rows[k + 1], rows[k + 2], rows[k + 3], total)
    for k in range(rows.shape[0] - rows.shape[0] % 4, rows.shape[0]):
        beyond |= add(rows[k], total)
    return beyond


@compiled
def take_back(mask: Bytes, total: Bytes) -> None:
    """Undo `add`."""
    for p in range(mask.size):
        total[p] = np.uint8(total[p] - np.uint8(mask[p] & _ONE))
