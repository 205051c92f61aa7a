"""Superpixels start from cells of equal area, in every part of a mask."""

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import regions
from strategies import masks

from portraitkit.superpixels.cells import allot, equal_cells
from portraitkit.superpixels.connected import whole
from portraitkit.superpixels.stretches import parts_of, stretches_of


def slow_cells(parts, share, n_strips):
    """Count each part's pixels strip by strip, column by column, there and back."""
    height, width = parts.shape
    first = np.cumsum(share) - share
    out, seen = np.full(parts.shape, -1), np.zeros(len(share), int)
    for strip in range(n_strips):
        rows = range(strip * height // n_strips, (strip + 1) * height // n_strips)
        columns = range(width) if strip % 2 == 0 else reversed(range(width))
        for x in columns:
            for y in rows:
                p = parts[y, x]
                if p >= 0:
                    area = int((parts == p).sum())
                    out[y, x] = first[p] + seen[p] * share[p] // area
                    seen[p] += 1
    return out


STACKED = np.ones((5, 9), bool)
"""Columns of parts 0 and 2, then of all three: their mean is a part in both."""
STACKED[[1, 3]] = STACKED[2, :4] = False


@given(masks(), st.integers(1, 30), st.floats(1, 6))
@example(STACKED, 3, 6.0)
@example(STACKED, 12, 6.0)
def test_equals_slow_definition(mask, wanted, side):
    mask[0, 0] = True
    assume(not mask.all())  # a whole picture is cut by whole columns
    parts, n = regions.connected(mask.astype(int) - 1)
    given_parts, area, runs = parts_of(stretches_of(mask))
    assert_array_equal(area, np.bincount(parts[mask], minlength=n))
    share = allot(area, wanted)
    assert share.min() >= 1
    assert (share <= area).all()
    assert share.sum() == min(max(wanted, n), area.sum())
    height, width = mask.shape
    cells = equal_cells(width, given_parts, runs, area, share, side)
    n_strips = min(max(round(height / side), 1), height)
    got = cells[1:-1, :width]
    assert_array_equal(got, slow_cells(parts, share, n_strips))
    size = np.bincount(got[mask], minlength=share.sum())
    ideal = np.repeat(area / share, share)
    assert (np.abs(size - ideal) < 1).all()
    cells[1:-1, :width] = -1
    assert (cells == -1).all()


@given(st.integers(1, 9), st.integers(1, 70), st.integers(1, 30), st.floats(1, 6))
def test_a_whole_picture_is_cut_by_whole_columns(height, width, wanted, side):
    parts, area, runs = whole((height, width))
    share = allot(area, wanted)
    cells = equal_cells(width, parts, runs, area, share, side)[1:-1, :width]
    n_strips = min(max(round(height / side), 1), height)
    for strip in range(n_strips):
        top, bottom = strip * height // n_strips, (strip + 1) * height // n_strips
        assert (cells[top:bottom] == cells[top]).all()
        for x in range(width):
            column = width - 1 - x if strip % 2 else x
            middle = top * width + (x + 0.5) * (bottom - top)
            assert cells[top, column] == int(middle * share[0] / area[0])
