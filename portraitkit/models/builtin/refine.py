"""Carry a small mask to full resolution along the photograph's own edges."""

from __future__ import annotations

import cv2
import numpy as np

from ..._core.typing import Floats32, ImageU8

RADIUS = 3
EPS = 25.0
"""Variance of gray (0..255) below which the guide has no edge worth following."""
REACH = 3
"""Pixels of the small mask by which refinement may move its border."""


def refine(small: ImageU8, soft: Floats32, full: ImageU8) -> Floats32:
    """Return `soft` at the size of `full`: the fast guided filter.

    The filter's line coefficients are found at the small size and enlarged [1]_.
    Farther than `REACH` from the border nothing changes.
    """
    shape = full.shape[:2]
    slope, offset = _coefficients(_gray(small), soft)
    result = _enlarge(slope, shape)
    result *= _gray(full)
    result += _enlarge(offset, shape)
    low, high = _bounds(soft)
    np.maximum(result, _enlarge(low, shape), out=result)
    np.minimum(result, _enlarge(high, shape), out=result)
    return result


def _gray(image: ImageU8) -> Floats32:
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)


def _enlarge(values: Floats32, shape: tuple[int, int]) -> Floats32:
    return np.asarray(
        cv2.resize(values, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32
    )


def _mean(values: Floats32) -> Floats32:
    side = 2 * RADIUS + 1
    return np.asarray(
        cv2.blur(values, (side, side), borderType=cv2.BORDER_REPLICATE), np.float32
    )


def _coefficients(guide: Floats32, soft: Floats32) -> tuple[Floats32, Floats32]:
    guide_mean, soft_mean = _mean(guide), _mean(soft)
    variance = np.maximum(_mean(guide * guide) - guide_mean * guide_mean, 0)
    slope = (_mean(guide * soft) - guide_mean * soft_mean) / (variance + EPS)
    offset = soft_mean - slope * guide_mean
    return _mean(slope.astype(np.float32)), _mean(offset.astype(np.float32))


def _bounds(soft: Floats32) -> tuple[Floats32, Floats32]:
    side = 2 * REACH + 1
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    low = cv2.erode(soft, disk, borderType=cv2.BORDER_REPLICATE)
    high = cv2.dilate(soft, disk, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(low, np.float32), np.asarray(high, np.float32)
