"""From a detector's outputs to one row for each box: numbers, marks, landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._core.typing import Array
from .card_boxes import BoxOutput

FIELDS = ("boxes", "scores", "objectness", "labels", "landmarks")


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What the network says of each of N boxes, undecoded.

    `boxes` (N, 4 * bins), `marks` (N, M) with objectness, where it is, first,
    and `landmarks` (N, 2 * points).
    """

    boxes: Array
    marks: Array
    landmarks: Array


def outputs_of(spec: BoxOutput) -> list[str]:
    """Return the graph's outputs to compute, in the order that `read_rows` takes."""
    return [name for field in FIELDS for name in getattr(spec, field)]


def read_rows(raw: Sequence[Array], spec: BoxOutput) -> Rows:
    """Sort the raw outputs, in the order of `outputs_of`, into rows."""
    given = _by_field(raw, spec)
    box, landmark = _columns(spec)
    tables = [_table(array, spec, box.stop) for array in given["boxes"]]
    sizes = [len(table) for table in tables]
    table = np.concatenate(tables)
    apart = {
        field: _beside(given[field], sizes, spec)
        for field in FIELDS[1:]
        if given[field]
    }
    landmarks = apart.get("landmarks", table[:, landmark])
    if landmarks.shape[1] < 2 * spec.points:
        msg = (
            f"the network must give {2 * spec.points} numbers for the landmarks of "
            f"each box, as card field output.points says; got {landmarks.shape[1]}"
        )
        raise ValueError(msg)
    rest = np.delete(table, np.r_[box, landmark], axis=1)
    none = rest[:, :0]
    marks = (
        apart.get("objectness", none),
        apart.get("scores", rest),
        apart.get("labels", none),
    )
    return Rows(
        table[:, box],
        np.concatenate(marks, axis=1),
        landmarks[:, : 2 * spec.points],
    )


def _by_field(raw: Sequence[Array], spec: BoxOutput) -> dict[str, list[Array]]:
    given, left = {}, list(raw)
    for field in FIELDS:
        count = len(getattr(spec, field)) or (field == "boxes")
        given[field], left = left[:count], left[count:]
    return given


def _columns(spec: BoxOutput) -> tuple[slice, slice]:
    """Return where in the boxes' table the boxes and the landmarks are."""
    box = slice(spec.box_column, spec.box_column + 4 * spec.bins)
    if spec.landmarks or not spec.points:
        return box, slice(0, 0)
    first = box.stop if spec.landmark_column is None else spec.landmark_column
    return box, slice(first, first + 2 * spec.points)


def _flat(array: Array, spec: BoxOutput) -> Array:
    table: Array = array[0] if array.ndim == 3 and array.shape[0] == 1 else array
    return table.T if spec.transposed else table


def _table(array: Array, spec: BoxOutput, least: int) -> Array:
    table = _flat(array, spec)
    if table.ndim != 2 or table.shape[1] < least:
        msg = (
            f"the network's boxes must be (1, N, {least} or more), or with card field "
            f"output.transposed (1, {least} or more, N); got {array.shape}"
        )
        raise ValueError(msg)
    return table


def _beside(arrays: list[Array], sizes: list[int], spec: BoxOutput) -> Array:
    """Join outputs that say something of each box; `sizes` of the boxes' outputs."""
    n = sum(sizes)
    expected = sizes if len(sizes) == len(arrays) else [n] * len(arrays)
    tables = [
        array.reshape(size, 1) if array.size == size else _flat(array, spec)
        for array, size in zip(arrays, expected, strict=True)
    ]
    shapes = [array.shape for array in arrays]
    if {table.ndim for table in tables} != {2} or sum(map(len, tables)) != n:
        msg = (
            f"the network must say something of each of its {n} boxes; "
            f"got {shapes[0] if len(shapes) == 1 else shapes}"
        )
        raise ValueError(msg)
    return np.concatenate(tables)
