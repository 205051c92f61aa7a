"""From a network's raw rows to boxes in pixels of its input, with scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .._core.typing import Array, Boxes, Floats, Ints
from .card_boxes import GRIDS, BoxOutput
from .grids import lay_priors
from .maps import softmax
from .rows import read_rows
from .scores import score_rows
from .suppression import suppress

Canvas = tuple[int, int]


def decode_boxes(
    raw: Sequence[Array], spec: BoxOutput, canvas: Canvas
) -> tuple[Boxes, Floats, Floats]:
    """Return xyxy boxes in pixels of `canvas`, scores and landmarks, best first.

    `raw` holds the outputs in the order of `rows.outputs_of`; landmarks are
    (N, points, 2), x and y.
    """
    rows = read_rows(raw, spec)
    scores = score_rows(rows.marks, spec)
    chosen = np.flatnonzero(scores > spec.threshold)
    scores = scores[chosen]
    four, spots = _pixels(rows.boxes, rows.landmarks, chosen, spec, canvas)
    if not (np.isfinite(four).all() and np.isfinite(spots).all()):
        msg = "the network's boxes must be finite; got NaN or infinity"
        raise ValueError(msg)
    boxes = _corners(four, spec)
    solid = ((boxes[:, 2:] - boxes[:, :2]) > 0).all(axis=1)
    boxes, scores, spots = boxes[solid], scores[solid], spots[solid]
    if spec.iou is not None:
        kept = suppress(boxes, scores, iou=spec.iou)
    else:
        kept = np.argsort(-scores, kind="stable")
    return boxes[kept], scores[kept], spots[kept]


def _pixels(
    boxes: Array, landmarks: Array, chosen: Ints, spec: BoxOutput, canvas: Canvas
) -> tuple[Floats, Floats]:
    """Bring chosen boxes, (n, 4), and landmarks, (n, points, 2), to pixels."""
    four = boxes[chosen].astype(np.float64)
    spots = landmarks[chosen].astype(np.float64).reshape(len(chosen), spec.points, 2)
    if spec.format in GRIDS:
        return _from_grids(four, spots, chosen, spec, canvas, len(boxes))
    if spec.unit == "normalized":
        size = np.array([canvas[1], canvas[0]], float)
        return four * np.tile(size[:: -1 if spec.format == "yxyx" else 1], 2), (
            spots * size
        )
    return four, spots


def _corners(four: Floats, spec: BoxOutput) -> Boxes:
    if spec.format in ("xyxy", "distances"):
        return four
    if spec.format == "yxyx":
        return four[:, [1, 0, 3, 2]]
    low = four[:, :2] if spec.format == "xywh" else four[:, :2] - four[:, 2:] / 2
    return np.concatenate([low, low + four[:, 2:]], axis=1)


def _from_grids(
    numbers: Floats,
    spots: Floats,
    chosen: Ints,
    spec: BoxOutput,
    canvas: Canvas,
    n: int,
) -> tuple[Floats, Floats]:
    """Apply the formulas in the notes of `BoxOutput`."""
    priors = lay_priors(spec, canvas)
    if len(priors.places) != n:
        msg = (
            f"the network must give one row for each of the {len(priors.places)} cells "
            f"of card fields output.strides and output.cells on a {canvas} input; "
            f"got {n}"
        )
        raise ValueError(msg)
    place, unit = priors.places[chosen], priors.units[chosen]
    move, grow = spec.variances if spec.format == "ssd" else (1.0, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        spots = place[:, None] + spots * (move * unit)[:, None]
        if spec.format == "distances":
            reach = _expected(numbers, spec.bins)
            low, high = place - reach[:, :2] * unit, place + reach[:, 2:] * unit
            return np.concatenate([low, high], axis=1), spots
        size = grow * numbers[:, 2:]
        size = (np.exp(size) if spec.log_sizes else size) * unit
        return np.concatenate([place + move * numbers[:, :2] * unit, size], 1), spots


def _expected(numbers: Floats, bins: int) -> Floats:
    """Return (n, 4) distances: as they are, or the mean of each side's bins."""
    if bins == 1:
        return numbers
    logits = numbers.reshape(len(numbers), 4, bins)
    mean: Floats = softmax(logits) @ np.arange(bins)
    return mean
