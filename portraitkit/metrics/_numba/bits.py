"""Loops behind `metrics._bits`: 64 pixels a step."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ..._core.jit import compiled
from ..._core.typing import Ints, Mask, Words

BLOCK = 128
"""Words that are looked at together."""
QUARTERS = 4
"""Streams that are read in step: memory gives more to several than to one."""
_ONE = np.uint64(1)
_TWO = np.uint64(2)
_FOUR = np.uint64(4)
_TOP = np.uint64(56)
_ODD = np.uint64(0x5555555555555555)
_PAIRS = np.uint64(0x3333333333333333)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)
_VECTOR = ir.VectorType(ir.IntType(8), 64)
_AHEAD = ir.Constant(ir.IntType(64), 1024)


def _nonzero64(_: Any, address: Any) -> Any:
    """Say which of the 64 bytes from `address` are not zero, the first in the lowest bit.

    A compare of a vector of bytes is one to four instructions and keeps up with memory;
    no loop over bytes is compiled to it.
    """

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        ahead = builder.add(args[0], _AHEAD)
        _prefetch(builder, builder.inttoptr(ahead, ir.IntType(8).as_pointer()))
        at = builder.inttoptr(args[0], _VECTOR.as_pointer())
        on = builder.icmp_unsigned(
            "!=", builder.load(at, align=1), ir.Constant(_VECTOR, None)
        )
        return builder.bitcast(on, ir.IntType(64))

    return types.uint64(address), generate


def _byte(_: Any, address: Any) -> Any:
    """Read the byte at `address`."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.load(builder.inttoptr(args[0], ir.IntType(8).as_pointer()))

    return types.uint8(address), generate


def _prefetch(builder: Any, at: Any) -> None:
    """Ask for a byte that is soon read: a processor's own guesses end with the page.

    Past the mask it does nothing. The flags say: to read, to keep, data.
    """
    flag = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [at.type, flag, flag, flag])
    ask = builder.module.declare_intrinsic("llvm.prefetch", [at.type], kind)
    builder.call(ask, [at, flag(0), flag(3), flag(1)])


nonzero64: Any = intrinsic(_nonzero64)
byte: Any = intrinsic(_byte)


@compiled
def popcount(word: np.uint64) -> int:
    """Count the bits of one word (LLVM knows this form as one instruction)."""
    word = word - ((word >> _ONE) & _ODD)
    word = (word & _PAIRS) + ((word >> _TWO) & _PAIRS)
    word = (word + (word >> _FOUR)) & _NIBBLES
    return int(np.int64((word * _BYTES) >> _TOP))


@compiled
def locate(mask: Mask) -> int:
    """Return the address of the first pixel: a quarter of what NumPy takes for it."""
    return int(mask.ctypes.data)


@compiled
def fill(address: int, n_pixels: int, words: Words) -> None:
    """Put a mask into `words`, one bit a pixel, the first lowest.

    Its bytes lie from `address` on, one a pixel, and must stay there: the caller holds
    the array.
    """
    whole = n_pixels >> 6
    for w in range(whole):
        words[w] = nonzero64(address + (w << 6))
    if n_pixels & 63:
        words[whole] = 0
        for p in range(whole << 6, n_pixels):
            bit = np.uint64(byte(address + p) != 0) << np.uint64(p & 63)
            words[whole] |= bit


@compiled
def count_shared(addresses: Ints, images: Ints, areas: Ints, shared: Ints) -> None:
    """Count the pixels of masks, and those that two masks of an image share.

    `images` (K, 4) has found masks D, true ones G and pixels of a mask of each image;
    `addresses` and `areas` the D + G masks of each; `shared`, flat, the D * G counts of
    each. Where one side is missing, masks are not looked at.
    """
    row = pair = 0
    for k in range(images.shape[0]):
        n_first, n_others, n_pixels = images[k, 0], images[k, 1], images[k, 2]
        end, stop = row + n_first + n_others, pair + n_first * n_others
        if stop > pair:
            both = shared[pair:stop].reshape((n_first, n_others))
            _count(addresses[row:end], n_pixels, areas[row:end], both)
        row, pair = end, stop


@compiled
def _count(addresses: Ints, n_pixels: int, areas: Ints, shared: Ints) -> None:
    """Count in one image, strip after strip, so that words stay in the nearest cache.

    A strip is `BLOCK` words of each quarter of each mask.
    """
    words = np.zeros((addresses.size, QUARTERS, BLOCK), np.uint64)
    counts = np.empty((addresses.size, QUARTERS), np.int64)
    areas[:], shared[:] = 0, 0
    quarter = (n_pixels >> 6) // QUARTERS
    for start in range(0, quarter, BLOCK):
        n = min(BLOCK, quarter - start)
        for i in range(addresses.size):
            _read(addresses[i] + (start << 6), quarter << 6, n, words[i])
        _add(words, n, counts, areas, shared)
    done = quarter * QUARTERS << 6
    if done < n_pixels:
        words[:, 1:] = 0
        for i in range(addresses.size):
            fill(addresses[i] + done, n_pixels - done, words[i, 0])
        _add(words, (n_pixels - done + 63) >> 6, counts, areas, shared)


@compiled
def _read(address: int, apart: int, n: int, words: Words) -> None:
    """Read `n` words of each quarter, which are `apart` bytes from one another."""
    for w in range(n):
        for q in range(QUARTERS):
            words[q, w] = nonzero64(address + q * apart + (w << 6))


@compiled
def _add(words: Words, n: int, counts: Ints, areas: Ints, shared: Ints) -> None:
    """Add up a strip; rows without any bit share none."""
    for i in range(areas.size):
        for q in range(QUARTERS):
            counts[i, q] = _both(words[i, q], words[i, q], n)
            areas[i] += counts[i, q]
    n_first = shared.shape[0]
    for d in range(n_first):
        for q in range(QUARTERS):
            if counts[d, q]:
                for g in range(shared.shape[1]):
                    if counts[n_first + g, q]:
                        shared[d, g] += _both(words[d, q], words[n_first + g, q], n)


@compiled
def _both(one: Words, other: Words, n: int) -> int:
    """Count the bits that are in both."""
    total = 0
    for w in range(n):
        total += popcount(one[w] & other[w])
    return total
