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


def shifted_band(contour, width):
    """The same by shifts of the whole contour, one for every offset of the disk."""
    shift = 1 - width % 2
    r = width // 2 + 1
    height, columns = contour.shape
    wide = np.pad(contour, r)
    out = np.zeros(contour.shape, bool)
    for dy in range(-r, r + 1):
        for dx in range(-r, r + 1):
            if (2 * dy - shift) ** 2 + (2 * dx - shift) ** 2 <= width * width:
                out |= wide[r - dy : r - dy + height, r - dx : r - dx + columns]
    return out


def mean(masks):
    """Share of the masks that hold a pixel, in exact integers then one division."""
    total = sum(np.asarray(mask).astype(bool).astype(int) for mask in masks)
    return np.asarray(total / len(masks), np.float32)
