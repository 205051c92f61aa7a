"""Gradient magnitude by Gaussian derivatives, as matting benchmarks take it."""

import math

import numpy as np

from .._core.typing import Floats, Probability

SIGMA = 1.4


def gradient_magnitude(alpha: Probability) -> Floats:
    """Length of the gradient, filters of unit l2 norm, frame replicated."""
    import cv2

    smooth, slope = _filters(SIGMA)
    values = alpha.astype(np.float64)
    along = [
        cv2.sepFilter2D(values, cv2.CV_64F, kx, ky, borderType=cv2.BORDER_REPLICATE)
        for kx, ky in ((slope, smooth), (smooth, slope))
    ]
    magnitude: Floats = np.hypot(along[0], along[1])
    return magnitude


def _filters(sigma: float) -> tuple[Floats, Floats]:
    """Gaussian and its derivative, cut where the Gaussian falls below 0.01."""
    half = math.ceil(
        sigma * math.sqrt(-2 * math.log(math.sqrt(2 * math.pi) * sigma * 0.01))
    )
    x = np.arange(-half, half + 1, dtype=np.float64)
    smooth = np.exp(-(x**2) / (2 * sigma**2))
    slope = -x * smooth
    return smooth / np.linalg.norm(smooth), slope / np.linalg.norm(slope)
