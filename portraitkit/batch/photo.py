"""A photograph as a job wants it: at most so large."""

from __future__ import annotations

import cv2
import numpy as np

from .._core.typing import ImageU8, Mask


def shrink(image: ImageU8, max_size: int | None) -> tuple[ImageU8, float]:
    """Shrink an image so that no side exceeds `max_size` pixels.

    Returns
    -------
    image : (H, W, 3) uint8
        Averaged over areas, or the same array if it is small enough.
    scale : float
        New size over old, 0 < scale <= 1.
    """
    scale = 1.0 if max_size is None else min(1.0, max_size / max(image.shape[:2]))
    if scale == 1.0:
        return image, scale
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), scale


def shrink_mask(mask: Mask, image: ImageU8) -> Mask:
    """Shrink a mask to the size of `image`: True where at least half of it is."""
    height, width = image.shape[:2]
    if mask.shape == (height, width):
        return mask
    share = cv2.resize(
        mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA
    )
    return np.asarray(share >= 0.5)
