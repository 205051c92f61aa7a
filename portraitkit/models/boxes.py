"""From a network's raw rows to boxes in pixels of its input, with scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .._core.typing import Array, Boxes, Floats, Ints
from .card_output import BoxOutput
from .maps import sigmoid
from .suppression import suppress


def decode_boxes(
    raw: Sequence[Array], spec: BoxOutput, canvas: tuple[int, int]
) -> tuple[Boxes, Floats]:
    """Return xyxy boxes in pixels of `canvas` and their scores, best first.

    `raw` holds the boxes' output, then the scores' if the card names one.
    """
    rows = _table(raw[0], spec)
    if rows.ndim != 2 or rows.shape[1] < 4:
        msg = (
            "the network's boxes must be (1, N, 4 or more), or with card field "
            f"output.transposed (1, 4 or more, N); got {raw[0].shape}"
        )
        raise ValueError(msg)
    marks = _marks(raw[1], spec, len(rows)) if len(raw) > 1 else rows[:, 4:]
    scores = _scores(marks, spec)
    chosen = np.flatnonzero(scores > spec.threshold)
    scores = scores[chosen]
    boxes = _corners(rows, chosen, spec, canvas)
    solid = ((boxes[:, 2:] - boxes[:, :2]) > 0).all(axis=1)
    boxes, scores = boxes[solid], scores[solid]
    if spec.iou is not None:
        kept = suppress(boxes, scores, iou=spec.iou)
    else:
        kept = np.argsort(-scores, kind="stable")
    return boxes[kept], scores[kept]


def _table(raw: Array, spec: BoxOutput) -> Array:
    table: Array = raw[0] if raw.ndim == 3 and raw.shape[0] == 1 else raw
    return table.T if spec.transposed else table


def _marks(raw: Array, spec: BoxOutput, n: int) -> Array:
    marks = raw.reshape(n, 1) if raw.size == n else _table(raw, spec)
    if marks.ndim != 2 or len(marks) != n:
        msg = f"the network must score each of its {n} boxes; got {raw.shape}"
        raise ValueError(msg)
    return marks


def _scores(marks: Array, spec: BoxOutput) -> Floats:
    first = 1 if spec.score == "objectness*class" else 0
    column = 0 if spec.score == "objectness" else first + spec.class_index
    if column >= marks.shape[1]:
        msg = (
            f"the network must give {column + 1} or more marks for each box, as card "
            f"fields output.score and output.class_index say; got {marks.shape[1]}"
        )
        raise ValueError(msg)
    if spec.activation == "softmax":
        scores = _softmax(marks.astype(np.float64))[:, column]
    else:
        scores = _squash(marks[:, column], spec)
    if spec.score == "objectness*class":
        scores = scores * _squash(marks[:, 0], spec)
    if np.isnan(scores).any():
        msg = "the network's scores must be finite; got NaN"
        raise ValueError(msg)
    return scores


def _squash(marks: Array, spec: BoxOutput) -> Floats:
    values = marks.astype(np.float64)
    return sigmoid(values) if spec.activation == "sigmoid" else values


def _softmax(marks: Floats) -> Floats:
    weights = np.exp(marks - marks.max(axis=1, keepdims=True))
    share: Floats = weights / weights.sum(axis=1, keepdims=True)
    return share


def _corners(
    rows: Array, chosen: Ints, spec: BoxOutput, canvas: tuple[int, int]
) -> Boxes:
    four = rows[chosen, :4].astype(np.float64)
    if spec.format == "yolox":
        four = _from_grids(four, chosen, spec, canvas, len(rows))
    elif spec.unit == "normalized":
        four = four * np.array([canvas[1], canvas[0]] * 2)
    if not np.isfinite(four).all():
        msg = "the network's boxes must be finite; got NaN or infinity"
        raise ValueError(msg)
    if spec.format == "xyxy":
        return four
    low = four[:, :2] if spec.format == "xywh" else four[:, :2] - four[:, 2:] / 2
    return np.concatenate([low, low + four[:, 2:]], axis=1)


def _from_grids(
    four: Floats,
    chosen: Ints,
    spec: BoxOutput,
    canvas: tuple[int, int],
    n: int,
) -> Floats:
    """YOLOX: center = (d + cell) * stride, size = exp(log size) * stride."""
    cells = [_cells(canvas, stride) for stride in spec.strides]
    grid = np.concatenate(cells)
    if len(grid) != n:
        msg = (
            f"the network must give one row for each of the {len(grid)} cells of card "
            f"field output.strides on a {canvas} input; got {n}"
        )
        raise ValueError(msg)
    cell, stride = grid[chosen, :2], grid[chosen, 2:]
    with np.errstate(over="ignore"):
        size = np.exp(four[:, 2:]) * stride
    return np.concatenate([(four[:, :2] + cell) * stride, size], axis=1)


def _cells(canvas: tuple[int, int], stride: int) -> Floats:
    """Return (n, 3): x, y and stride of each cell, in reading order."""
    y, x = np.mgrid[: canvas[0] // stride, : canvas[1] // stride]
    return np.stack([x.ravel(), y.ravel(), np.full(x.size, stride)], 1).astype(float)
