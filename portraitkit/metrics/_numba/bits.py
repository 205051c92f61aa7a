"""Loops behind `metrics._bits`: 64 pixels a step."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ..._core.jit import compiled
from ..._core.typing import Ints, Mask, Words

BLOCK = 64
"""Words that are looked at together: written if one of them has a bit."""
_ONE = np.uint64(1)
_TWO = np.uint64(2)
_FOUR = np.uint64(4)
_TOP = np.uint64(56)
_ODD = np.uint64(0x5555555555555555)
_PAIRS = np.uint64(0x3333333333333333)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)
_VECTOR = ir.VectorType(ir.IntType(8), 64)
_AHEAD = ir.Constant(ir.IntType(64), 8192)


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
def gather(address: int, n_pixels: int, row: int, words: Words, notes: Ints) -> None:
    """Put a mask, one bit a pixel, the first lowest, into words[row]; note where.

    Its bytes lie from `address` on, one a pixel, and must stay there: the caller holds
    the array. So one call takes many masks and never waits for the GIL between.
    notes[row] (3,) become: start of the first block with a bit, end of the last, and
    number of bits. Words before and behind those blocks stay as they are: to write
    zeros costs as much time as to find them.
    """
    target = words[row]
    whole, n_words = n_pixels >> 6, (n_pixels + 63) >> 6
    held = np.empty(BLOCK, np.uint64)
    start, stop, total = 0, 0, 0
    for block in range(0, n_words, BLOCK):
        end = min(block + BLOCK, n_words)
        count = 0
        for w in range(block, min(end, whole)):
            word: np.uint64 = nonzero64(address + (w << 6))
            held[w - block] = word
            count += popcount(word)
        if end > whole:
            held[whole - block] = 0
            for p in range(whole << 6, n_pixels):
                bit = np.uint64(byte(address + p) != 0) << np.uint64(p & 63)
                held[whole - block] |= bit
            count += popcount(held[whole - block])
        if count:
            if total == 0:
                start = stop = block
            target[stop:block] = 0
            target[block:end] = held[: end - block]
            stop, total = end, total + count
    notes[row, 0], notes[row, 1], notes[row, 2] = start, stop, total


@compiled
def intersect(words: Words, notes: Ints, shared: Ints) -> None:
    """Count the bits that each of the first rows shares with each of the others.

    `words` and `notes` are of D + G masks, by `gather`; `shared` is of shape (D, G).
    """
    n_first = shared.shape[0]
    for d in range(n_first):
        for g in range(shared.shape[1]):
            start = max(notes[d, 0], notes[n_first + g, 0])
            stop = min(notes[d, 1], notes[n_first + g, 1])
            one, other = words[d, start:stop], words[n_first + g, start:stop]
            total = 0
            for w in range(one.size):
                total += popcount(one[w] & other[w])
            shared[d, g] = total


@compiled
def count_shared(
    addresses: Ints, images: Ints, space: Words, notes: Ints, shared: Ints
) -> None:
    """Gather and intersect the masks of several images, one image after another.

    `images` (K, 3) has D, G and the pixels of a mask; `addresses` and `notes` the D + G
    masks of each; `shared`, flat, the D * G counts of each. `space` holds the largest.
    """
    row = pair = 0
    for k in range(images.shape[0]):
        n_first, n_others, n_pixels = images[k]
        n, width = n_first + n_others, (n_pixels + 63) >> 6
        words = space[: n * width].reshape((n, width))
        here = notes[row : row + n]
        for i in range(n):
            gather(addresses[row + i], n_pixels, i, words, here)
        end = pair + n_first * n_others
        intersect(words, here, shared[pair:end].reshape((n_first, n_others)))
        row, pair = row + n, end
