"""Arithmetic on 32 integers at once, for loops that the compiler leaves scalar.

numba widens small integers to 64 bits, which keeps LLVM from working on many of them
in one instruction. Here a loop takes `LANES` neighbours out of a flat array, and every
operation is one of LLVM's on the whole vector, which it turns into what the processor
has: results are the same on all. Uncompiled, the same functions work on NumPy arrays,
so a loop's `py_func` means what its machine code does.

`load` and `store` check their range where loops are compiled under
NUMBA_BOUNDSCHECK=1. numba's cache does not notice a change in here: clear it.
"""

from . import machine as _machine  # registers the code
from .meaning import (
    LANES,
    Choice,
    Lanes,
    below,
    bits,
    capped_sum,
    choose,
    differ,
    first_bit,
    least,
    load,
    magnitude,
    minus,
    plus,
    prefetch,
    ramp,
    same,
    spread,
    store,
    times,
    total,
)

__all__ = [
    "LANES",
    "Choice",
    "Lanes",
    "below",
    "bits",
    "capped_sum",
    "choose",
    "differ",
    "first_bit",
    "least",
    "load",
    "magnitude",
    "minus",
    "plus",
    "prefetch",
    "ramp",
    "same",
    "spread",
    "store",
    "times",
    "total",
]

del _machine
