"""Share out unknown pixels by flooding the color gradient from the seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..superpixels.clustering import lab_of
from .ownership import nearest_owners, with_cores

if TYPE_CHECKING:
    from .._core.typing import Floats32, ImageU8, Labels
    from .scene import Scene


def split_by_flooding(
    scene: Scene,
    n_segments: int,  # noqa: ARG001
) -> tuple[Labels, Floats32]:
    """Flood the Lab gradient magnitude from the seeds, inside the mask.

    What no seed reaches goes to the nearest box; confidence is that of the boxes,
    0 where the flood disagrees with them.
    """
    from skimage import segmentation

    seeds = np.maximum(with_cores(scene.seeds, scene.seeds, scene.frames), 0)
    flood: Any = segmentation.watershed
    labels = flood(lab_gradient(scene.image), seeds, mask=scene.mask)
    labels = np.asarray(labels, np.int32)
    nearest, confidence = nearest_owners(scene.mask, scene.frames)
    confidence[(labels > 0) & (labels != nearest)] = 0
    confidence[seeds > 0] = 1
    return np.where(labels > 0, labels, nearest), confidence


def lab_gradient(image: ImageU8) -> Floats32:
    """Return (H, W) the Sobel gradient magnitude over L, a and b together."""
    import cv2

    lab = lab_of(image)
    x = cv2.Sobel(lab, cv2.CV_32F, 1, 0, borderType=cv2.BORDER_REPLICATE)
    y = cv2.Sobel(lab, cv2.CV_32F, 0, 1, borderType=cv2.BORDER_REPLICATE)
    magnitude: Floats32 = np.sqrt((x**2 + y**2).sum(-1))
    return magnitude
