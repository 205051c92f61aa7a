"""The cells that a detector's raw numbers are relative to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .._core.typing import Floats
from .card_boxes import BoxOutput


@dataclass(frozen=True, slots=True, eq=False)
class Priors:
    """Of each row (N, 2): its place, and the size of one unit, x and y in pixels."""

    places: Floats
    units: Floats


@lru_cache(maxsize=32)
def lay_priors(spec: BoxOutput, canvas: tuple[int, int]) -> Priors:
    """Return the priors of every row, in the order of the rows."""
    parts = [_grid(spec, canvas, k) for k in range(len(spec.strides or spec.cells))]
    places = np.concatenate([place for place, _ in parts])
    units = np.concatenate([unit for _, unit in parts])
    for array in (places, units):
        array.flags.writeable = False
    return Priors(places, units)


def _grid(spec: BoxOutput, canvas: tuple[int, int], k: int) -> tuple[Floats, Floats]:
    """Return places and units of grid `k`, cells in reading order."""
    if spec.cells:
        rows, columns = spec.cells[k]
    else:
        rows, columns = (math.ceil(side / spec.strides[k]) for side in canvas)
    if spec.strides:
        stride = np.full(2, spec.strides[k])
    else:
        stride = np.array([canvas[1] / columns, canvas[0] / rows])
    sizes = np.array(spec.anchors[k]) if spec.anchors else stride[None]
    offset = spec.offset
    if offset is None:
        offset = 0.5 if spec.format == "ssd" else 0.0
    y, x = np.mgrid[:rows, :columns]
    places = (np.stack([x.ravel(), y.ravel()], axis=1) + offset) * stride
    repeats = len(sizes) if spec.anchors else spec.per_cell
    sizes = sizes if spec.anchors else np.repeat(sizes, spec.per_cell, axis=0)
    return np.repeat(places, repeats, axis=0), np.tile(sizes, (len(places), 1))
