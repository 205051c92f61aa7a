"""How much a window looks like a face: gradient histograms and a fitted plane."""

from __future__ import annotations

import cv2
import numpy as np

from ..._core.typing import Bytes, Floats, Floats32

PATCH, CELL, TURNS = 24, 4, 8
MARGIN = 0.1
"""How far a patch reaches beyond its window, as a share of the window."""
N_FEATURES = (PATCH // CELL) ** 2 * TURNS


def describe(gray: Bytes, windows: Floats) -> Floats32:
    """Return (N, N_FEATURES) gradient histograms of `windows` (x, y, width, height)."""
    levels = _pyramid(gray)
    patches = [_patch(levels, window) for window in windows]
    stack = np.asarray(patches, dtype=np.float32).reshape(-1, PATCH, PATCH)
    return _normalized(_histograms(stack))


def _pyramid(gray: Bytes) -> list[Bytes]:
    levels = [gray]
    while min(levels[-1].shape) > 2 * PATCH:
        half = (levels[-1].shape[1] // 2, levels[-1].shape[0] // 2)
        smaller = cv2.resize(levels[-1], half, interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(smaller, dtype=np.uint8))
    return levels


def _patch(levels: list[Bytes], window: Floats) -> Bytes:
    x, y, width, height = window
    step = np.array([width, height]) * (1 + 2 * MARGIN) / PATCH
    level = int(np.clip(np.log2(max(step[0], 1)), 0, len(levels) - 1))
    source = levels[level]
    scale = np.array(source.shape[::-1]) / levels[0].shape[::-1]
    start = (np.array([x - MARGIN * width, y - MARGIN * height]) + step / 2) * scale
    (a, b), (p, q) = step * scale, start - 0.5
    return np.asarray(
        cv2.warpAffine(
            source,
            np.array([[a, 0, p], [0, b, q]]),
            (PATCH, PATCH),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.uint8,
    )


def _histograms(patches: Floats32) -> Floats32:
    dx, dy = np.zeros_like(patches), np.zeros_like(patches)
    dx[:, :, 1:-1] = patches[:, :, 2:] - patches[:, :, :-2]
    dy[:, 1:-1] = patches[:, 2:] - patches[:, :-2]
    strength = np.hypot(dx, dy)
    turn = (np.arctan2(dy, dx) * np.float32(TURNS / (2 * np.pi))) % TURNS
    low = np.floor(turn)
    share = turn - low
    first = low.astype(np.int64) % TURNS
    side = PATCH // CELL
    result = np.empty((len(patches), side, side, TURNS), dtype=np.float32)
    for direction in range(TURNS):
        part = np.where(first == direction, 1 - share, 0)
        part += np.where((first + 1) % TURNS == direction, share, 0)
        cells = (part * strength).reshape(-1, side, CELL, side, CELL)
        result[..., direction] = cells.sum(axis=(2, 4))
    return result.reshape(len(patches), N_FEATURES)


def _normalized(histograms: Floats32) -> Floats32:
    length = np.sqrt((histograms**2).sum(axis=1, keepdims=True)) + 20
    return np.asarray(np.minimum(histograms / length, 0.25), dtype=np.float32)
