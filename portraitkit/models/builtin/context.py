"""Auto-context: what the last guess says around a pixel, as evidence for it."""

from __future__ import annotations

import cv2
import numpy as np

from ..._core.typing import Floats, Floats32
from .view import View

RINGS = ((0.25, 0.08), (0.5, 0.15), (1.0, 0.3), (1.6, 0.3))
"""Distance at which the guess is read and how much it is blurred, in face widths."""
DIAGONAL = 0.7071
OUTWARD = ((1, 0), (DIAGONAL, DIAGONAL), (DIAGONAL, -DIAGONAL))
"""Directions away from the face's vertical axis; each has its mirror image."""


def context(probability: Floats32, u: Floats, view: View) -> list[Floats32]:
    """Return the guess at offsets around each pixel, and at its mirror image.

    Left and right are told apart only as toward and away from the face's axis, so a
    mirrored portrait gives mirrored evidence.
    """
    unit, left = view.face[2], (u < 0).reshape(view.shape)
    columns = [_mirrored(blur(probability, 0.08 * unit), view)]
    for reach, spread in RINGS:
        soft, step = blur(probability, spread * unit), reach * unit
        columns += [_shifted(soft, 0, step), _shifted(soft, 0, -step)]
        for x, y in OUTWARD:
            one = _shifted(soft, x * step, y * step)
            other = _shifted(soft, -x * step, y * step)
            columns.append(np.where(left, other, one))
            columns.append(np.where(left, one, other))
    return [column.ravel() for column in columns]


def blur(values: Floats32, sigma: float) -> Floats32:
    """Smooth by a Gaussian; beyond its rim the rim goes on."""
    return np.asarray(
        cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE),
        dtype=np.float32,
    )


def _shifted(values: Floats32, x: float, y: float) -> Floats32:
    """Bring to each pixel what lies (x, y) pixels from it."""
    return _warped(values, np.array([[1, 0, x], [0, 1, y]], dtype=np.float64))


def _mirrored(values: Floats32, view: View) -> Floats32:
    return _warped(values, np.array([[-1, 0, 2 * view.face[0] - 1], [0, 1, 0]]))


def _warped(values: Floats32, source: Floats) -> Floats32:
    return np.asarray(
        cv2.warpAffine(
            values,
            source,
            values.shape[::-1],
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.float32,
    )
