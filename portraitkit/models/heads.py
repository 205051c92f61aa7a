"""From a network's raw output to attributes of the image, or to features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .._core.typing import Array, Floats32
from .card_output import AttributeOutput, FeatureOutput
from .maps import check_range, sigmoid, softmax
from .placement import Placement

_AT_ONCE = 64
"""Channels that are resized together; OpenCV takes 512 at most."""


def decode_attributes(raw: Sequence[Array], spec: AttributeOutput) -> dict[str, float]:
    """Return the probability of each label."""
    values = np.concatenate([part.ravel() for part in raw]).astype(np.float64)
    if len(values) != len(spec.labels):
        msg = (
            f"the network must give {len(spec.labels)} numbers, one for each of card "
            f"field output.labels; got {len(values)}"
        )
        raise ValueError(msg)
    if np.isnan(values).any():
        msg = "the network's output must be finite; got NaN"
        raise ValueError(msg)
    if spec.activation == "none":
        check_range(values, "output.activation", "none")
    else:
        values = (sigmoid if spec.activation == "sigmoid" else softmax)(values)
    values = np.clip(values, 0.0, 1.0)
    return dict(zip(spec.labels, values.tolist(), strict=True))


def decode_features(raw: Array, spec: FeatureOutput, where: Placement) -> Floats32:
    """Return (H, W, D) float32 on the image's pixels."""
    planar = spec.layout == "NCHW"
    rows, columns = (side // spec.stride for side in where.canvas)
    sides = (spec.depth, rows, columns) if planar else (rows, columns, spec.depth)
    if raw.shape != (1, *sides):
        msg = (
            f"the network's output must be {(1, *sides)} for an input of "
            f"{where.canvas}, as card fields output.layout, output.depth and "
            f"output.stride say; got {raw.shape}"
        )
        raise ValueError(msg)
    values = (np.moveaxis(raw[0], 0, -1) if planar else raw[0]).astype(np.float32)
    if not np.isfinite(values).all():
        msg = "the network's output must be finite; got NaN or infinity"
        raise ValueError(msg)
    out = np.empty((*where.shape, spec.depth), np.float32)
    for first in range(0, spec.depth, _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        shown = where.map_back(values[..., part])
        out[..., part] = shown.reshape(*where.shape, -1)
    return out
