"""Boundary kernels by their definition. Imports nothing from portraitkit.

The contour is handed in, as a bool array: what it must be is OpenCV's to say.
"""

import numpy as np


def band(contour, width):
    """Pixels within width / 2 of a contour pixel shifted by s; all pairs, in halves."""
    shift = 1 - width % 2
    out = np.zeros(contour.shape, bool)
    for y, x in np.argwhere(contour):
        dy = 2 * (np.arange(contour.shape[0]) - y)[:, None] - shift
        dx = 2 * (np.arange(contour.shape[1]) - x)[None, :] - shift
        out |= dy * dy + dx * dx <= width * width
    return out


def windowed_band(contour, width):
    """The same, in a square window round every contour pixel."""
    shift = 1 - width % 2
    reach = width // 2
    steps = 2 * np.arange(-reach, reach + 1) - shift
    window = steps[:, None] ** 2 + steps**2 <= width * width
    wide = np.zeros([n + 2 * reach for n in contour.shape], bool)
    for y, x in np.argwhere(contour):
        wide[y : y + steps.size, x : x + steps.size] |= window
    return wide[reach:, reach:][: contour.shape[0], : contour.shape[1]]


def mean(masks):
    """Share of the masks that hold a pixel, in exact integers then one division."""
    total = sum(np.asarray(mask).astype(bool).astype(int) for mask in masks)
    return np.asarray(total / len(masks), np.float32)
