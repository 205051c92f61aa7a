"""A group photograph with a known truth, made from one public-domain portrait.

The portrait is NASA's of Eileen Collins (`skimage.data.astronaut`). Her outline
was drawn by hand; copies of her, mirrored, recolored and overlapping, stand
before another public-domain photograph (`skimage.data.rocket`), out of focus.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from .._core.typing import Floats32, ImageU8, Labels

SIZE = 800, 1200
CROP = 345, 380  # below, she holds a helmet; beside her stands a model shuttle

# fmt: off
OUTLINE = [
    (276, 31), (248, 18), (241, 19), (235, 16), (227, 16), (223, 18), (219, 18),
    (212, 22), (207, 20), (191, 31), (191, 33), (185, 38), (174, 43), (166, 50),
    (163, 51), (156, 58), (153, 68), (155, 98), (157, 104), (170, 117), (170, 121),
    (174, 128), (182, 134), (183, 146), (179, 149), (161, 149), (153, 151), (140, 158),
    (131, 167), (123, 178), (121, 183), (120, 193), (118, 195), (118, 199), (114, 202),
    (114, 206), (109, 209), (103, 215), (100, 216), (90, 227), (76, 235), (69, 242),
    (44, 279), (40, 300), (32, 325), (28, 344), (361, 344), (359, 336), (362, 332),
    (362, 330), (357, 323), (356, 302), (352, 291), (352, 286), (347, 281), (346, 274),
    (340, 264), (340, 262), (318, 242), (313, 240), (303, 233), (299, 219), (289, 203),
    (276, 189), (255, 173), (255, 168), (258, 159), (264, 149), (266, 139), (275, 134),
    (280, 127), (290, 117), (296, 107), (296, 103), (299, 98), (299, 94), (301, 90),
    (299, 72), (296, 65), (296, 58), (286, 40),
]
# fmt: on


class Copy(NamedTuple):
    """One copy: where its left edge is, how large, which way, which color."""

    left: int
    scale: float
    mirrored: bool
    hue: int  # added to OpenCV's 0..179, in the suit


COPIES = (
    Copy(-40, 1.5, mirrored=False, hue=0),
    Copy(665, 1.5, mirrored=True, hue=72),
    Copy(335, 1.8, mirrored=True, hue=100),
)
"""From back to front."""


def group_photo() -> tuple[ImageU8, Labels]:
    """Return the photograph (800, 1200, 3) and whose pixel is whose (800, 1200)."""
    image = _background().astype(np.float32)
    truth = np.zeros(SIZE, np.int32)
    for number, copy in enumerate(COPIES, start=1):
        colors, alpha = _place(copy)
        image += alpha[..., None] * (colors - image)
        truth[alpha >= 0.5] = number
    return np.rint(image).clip(0, 255).astype(np.uint8), truth


def _background() -> ImageU8:
    from skimage import data

    height, width = SIZE
    sky = cv2.resize(data.rocket()[60:], (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.GaussianBlur(sky, (0, 0), 9), np.uint8)


def _place(copy: Copy) -> tuple[Floats32, Floats32]:
    """Return a copy's colors and opacity on the canvas, feet at its bottom."""
    from skimage import data

    portrait: ImageU8 = data.astronaut()[: CROP[0], : CROP[1]]
    opacity = np.zeros(portrait.shape[:2], np.uint8)
    cv2.fillPoly(opacity, [np.array(OUTLINE, np.int32)], 255)
    colors = _recolor(portrait, copy.hue)
    if copy.mirrored:
        colors, opacity = colors[:, ::-1], opacity[:, ::-1]
    height, width = SIZE
    top = height - CROP[0] * copy.scale
    move = np.array([[copy.scale, 0, copy.left], [0, copy.scale, top]])
    warped = [
        cv2.warpAffine(
            np.ascontiguousarray(plane, np.float32),
            move,
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for plane in (colors, cv2.GaussianBlur(opacity, (0, 0), 0.7))
    ]
    below = np.arange(height)[:, None] >= top
    alpha = (warped[1] / 255 * below).clip(0, 1)
    return np.asarray(warped[0], np.float32), np.asarray(alpha, np.float32)


def _recolor(portrait: ImageU8, hue: int) -> ImageU8:
    """Turn the suit's orange by `hue`; skin and hair, less saturated, stay."""
    hsv = cv2.cvtColor(portrait, cv2.COLOR_RGB2HSV).astype(np.int32)
    orange = (hsv[..., 0] < 18) | (hsv[..., 0] > 165)
    suit = orange & (hsv[..., 1] > 70) & (np.arange(CROP[0])[:, None] > 200)
    hsv[suit, 0] = (hsv[suit, 0] + hue) % 180
    if hue:
        hsv[suit, 1] = hsv[suit, 1] * 3 // 4
    return np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8)
