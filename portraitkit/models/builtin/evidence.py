"""Evidence for a person at each pixel: place, color here, color anywhere."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter

from ..._core.typing import Floats, Floats32, ImageU8, Ints, Mask
from .context import blur, context
from .view import View

REGIONS = (
    (-0.35, 0.35, -0.30, 0.45),  # face
    (-0.35, 0.35, -0.85, -0.50),  # hair
    (-0.50, 0.50, 1.10, 3.00),  # torso
)
"""Left, right, top, bottom in face widths: places whose colors are the person's."""


def evidence(
    small: ImageU8,
    probability: Floats32,
    prior: Floats32,
    view: View,
    *,
    others: Floats32 | None = None,
) -> Floats32:
    """Return (H * W, D) evidence, given a first guess at `probability`.

    Where `others` are probable, colors count neither for this person nor as background.
    """
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), dtype=np.uint8)
    guess = probability.ravel().astype(np.float64)
    u, v = _face_coordinates(view)
    free = np.ones(guess.size)
    if others is not None:
        free -= others.ravel()
    rest = (1 - guess) * free
    colors = _ColorBins(lab)
    anywhere = colors.log_ratio(guess, rest, blur=0.7)
    here = _local_log_ratio(lab, guess, rest)
    columns: list[Floats | Floats32] = [
        log_odds(guess),
        log_odds(prior.ravel()),
        anywhere,
        colors.log_ratio(guess, rest, blur=1.3),
        colors.log_ratio(_ramp(guess), _ramp(1 - guess) * free, blur=1.0),
        here,
        *_region_evidence(colors, u, v, free),
        *_smoothed(anywhere, view),
        *_smoothed(here, view),
        log_odds(blur(probability, 0.15 * view.face[2]).ravel()),
        np.abs(u),
        v,
        u * u,
        v * v,
        *context(probability, u, view),
    ]
    return np.stack(columns, axis=-1).astype(np.float32)


def log_odds(probability: Floats | Floats32) -> Floats:
    """Logit, kept finite."""
    p = np.clip(probability.astype(np.float64), 0.01, 0.99)
    return np.asarray(np.log(p / (1 - p)))


def _ramp(p: Floats) -> Floats:
    return np.clip((p - 0.8) * 5, 0, 1)


def _smoothed(values: Floats, view: View) -> list[Floats32]:
    grid = values.reshape(view.shape).astype(np.float32)
    unit = view.face[2]
    return [blur(grid, 0.06 * unit).ravel(), blur(grid, 0.2 * unit).ravel()]


def _face_coordinates(view: View) -> tuple[Floats, Floats]:
    x, y, unit = view.face
    u = (np.arange(view.width) + 0.5 - x) / unit
    v = (np.arange(view.height) + 0.5 - y) / unit
    across, down = np.meshgrid(u, v)
    return across.ravel(), down.ravel()


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


def _region_evidence(
    colors: _ColorBins, u: Floats, v: Floats, free: Floats
) -> list[Floats]:
    found = []
    for left, right, top, bottom in REGIONS:
        inside = (u > left) & (u < right) & (v > top) & (v < bottom)
        found.append(_against(colors, inside, free))
    beside = ((np.abs(u) > 1) & (v < 0.3)) | (v < -1.1)
    found.append(-_against(colors, beside, free))
    return found


def _against(
    colors: _ColorBins,
    inside: Mask,
    free: Floats,
) -> Floats:
    if np.count_nonzero(inside) < 20:
        return np.zeros_like(free)
    return colors.log_ratio(inside * free, free, blur=1.0)


CELLS = 8
"""Cells of the bilateral grid along the shorter side."""


def _local_log_ratio(lab: ImageU8, guess: Floats, rest: Floats) -> Floats:
    """Odds among pixels that are near both in place and in color (a bilateral grid)."""
    chroma = np.clip((lab[..., 1:].astype(np.int64) - 64) >> 4, 0, 7)
    color = ((lab[..., 0] >> 5) * 64 + chroma[..., 0] * 8 + chroma[..., 1]).ravel()
    cell = min(lab.shape[:2]) / CELLS
    y, x = (np.arange(side) / cell for side in lab.shape[:2])
    rows, columns = int(y[-1]) + 2, int(x[-1]) + 2
    corners = [
        (
            ((y0[:, None] * columns + x0) * 512).ravel() + color,
            (wy[:, None] * wx).ravel(),
        )
        for y0, wy in _corners(y)
        for x0, wx in _corners(x)
    ]
    odds = []
    for weights in (guess, rest):
        grid = np.zeros(rows * columns * 512)
        for index, share in corners:
            grid += np.bincount(index, weights * share, grid.size)
        smooth = gaussian_filter(
            grid.reshape(rows, columns, 8, 8, 8), (0.8, 0.8, 0.6, 0.6, 0.6),
            mode="constant",
        ).ravel()  # fmt: skip
        odds.append(np.log(sum(smooth[i] * share for i, share in corners) + 0.2))
    return np.asarray(odds[0] - odds[1])


def _corners(position: Floats) -> tuple[tuple[Ints, Floats], tuple[Ints, Floats]]:
    """Return both neighbors of each position and how much each counts."""
    low = position.astype(np.int64)
    share = position - low
    return (low, 1 - share), (low + 1, share)
