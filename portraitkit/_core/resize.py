"""Resizing with half-pixel centres: pixel i covers i..i + 1, so mirroring commutes."""

from typing import Literal, TypeAlias, TypeVar

import cv2
import numpy as np

from .typing import Bytes, Floats32

Resampling: TypeAlias = Literal["auto", "bilinear", "area"]
Pixels = TypeVar("Pixels", Bytes, Floats32)

REACH = 3.0
"""How far "auto" shrinks by bilinear, whose two taps then begin to skip pixels."""


def resize(
    values: Pixels, shape: tuple[int, int], *, how: Resampling = "auto"
) -> Pixels:
    """Resize (H, W) or (H, W, 3) uint8 or float32 to `shape`, always a new array.

    "bilinear" takes two taps an axis at any scale. "area" averages all that a new
    pixel covers along axes that shrink, and is bilinear along those that grow.
    "auto" is "bilinear" until an axis shrinks more than `REACH` times, then "area".
    """
    height, width = values.shape[:2]
    shrink = max(height / shape[0], width / shape[1])
    source = np.ascontiguousarray(values)
    if how == "bilinear" or (how == "auto" and shrink <= REACH):
        return _to(source, shape, cv2.INTER_LINEAR)
    smaller = min(height, shape[0]), min(width, shape[1])
    averaged = _to(source, smaller, cv2.INTER_AREA)
    return averaged if smaller == shape else _to(averaged, shape, cv2.INTER_LINEAR)


def _to(values: Pixels, shape: tuple[int, int], how: int) -> Pixels:
    return cv2.resize(values, shape[::-1], interpolation=how)  # type: ignore[return-value]
