"""Lanes: machine code and its meaning in NumPy agree, and neither leaves an array."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_array_equal

from portraitkit._core import lanes
from portraitkit._core.jit import compiled
from portraitkit._core.lanes import (
    LANES,
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


@compiled
def everything(a, b, at, value, out, numbers):
    """Write the result of every operation, one after the other."""
    prefetch(a, at + 10**6)
    x, y = load(a, at), load(b, at)
    store(out, 0, plus(x, y))
    store(out, LANES, minus(x, y))
    store(out, 2 * LANES, times(x, y))
    store(out, 3 * LANES, capped_sum(x, y))
    store(out, 4 * LANES, least(x, y))
    store(out, 5 * LANES, magnitude(x))
    store(out, 6 * LANES, choose(below(x, y), x, spread(a, value)))
    store(out, 7 * LANES, ramp(a))
    numbers[0] = bits(same(x, y))
    numbers[1] = bits(differ(x, y))
    numbers[2] = bits(below(x, y))
    numbers[3] = first_bit(numbers[1])
    numbers[4] = total(x)


def arrays(kind):
    # Few different values, so that some are the same.
    values = st.one_of(st.integers(-3, 3), hnp.from_dtype(kind))
    fill = st.integers(0, 2)
    return hnp.arrays(kind, LANES + 5, elements=values.map(kind.type), fill=fill)


@st.composite
def cases(draw):
    kind = np.dtype(draw(st.sampled_from(["int16", "int32"])))
    return draw(arrays(kind)), draw(arrays(kind)), draw(st.integers(0, 5))


def run(func, a, b, at, value):
    out, numbers = np.zeros(8 * LANES, a.dtype), np.zeros(5, np.int64)
    func(a, b, at, value, out, numbers)
    return out.reshape(8, LANES), numbers


@given(cases(), st.integers(-(2**40), 2**40))
def test_code_equals_meaning(case, value):
    a, b, at = case
    out, numbers = run(everything, a, b, at, value)
    slow_out, slow_numbers = run(everything.py_func, a, b, at, value)
    assert_array_equal(out, slow_out)
    assert_array_equal(numbers, slow_numbers)


@given(cases())
@settings(max_examples=20)
def test_meaning_is_that_of_integers(case):
    """Python's integers, brought back to so many bits, say the same."""
    a, b, at = case
    size, sign = 2 ** (8 * a.itemsize), 2 ** (8 * a.itemsize - 1)
    out, numbers = run(everything.py_func, a, b, at, 7)
    x, y = (list(map(int, v[at : at + LANES])) for v in (a, b))
    u, v = ([i % size for i in values] for values in (x, y))

    def signed(values):
        return [(i + sign) % size - sign for i in values]

    pairs = list(zip(u, v, strict=True))
    assert_array_equal(out[0], signed([i + j for i, j in pairs]))
    assert_array_equal(out[1], signed([i - j for i, j in pairs]))
    assert_array_equal(out[2], signed([i * j for i, j in pairs]))
    assert_array_equal(out[3], signed([min(i + j, size - 1) for i, j in pairs]))
    assert_array_equal(out[4], signed([min(i, j) for i, j in pairs]))
    assert_array_equal(out[5], signed([abs(i) for i in x]))
    assert_array_equal(out[6], signed([i if i < j else 7 for i, j in pairs]))
    assert_array_equal(out[7], range(LANES))
    assert numbers[0] == sum(2**i for i in range(LANES) if u[i] == v[i])
    assert numbers[0] + numbers[1] == 2**LANES - 1
    assert numbers[2] == sum(2**i for i in range(LANES) if u[i] < v[i])
    assert numbers[4] == sum(u)


def test_first_bit():
    assert [first_bit(n) for n in (1, 12, 2**40, 0)] == [0, 2, 40, 64]


@pytest.mark.parametrize("at", [-1, 6])
def test_meaning_stays_inside(at):
    array = np.zeros(LANES + 5, np.int16)
    with pytest.raises(IndexError, match=f"index {at} is out of bounds"):
        load(array, at)
    with pytest.raises(IndexError, match="out of bounds"):
        store(array, at, ramp(array))


CHECKED = """
import numba, numpy as np
from portraitkit._core.lanes import load, store
@numba.njit
def copy(array, a, b):
    store(array, b, load(array, a))
array = np.arange(40, dtype=np.int16)
copy(array, 8, 0)
assert array[0] == 8
for a, b in ((-1, 0), (9, 0), (0, -1), (0, 9)):
    try:
        copy(array, a, b)
    except IndexError as error:
        assert "out of bounds" in str(error)
    else:
        raise SystemExit(f"{a, b} went through")
"""


def test_code_stays_inside_where_bounds_are_checked():
    checked = {**os.environ, "NUMBA_BOUNDSCHECK": "1"}
    subprocess.run([sys.executable, "-c", CHECKED], check=True, env=checked)


def test_all_operations_are_tried():
    names = set(lanes.__all__) - {"LANES", "Lanes", "Choice"}
    assert names <= set(everything.py_func.__code__.co_names)
