"""COCO's polygons to masks, by the COCO API's own rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..._core.typing import Floats, Ints, Mask

SCALE = 5.0
"""Corners are rounded to fifths of a pixel."""


def polygon_mask(polygons: Sequence[Floats], shape: tuple[int, int]) -> Mask:
    """Fill polygons as ``rleFrPoly`` of the COCO API does, and unite them.

    Parameters
    ----------
    polygons : sequence of (N, 2) float64
        Corners x, y in pixels, N >= 3, finite.
    shape : (int, int)
        Height and width.

    Returns
    -------
    (H, W) bool

    Notes
    -----
    The outline is drawn on a grid five times as fine; down each column of pixels, a
    crossing of the column's centre turns inside and outside about. Equal to
    pycocotools, pixel for pixel. O(H W + outline) a polygon.
    """
    mask = np.zeros(shape, bool)
    for polygon in polygons:
        mask |= _fill(polygon, shape)
    return mask


def _fill(polygon: Floats, shape: tuple[int, int]) -> Mask:
    height, width = shape
    corners = np.trunc(SCALE * polygon + 0.5).astype(np.int64)
    line = [_draw(a, b) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)]
    x, y = np.concatenate(line).T
    columns, rows = _crossings(x, y, shape)
    turns = np.bincount(columns * height + rows, minlength=height * width + 1)
    inside = np.cumsum(turns[:-1][: height * width]) % 2 == 1
    return np.ascontiguousarray(inside.reshape(width, height).T)


def _draw(start: Ints, end: Ints) -> Ints:
    """Return the grid points of a line, both ends included, as (n, 2)."""
    run = np.abs(end - start)
    major = 0 if run[0] >= run[1] else 1
    flip = start[major] > end[major]
    low, high = (end, start) if flip else (start, end)
    steps = np.arange(run[major] + 1)
    slope = (high - low)[1 - major] / run[major] if run[major] else 0.0
    points = np.empty((steps.size, 2), np.int64)
    points[:, major] = low[major] + steps
    points[:, 1 - major] = np.trunc(low[1 - major] + slope * steps + 0.5)
    return points[::-1] if flip else points


def _crossings(x: Ints, y: Ints, shape: tuple[int, int]) -> tuple[Ints, Ints]:
    """Return the pixel columns and rows at which the outline crosses a centre."""
    height, width = shape
    step = np.flatnonzero(x[1:] != x[:-1]) + 1
    column = (np.minimum(x[step], x[step - 1]) + 0.5) / SCALE - 0.5
    row = (np.minimum(y[step], y[step - 1]) + 0.5) / SCALE - 0.5
    seen = (np.floor(column) == column) & (column >= 0) & (column <= width - 1)
    rows = np.ceil(np.clip(row[seen], 0, height)).astype(np.int64)
    return column[seen].astype(np.int64), rows
