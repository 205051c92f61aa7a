"""From a network's raw map to the probability that each place is a person."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from .._core.typing import Array, Floats, Floats32
from .card_output import MapOutput

Real = TypeVar("Real", Floats, Floats32)

SLACK = 0.5
"""How far from 0..1 a probability may stray before the card must be wrong."""


def decode_map(raw: Array, spec: MapOutput) -> Floats32:
    """Return (h, w) float32 in 0..1 from a raw output of one image."""
    planes = _planes(raw, spec)
    if spec.kind == "argmax":
        found = _best_class(planes[0], spec)
    else:
        found = _probability(planes.astype(np.float32, copy=False), spec)
    if np.isnan(found).any():
        msg = "the network's output must be finite; got NaN"
        raise ValueError(msg)
    return np.clip(found, 0.0, 1.0)


def _best_class(classes: Array, spec: MapOutput) -> Floats32:
    """1 where the class is a person's, 0 elsewhere, NaN where it is no class."""
    person = np.isin(np.rint(classes), spec.person).astype(np.float32)
    person[~np.isfinite(classes)] = np.nan
    return person


def _probability(planes: Floats32, spec: MapOutput) -> Floats32:
    if spec.kind == "softmax":
        return _softmax(planes, spec)
    if spec.kind == "sigmoid":
        return sigmoid(planes[spec.person[0]])
    return _given(planes, spec)


def _planes(raw: Array, spec: MapOutput) -> Array:
    if raw.ndim == 3 and spec.layout == "NHW":
        raw = raw[:, None]
    elif raw.ndim == 4 and spec.layout == "NHWC":
        raw = np.moveaxis(raw, -1, 1)
    need = 1 if spec.kind == "argmax" else 1 + max(*spec.person, *spec.ignore, 0)
    if raw.ndim != 4 or raw.shape[0] != 1 or raw.shape[1] < need or raw.size == 0:
        axes = {"NCHW": "(1, C, h, w)", "NHWC": "(1, h, w, C)", "NHW": "(1, h, w)"}
        msg = (
            f"the network's output must be {axes[spec.layout]} with C >= {need}, "
            f"as card fields output.layout and output.person say; got {raw.shape}"
        )
        raise ValueError(msg)
    if spec.kind == "argmax" and raw.shape[1] > 1:
        msg = (
            "the network's output must have one channel, for card field output.kind is "
            f"'argmax'; got {raw.shape}. Are they logits for 'softmax'?"
        )
        raise ValueError(msg)
    planes: Array = raw[0]
    return planes


def _softmax(planes: Floats32, spec: MapOutput) -> Floats32:
    """P(person) among the channels that are not ignored."""
    kept = [k for k in range(len(planes)) if k not in spec.ignore]
    with np.errstate(invalid="ignore", over="ignore"):
        if len(kept) == 2 and len(spec.person) == 1:
            [other] = set(kept) - set(spec.person)
            return sigmoid(planes[spec.person[0]] - planes[other])
        top = planes[kept].max(axis=0)
        return _share(np.exp(planes - top), spec)


def _share(weights: Floats32, spec: MapOutput) -> Floats32:
    """Return what the person's channels hold of those that are not ignored."""
    person = weights[list(spec.person)].sum(axis=0)
    kept = np.delete(weights, spec.ignore, axis=0) if spec.ignore else weights
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Floats32 = person / kept.sum(axis=0)
    return share


def _given(planes: Floats32, spec: MapOutput) -> Floats32:
    check_range(planes, "output.kind", spec.kind)
    if spec.ignore:
        return _share(np.clip(planes, 0.0, 1.0), spec)
    person: Floats32 = planes[list(spec.person)].sum(axis=0)
    return person


def sigmoid(scores: Real) -> Real:
    """1 / (1 + exp(-x)), without overflow."""
    squashed: Real = 0.5 * np.tanh(0.5 * scores) + 0.5
    return squashed


def softmax(scores: Floats) -> Floats:
    """exp(x) / sum exp(x) over the last axis, without overflow."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    share: Floats = weights / weights.sum(axis=-1, keepdims=True)
    return share


def check_range(values: Array, field: str, value: str) -> None:
    """Refuse numbers that are no probabilities, as card field `field` says they are."""
    low, high = float(values.min()), float(values.max())
    if low < -SLACK or high > 1 + SLACK:
        msg = (
            f"the network's output must lie in 0..1, for card field {field} is "
            f"{value!r}; got values {low:g}..{high:g}. Are they logits for "
            "'softmax' or 'sigmoid'?"
        )
        raise ValueError(msg)
