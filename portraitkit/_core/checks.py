"""Turn loose input into exact input, or say precisely what is wrong with it.

Every message names the argument, what it must be, what it was, and the cure
where it is not obvious. A wrong kind of array or number is a TypeError, a wrong
shape or value a ValueError.
"""

import operator
from collections.abc import Iterable
from typing import SupportsIndex

import numpy as np

from .typing import Array, ArrayLike, Boxes, Floats32, ImageU8, Labels, Mask


def describe(array: Array) -> str:
    """Say what `array` is, for the end of an error message."""
    return f"{array.dtype} of shape {array.shape}"


def as_array(name: str, values: ArrayLike, want: str) -> Array:
    """Return `values` as an array; nested lists must be even."""
    try:
        return np.asarray(values)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        msg = f"{name} must be {want}; got rows of different lengths"
        raise ValueError(msg) from None


def check_image(name: str, image: ArrayLike) -> ImageU8:
    """Return `image` as a C-ordered (H, W, 3) uint8 array with pixels in it."""
    array = as_array(name, image, "uint8 RGB of shape (H, W, 3)")
    if array.dtype != np.uint8:
        msg = (
            f"{name} must be uint8 RGB of shape (H, W, 3); got {describe(array)}. "
            "Scale floats in 0..1 by 255 first."
        )
        raise TypeError(msg)
    if array.ndim != 3 or array.shape[-1] != 3 or array.size == 0:
        msg = (
            f"{name} must be uint8 RGB of shape (H, W, 3) with at least one pixel; "
            f"got {describe(array)}"
        )
        raise ValueError(msg)
    return np.ascontiguousarray(array)


def check_mask(name: str, mask: ArrayLike, *, batch: bool = False) -> Mask:
    """Return `mask` as a C-ordered bool array, (H, W) or with `batch` (..., H, W).

    Booleans and integers 0/1 or 0/255 are masks; anything else is refused.
    """
    if type(mask) is np.ndarray and mask.dtype == np.bool_ and mask.ndim == 2:
        return np.ascontiguousarray(mask)  # at once, for those who have thousands
    shape = "(..., H, W)" if batch else "(H, W)"
    array = as_array(name, mask, f"a bool mask of shape {shape}")
    if array.dtype != np.bool_ and not np.issubdtype(array.dtype, np.integer):
        msg = (
            f"{name} must be a bool mask of shape {shape}; got {describe(array)}. "
            "Threshold probabilities first: probability >= 0.5."
        )
        raise TypeError(msg)
    if array.ndim < 2 or (array.ndim > 2 and not batch):
        msg = f"{name} must be a bool mask of shape {shape}; got {describe(array)}"
        raise ValueError(msg)
    if array.dtype != np.bool_:
        _check_binary(name, array)
    return np.ascontiguousarray(array != 0 if array.dtype != np.bool_ else array)


def _check_binary(name: str, array: Array) -> None:
    top = int(array.max(initial=0))
    low = int(array.min(initial=0))
    on = np.count_nonzero(array)
    if (
        low < 0
        or top not in (0, 1, 255)
        or on != np.count_nonzero(array == top) * (top > 0)
    ):
        values = np.unique(array)
        shown = ", ".join(str(v) for v in values[:6]) + (", ..." * (values.size > 6))
        msg = f"{name} must hold only 0 and 1, or only 0 and 255; got values {shown}"
        raise ValueError(msg)


def check_labels(
    name: str, labels: ArrayLike, *, shape: tuple[int, int] | None = None, low: int = 0
) -> Labels:
    """Return `labels` as a C-ordered (H, W) int32 array of values >= `low`."""
    array = as_array(name, labels, "an integer array of shape (H, W)")
    if not np.issubdtype(array.dtype, np.integer):
        msg = f"{name} must be an integer array of shape (H, W); got {describe(array)}"
        raise TypeError(msg)
    if array.ndim != 2 or (shape is not None and array.shape != shape):
        want = "(H, W)" if shape is None else f"{shape}"
        msg = f"{name} must be an integer array of shape {want}; got {describe(array)}"
        raise ValueError(msg)
    # Not `initial=low`: unsigned arrays cannot hold it.
    least, most = (int(array.min()), int(array.max())) if array.size else (low, low)
    if least < low or most > np.iinfo(np.int32).max:
        msg = f"{name} must lie in {low}..2**31 - 1; got values {least}..{most}"
        raise ValueError(msg)
    return np.ascontiguousarray(array, dtype=np.int32)


