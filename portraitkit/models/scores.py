"""From the marks that a network gives a box to the box's score."""

from __future__ import annotations

import numpy as np

from .._core.typing import Array, Floats
from .card_boxes import BoxOutput
from .maps import check_range, sigmoid, softmax


def score_rows(marks: Array, spec: BoxOutput) -> Floats:
    """Return the score (N,) of each row of `marks` (N, M)."""
    first = 1 if "*" in spec.score else 0
    column = first + (spec.class_index if "class" in spec.score else 0)
    need = 2 if spec.score == "labeled" else column + 1
    if marks.shape[1] < need:
        msg = (
            f"the network must give {need} or more marks for each box, as card "
            f"fields output.score and output.class_index say; got {marks.shape[1]}"
        )
        raise ValueError(msg)
    if spec.activation == "softmax":
        scores = softmax(marks.astype(np.float64))[:, column]
    else:
        scores = _squash(marks[:, column], spec)
    if first:
        scores = scores * _squash(marks[:, 0], spec)
    if np.isnan(scores).any():
        msg = "the network's scores must be finite; got NaN"
        raise ValueError(msg)
    if spec.score.startswith("sqrt"):
        scores = np.sqrt(scores)
    if spec.score == "labeled":
        scores = np.where(marks[:, 1] == spec.class_index, scores, -np.inf)
    return scores


def _squash(marks: Array, spec: BoxOutput) -> Floats:
    values = marks.astype(np.float64)
    if spec.activation == "sigmoid":
        return sigmoid(values)
    if len(values):
        check_range(values, "output.activation", "none")
    return np.clip(values, 0.0, 1.0)
