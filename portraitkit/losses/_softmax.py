"""Softmax and its logarithm on any axis, and the three reductions."""

import math
from types import ModuleType

from ._arrays import Array, constant, working_dtype
from ._checks import Shape, check_axis, check_choice, check_floats, pixels_of

REDUCTIONS = ("mean", "sum", "none")


def class_scores(logits: Array, axis: int) -> tuple[ModuleType, Array, int]:
    """Return the namespace, `logits` in float32 or float64, and the axis < 0."""
    xp = check_floats("logits", logits)
    axis = check_axis("logits", logits, axis)
    return xp, xp.astype(logits, working_dtype(xp, logits)), axis


def log_softmax(xp: ModuleType, z: Array, axis: int) -> Array:
    """Return the logarithm of the softmax: finite for all finite `z`."""
    shifted = z - constant(xp.max(z, axis=axis, keepdims=True))
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=axis, keepdims=True))


def softmax(xp: ModuleType, z: Array, axis: int) -> Array:
    """Return the softmax, summing to 1 on `axis`."""
    powers = xp.exp(z - constant(xp.max(z, axis=axis, keepdims=True)))
    return powers / xp.sum(powers, axis=axis, keepdims=True)


def reduce(xp: ModuleType, values: Array, reduction: str) -> Array:
    """Return the mean over all `values`, their sum, or the `values`."""
    if check_choice("reduction", reduction, REDUCTIONS) == "none":
        return values
    return xp.mean(values) if reduction == "mean" else xp.sum(values)


def share(grad: Array, pixels: Shape, reduction: str) -> Array:
    """Return the gradient of the reduced loss, given that of each pixel's own."""
    mean = check_choice("reduction", reduction, REDUCTIONS) == "mean"
    return grad / math.prod(pixels) if mean else grad


def across_classes(xp: ModuleType, values: Array, z: Array, axis: int) -> Array:
    """Return per-pixel `values` with a class axis, to be multiplied with `z`."""
    full = xp.broadcast_to(values, pixels_of(z, axis))
    return xp.expand_dims(full, axis=axis)