def check_unit(
    name: str, values: ArrayLike, *, shape: tuple[int, int] | None = None
) -> Floats32:
    """Return `values` as a C-ordered (H, W) float32 array in 0..1, without NaN."""
    array = as_array(name, values, "a float array of shape (H, W) in 0..1")
    if not np.issubdtype(array.dtype, np.floating):
        msg = (
            f"{name} must be a float array of shape (H, W) in 0..1; "
            f"got {describe(array)}"
        )
        raise TypeError(msg)
    if array.ndim != 2 or (shape is not None and array.shape != shape):
        want = "(H, W)" if shape is None else f"{shape}"
        msg = f"{name} must be a float array of shape {want}; got {describe(array)}"
        raise ValueError(msg)
    if array.size and not (array.min() >= 0 and array.max() <= 1):
        msg = f"{name} must lie in 0..1; got values {array.min()}..{array.max()}"
        raise ValueError(msg)
    return np.ascontiguousarray(array, dtype=np.float32)


def check_boxes(name: str, boxes: ArrayLike) -> Boxes:
    """Return `boxes` as (N, 4) float64 xyxy with x1 < x2 and y1 < y2; N may be 0."""
    array = as_array(name, boxes, "a float array of shape (N, 4)")
    if array.size == 0:
        array = np.zeros((0, 4)) if array.shape in ((0,), (0, 4)) else array
    if not (
        np.issubdtype(array.dtype, np.integer)
        or np.issubdtype(array.dtype, np.floating)
    ):
        msg = f"{name} must be a float array of shape (N, 4); got {describe(array)}"
        raise TypeError(msg)
    if array.ndim != 2 or array.shape[1] != 4:
        msg = (
            f"{name} must be of shape (N, 4), one x1, y1, x2, y2 in pixels a row; "
            f"got {describe(array)}"
        )
        raise ValueError(msg)
    array = np.ascontiguousarray(array, dtype=np.float64)
    for row, box in enumerate(array):
        if not np.isfinite(box).all():
            msg = f"{name} must be finite; got {box.tolist()} in row {row}"
            raise ValueError(msg)
        if box[2] <= box[0] or box[3] <= box[1]:
            msg = (
                f"{name} must have x1 < x2 and y1 < y2 (x1, y1, x2, y2, right and "
                f"bottom exclusive); got {box.tolist()} in row {row}"
            )
            raise ValueError(msg)
    return array


def check_count(
    name: str, value: SupportsIndex, *, low: int = 1, high: int | None = None
) -> int:
    """Return `value` as an int in `low`..`high`; fractions and bools are refused."""
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        msg = f"{name} must be an integer >= {low}; got {value!r}"
        raise TypeError(msg) from None
    if number < low or (high is not None and number > high):
        upper = "" if high is None else f" and <= {high}"
        msg = f"{name} must be an integer >= {low}{upper}; got {number}"
        raise ValueError(msg)
    return number


def check_number(
    name: str, value: float, *, low: float, high: float = np.inf, open_low: bool = False
) -> float:
    """Return `value` as a finite float within `low`..`high`."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = np.nan
    above = number > low if open_low else number >= low
    if not (np.isfinite(number) and above and number <= high):
        sign = ">" if open_low else ">="
        upper = "" if high == np.inf else f" and <= {high:g}"
        msg = f"{name} must be a number {sign} {low:g}{upper}; got {value!r}"
        raise ValueError(msg)
    return number


def check_choice(name: str, value: str, choices: Iterable[str]) -> str:
    """Return `value` if it is one of `choices`."""
    known = list(choices)
    if value not in known:
        shown = ", ".join(f'"{choice}"' for choice in known)
        msg = f"{name} must be one of {shown}; got {value!r}"
        raise ValueError(msg)
    return value


def check_shape(name: str, shape: Iterable[SupportsIndex]) -> tuple[int, int]:
    """Return `shape` as (height, width), both >= 1."""
    try:
        height, width = (operator.index(side) for side in shape)
    except (TypeError, ValueError):
        msg = f"{name} must be (height, width), two integers; got {shape!r}"
        raise TypeError(msg) from None
    if height < 1 or width < 1:
        msg = f"{name} must be (height, width), both >= 1; got {(height, width)}"
        raise ValueError(msg)
    return height, width


def check_same_shape(
    name: str, got: tuple[int, ...], other: str, want: tuple[int, ...]
) -> None:
    """Refuse two arrays that should lie on one another and do not."""
    if got != want:
        msg = f"{name} must have the shape of {other}, {want}; got {got}"
        raise ValueError(msg)
