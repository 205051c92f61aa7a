"""Evidence for a person at each pixel: place, color here, color anywhere."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter

from ..._core.typing import Floats, Floats32, ImageU8, Ints, Mask
from .view import View

REGIONS = (
    (-0.35, 0.35, -0.30, 0.45),  # face
    (-0.35, 0.35, -0.85, -0.50),  # hair
    (-0.50, 0.50, 1.10, 3.00),  # torso
)
"""Left, right, top, bottom in face widths: places whose colors are the person's."""


def evidence(
    small: ImageU8, probability: Floats32, prior: Floats32, view: View
) -> Floats32:
    """Return (H * W, D) evidence, given a first guess at `probability`."""
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), dtype=np.uint8)
    guess = probability.ravel().astype(np.float64)
    u, v = _face_coordinates(view)
    colors = _ColorBins(lab)
    anywhere = colors.log_ratio(guess, 1 - guess, blur=0.7)
    here = _local_log_ratio(lab, guess)
    columns: list[Floats | Floats32] = [
        log_odds(guess),
        log_odds(prior.ravel()),
        anywhere,
        colors.log_ratio(guess, 1 - guess, blur=1.3),
        colors.log_ratio(_ramp(guess), _ramp(1 - guess), blur=1.0),
        here,
        *_region_evidence(colors, u, v),
        *_smoothed(anywhere, view),
        *_smoothed(here, view),
        log_odds(_blur(probability, 0.15 * view.face[2]).ravel()),
        *_place(u, v, view),
    ]
    return np.stack(columns, axis=-1).astype(np.float32)


def log_odds(probability: Floats | Floats32) -> Floats:
    """Logit, kept finite."""
    p = np.clip(probability.astype(np.float64), 0.01, 0.99)
    return np.asarray(np.log(p / (1 - p)))


def _ramp(p: Floats) -> Floats:
    return np.clip((p - 0.8) * 5, 0, 1)


def _blur(values: Floats32, sigma: float) -> Floats32:
    return np.asarray(
        cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    )


def _smoothed(values: Floats, view: View) -> list[Floats32]:
    grid = values.reshape(view.shape).astype(np.float32)
    unit = view.face[2]
    return [_blur(grid, 0.06 * unit).ravel(), _blur(grid, 0.2 * unit).ravel()]


def _face_coordinates(view: View) -> tuple[Floats, Floats]:
    x, y, unit = view.face
    u = (np.arange(view.width) + 0.5 - x) / unit
    v = (np.arange(view.height) + 0.5 - y) / unit
    across, down = np.meshgrid(u, v)
    return across.ravel(), down.ravel()


def _place(u: Floats, v: Floats, view: View) -> list[Floats]:
    width, height = view.width / view.face[2], view.height / view.face[2]
    left, top = u - u.min(), v - v.min()
    side = np.minimum(left, width - left)
    return [np.abs(u), v, u * u, v * v, side, top, height - top]


class _ColorBins:
    """Pixels sorted into 16 x 16 x 16 Lab bins, to compare weighted histograms."""

    def __init__(self, lab: ImageU8) -> None:
        bins = np.empty(lab.shape, np.int64)
        bins[..., 0] = lab[..., 0] >> 4
        bins[..., 1:] = np.clip((lab[..., 1:].astype(np.int64) - 64) >> 3, 0, 15)
        self.index = ((bins[..., 0] * 16 + bins[..., 1]) * 16 + bins[..., 2]).ravel()

    def density(self, weights: Floats, blur: float) -> Floats:
        counts = np.bincount(self.index, weights, 16**3).reshape(16, 16, 16)
        smooth = gaussian_filter(counts, blur, mode="constant")
        return np.asarray(smooth / (weights.sum() + 1e-6)).ravel()

    def log_ratio(self, inside: Floats, outside: Floats, *, blur: float) -> Floats:
        """Log ratio of each pixel's color under two weightings of all pixels."""
        floor = 0.2 / self.index.size
        over = np.log(self.density(inside, blur) + floor)
        under = np.log(self.density(outside, blur) + floor)
        return np.asarray(np.clip(over - under, -6, 6)[self.index])


def _region_evidence(colors: _ColorBins, u: Floats, v: Floats) -> list[Floats]:
    everywhere = np.ones_like(u)
    found = []
    for left, right, top, bottom in REGIONS:
        inside = (u > left) & (u < right) & (v > top) & (v < bottom)
        found.append(_against(colors, inside, everywhere))
    beside = ((np.abs(u) > 1) & (v < 0.3)) | (v < -1.1)
    found.append(-_against(colors, beside, everywhere))
    return found


def _against(
    colors: _ColorBins,
    inside: Mask,
    everywhere: Floats,
) -> Floats:
    if np.count_nonzero(inside) < 20:
        return np.zeros_like(everywhere)
    return colors.log_ratio(inside.astype(np.float64), everywhere, blur=1.0)


def _local_log_ratio(lab: ImageU8, guess: Floats) -> Floats:
    """Odds among pixels that are near both in place and in color (a bilateral grid)."""
    index, shape = _local_bins(lab)
    blur = (1, 1, 0.6, 0.6, 0.6)
    odds = []
    for weights in (guess, 1 - guess):
        grid = np.bincount(index, weights, int(np.prod(shape))).reshape(shape)
        odds.append(np.log(gaussian_filter(grid, blur, mode="constant") + 0.5))
    return np.asarray((odds[0] - odds[1]).ravel()[index])


def _local_bins(lab: ImageU8) -> tuple[Ints, tuple[int, ...]]:
    cell = min(lab.shape[:2]) / 8
    rows, columns = (np.arange(side) // cell for side in lab.shape[:2])
    y, x = np.meshgrid(rows.astype(np.int64), columns.astype(np.int64), indexing="ij")
    chroma = np.clip((lab[..., 1:].astype(np.int64) - 64) >> 4, 0, 7)
    parts = (y, x, lab[..., 0] >> 5, chroma[..., 0], chroma[..., 1])
    shape = (int(y.max()) + 1, int(x.max()) + 1, 8, 8, 8)
    return np.ravel_multi_index(parts, shape).ravel(), shape
