"""A picture of what a network has learned: a row for each portrait."""

import cv2
import numpy as np

from .recipe import Recipe

DIM = 0.25
GAP = 4


def contact_sheet(recipe: Recipe, *, height: int = 160) -> np.ndarray:
    """Image, truth, prediction, probability, and what else the network finds."""
    probability, more = recipe.read()
    rows = []
    for portrait, found, extra in zip(recipe.portraits, probability, more, strict=True):
        cells = [
            portrait.image,
            _cut(portrait.image, portrait.mask),
            _cut(portrait.image, found >= 0.5),
            _shown(found),
            _shown(extra),
        ]
        rows.append(_framed(np.hstack([_framed(_tall(c, height)) for c in cells])))
    half = -(-len(rows) // 2)
    rows += [np.full_like(rows[0], 255)] * (2 * half - len(rows))
    return np.hstack([np.vstack(rows[:half]), np.vstack(rows[half:])])


def _cut(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return np.where(mask[..., None], image, (image * DIM).astype(np.uint8))


def _shown(values: np.ndarray) -> np.ndarray:
    gray = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return gray if gray.ndim == 3 else gray[..., None].repeat(3, axis=2)


def _tall(cell: np.ndarray, height: int) -> np.ndarray:
    size = round(cell.shape[1] * height / cell.shape[0]), height
    return cv2.resize(cell, size, interpolation=cv2.INTER_NEAREST)


def _framed(cell: np.ndarray) -> np.ndarray:
    return np.pad(cell, ((0, GAP), (0, GAP), (0, 0)), constant_values=255)
