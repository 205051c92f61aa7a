"""Refusals of the losses; they look at shapes and dtypes, which tracing knows too.

`portraitkit._core.checks` is made of NumPy, which the losses never import.
"""

import operator
from collections.abc import Iterable
from types import ModuleType
from typing import SupportsIndex

from .._core import arrays
from .._core.arrays import namespace
from ._arrays import Array, seen_false

Shape = tuple[int, ...]


def describe(array: Array) -> str:
    """Say what `array` is, for the end of an error message."""
    return f"{array.dtype} of shape {tuple(array.shape)}"


def check_array(name: str, array: Array) -> ModuleType:
    """Return the namespace of `array`."""
    try:
        return namespace(array)
    except TypeError:
        msg = (
            f"{name} must be an array of an Array API library (NumPy, torch, jax, "
            f"cupy); got {type(array).__name__}"
        )
        raise TypeError(msg) from None


def check_floats(name: str, array: Array) -> ModuleType:
    """Return the namespace of `array`, which must hold real floats."""
    xp = check_array(name, array)
    if not xp.isdtype(array.dtype, "real floating"):
        msg = f"{name} must be of a real floating dtype; got {describe(array)}"
        raise TypeError(msg)
    return xp


def check_companion(name: str, array: Array, other: str, xp: ModuleType) -> None:
    """Refuse an `array` of another library than `xp`, the library of `other`."""
    if (own := check_array(name, array)) is not xp:
        msg = (
            f"{name} must be an array of the same library as {other}, "
            f"{xp.__name__}; got {own.__name__}"
        )
        raise TypeError(msg)


def check_axis(name: str, array: Array, axis: SupportsIndex) -> int:
    """Return the class axis as -ndim..-1, of an `array` with something on every axis."""
    axis = arrays.check_axis(name, array, axis)
    if 0 in array.shape:
        msg = f"{name} must hold at least one pixel and class; got {describe(array)}"
        raise ValueError(msg)
    return axis


def pixels_of(logits: Array, axis: int) -> Shape:
    """Return the shape of `logits` without its class axis."""
    shape: Shape = tuple(logits.shape)
    return shape[:axis] + shape[axis:][1:]


def check_shape(name: str, array: Array, want: Shape, meaning: str) -> None:
    """Refuse an `array` that is not of the shape `want`."""
    if tuple(array.shape) != want:
        msg = f"{name} must have {meaning}, {want}; got {tuple(array.shape)}"
        raise ValueError(msg)


def check_soft(
    name: str, labels: Array, logits: Array, xp: ModuleType, *, other: str = "logits"
) -> None:
    """Refuse soft labels that are not floats of the shape of `logits`."""
    check_companion(name, labels, other, xp)
    check_floats(name, labels)
    check_shape(name, labels, tuple(logits.shape), f"the shape of {other}")


def check_per_pixel(name: str, array: Array, pixels: Shape, xp: ModuleType) -> None:
    """Refuse weights that don't lie on the last axes of `pixels`."""
    check_companion(name, array, "logits", xp)
    check_floats(name, array)
    shape: Shape = tuple(array.shape)
    fits = min(2, len(pixels)) <= len(shape) <= len(pixels) and all(
        side in (1, full) for side, full in zip(shape[::-1], pixels[::-1], strict=False)
    )
    if not fits:
        msg = (
            f"{name} must have the shape of the pixels, {pixels}, or of their last "
            f"axes (a side may be 1); got {shape}"
        )
        raise ValueError(msg)


def check_target(target: Array, pixels: Shape, n_classes: int, xp: ModuleType) -> Array:
    """Return `target` in a dtype that also holds `n_classes`.

    Values are looked at where that neither waits for a device nor breaks a trace.
    """
    check_integers("target", target, xp, other="logits")
    check_shape("target", target, pixels, "the shape of logits without its class axis")
    if xp.iinfo(target.dtype).bits < 32:
        target = xp.astype(target, xp.int32)
    if seen_false(target, xp.all((target >= 0) & (target < n_classes))):
        msg = (
            f"target must hold classes 0..{n_classes - 1}, as logits has {n_classes}; "
            f"got values {int(xp.min(target))}..{int(xp.max(target))}"
        )
        raise ValueError(msg)
    return target


def check_integers(name: str, array: Array, xp: ModuleType, *, other: str) -> None:
    """Refuse an `array` that does not hold integers."""
    check_companion(name, array, other, xp)
    if not xp.isdtype(array.dtype, "integral"):
        msg = f"{name} must hold integer classes; got {describe(array)}"
        raise TypeError(msg)


def check_choice(name: str, value: str, choices: Iterable[str]) -> str:
    """Return `value` if it is one of `choices`."""
    known = list(choices)
    if value not in known:
        shown = ", ".join(f'"{choice}"' for choice in known)
        msg = f"{name} must be one of {shown}; got {value!r}"
        raise ValueError(msg)
    return value


def check_integer(
    name: str, value: SupportsIndex, *, low: int | None = None, high: int | None = None
) -> int:
    """Return `value` as an int in `low`..`high`; fractions and bools are refused."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        msg = f"{name} must be an integer; got {value!r}"
        raise TypeError(msg) from None
    if (low is not None and number < low) or (high is not None and number > high):
        upper = "" if high is None else f" and <= {high}"
        msg = f"{name} must be an integer >= {low}{upper}; got {number}"
        raise ValueError(msg)
    return number
