"""What the operations on lanes mean, in NumPy: a loop's `py_func` runs these.

Arithmetic wraps around, as that of NumPy arrays does.
"""

from typing import Any, TypeAlias

import numpy as np

from ..typing import Array

LANES = 32

Lanes: TypeAlias = Any
"""32 integers of 16 or 32 bits: a vector where compiled, else an array."""
Choice: TypeAlias = Any
"""32 truth values."""


def load(array: Array, at: int) -> Lanes:
    """Return `LANES` elements of a flat array of small integers, from `at` on."""
    if not 0 <= at <= array.size - LANES:
        msg = f"index {at} is out of bounds for {LANES} lanes of {array.size}"
        raise IndexError(msg)
    return array[at : at + LANES].copy()


def store(array: Array, at: int, lanes: Lanes) -> None:
    """Write `LANES` elements of a flat array, from `at` on."""
    load(array, at)
    array[at : at + LANES] = lanes.view(array.dtype)


def prefetch(array: Array, at: int) -> None:
    """Ask for the memory around an element, which may be beyond the array's end.

    That changes nothing but when it arrives.
    """


def spread(array: Array, value: int) -> Lanes:
    """Return `value` in every lane, as an element of `array`, its high bits cut."""
    return np.full(LANES, value, np.int64).astype(array.dtype)


def ramp(array: Array) -> Lanes:
    """Return 0, 1, ..., `LANES` - 1 as elements of `array`."""
    return np.arange(LANES).astype(array.dtype)


def plus(a: Lanes, b: Lanes) -> Lanes:
    """Add."""
    return a + b.view(a.dtype)


def minus(a: Lanes, b: Lanes) -> Lanes:
    """Subtract."""
    return a - b.view(a.dtype)


def times(a: Lanes, b: Lanes) -> Lanes:
    """Multiply."""
    return a * b.view(a.dtype)


def capped_sum(a: Lanes, b: Lanes) -> Lanes:
    """Add without a sign, stopping at the largest value."""
    wide = _unsigned(a).astype(np.uint64) + _unsigned(b)
    top = np.iinfo(_unsigned(a).dtype).max
    return np.minimum(wide, top).astype(_unsigned(a).dtype).view(a.dtype)


def least(a: Lanes, b: Lanes) -> Lanes:
    """Take the smaller, without a sign."""
    return choose(below(a, b), a, b)


def magnitude(a: Lanes) -> Lanes:
    """Drop the sign."""
    return np.abs(a.view(f"i{a.dtype.itemsize}")).view(a.dtype)


def below(a: Lanes, b: Lanes) -> Choice:
    """Compare `a` < `b` without a sign."""
    return _unsigned(a) < _unsigned(b)


def same(a: Lanes, b: Lanes) -> Choice:
    """Compare `a` == `b`."""
    return _unsigned(a) == _unsigned(b)


def differ(a: Lanes, b: Lanes) -> Choice:
    """Compare `a` != `b`."""
    return _unsigned(a) != _unsigned(b)


def choose(where: Choice, a: Lanes, b: Lanes) -> Lanes:
    """Return `a` where `where` holds, else `b`."""
    return np.where(where, a, b.view(a.dtype))


def bits(where: Choice) -> int:
    """Return a number of `LANES` bits, the first lane in the lowest."""
    return sum(1 << i for i in range(LANES) if where[i])


def first_bit(number: int) -> int:
    """Return the place of the lowest bit that is set; of 0, 64."""
    return (int(number) & -int(number)).bit_length() - 1 if number else 64


def total(a: Lanes) -> int:
    """Add up the lanes, without a sign."""
    return int(_unsigned(a).sum(dtype=np.int64))


def _unsigned(a: Lanes) -> Array:
    kind: Array = a.view(f"u{a.dtype.itemsize}")
    return kind
