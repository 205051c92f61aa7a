"""Soft labels, edges and inputs by their definition. Imports nothing from portraitkit.

Contour and band are handed in; distances are taken to every contour pixel.
"""

import math

import numpy as np


def nearest(contour):
    """Squared distance of every pixel to the nearest contour pixel; huge without."""
    rows, columns = (np.arange(n) for n in contour.shape)
    out = np.full(contour.shape, 2**40)
    for y, x in np.argwhere(contour):
        across = (rows[:, None] - y) ** 2 + (columns[None, :] - x) ** 2
        out = np.minimum(out, across)
    return out


def windowed_nearest(contour, reach):
    """The same up to `reach` pixels, in a square window round every contour pixel."""
    steps = np.arange(-reach, reach + 1)
    window = steps[:, None] ** 2 + steps**2
    wide = np.full([n + 2 * reach for n in contour.shape], 2**40)
    for y, x in np.argwhere(contour):
        part = wide[y : y + steps.size, x : x + steps.size]
        np.minimum(part, window, out=part)
    return wide[reach:, reach:][: contour.shape[0], : contour.shape[1]]


def individual_kernel(mask, band, squares, normalize):
    """Equations 1 to 3, in double precision."""
    distance = np.sqrt(squares)
    inside = distance[band]
    whole = math.fsum(inside) if normalize == "sum" else inside.max(initial=0)
    share = distance / whole if whole > 0 else 0 * distance
    if normalize == "proximity":
        share = 1 - share
    boundary = np.where(band, share, 0)
    return np.stack([mask * (1 - boundary), boundary, ~mask * (1 - boundary)], axis=-1)


def sobel(mask):
    """Where a 3x3 Sobel gradient of the mask, its frame repeated, is not zero."""
    wide = np.pad(mask.astype(int), 1, mode="edge")
    out = np.zeros(mask.shape, bool)
    for y in range(mask.shape[0]):
        for x in range(mask.shape[1]):
            w = wide[y : y + 3, x : x + 3]
            gx = (w[:, 2] - w[:, 0]) @ [1, 2, 1]
            gy = (w[2] - w[0]) @ [1, 2, 1]
            out[y, x] = gx != 0 or gy != 0
    return out


def inner(mask):
    """Person pixels with a background pixel of the image as a 4-neighbour."""
    height, width = mask.shape
    out = np.zeros(mask.shape, bool)
    for y, x in np.argwhere(mask):
        for v, u in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            if 0 <= v < height and 0 <= u < width and not mask[v, u]:
                out[y, x] = True
    return out


def warped(mean, shape, face, reference):
    """Bilinear read of `mean` where each pixel centre of the image falls in it."""
    out = np.zeros(shape)
    height, width = mean.shape
    for i in range(shape[0]):
        for j in range(shape[1]):
            x = (j + 0.5 - face[0]) / (face[2] - face[0])
            y = (i + 0.5 - face[1]) / (face[3] - face[1])
            x = reference[0] + x * (reference[2] - reference[0])
            y = reference[1] + y * (reference[3] - reference[1])
            if not (0 <= x <= width and 0 <= y <= height):
                continue
            x, y = min(max(x - 0.5, 0), width - 1), min(max(y - 0.5, 0), height - 1)
            a, b = int(y), int(x)
            for v in (a, min(a + 1, height - 1)):
                for u in (b, min(b + 1, width - 1)):
                    near = (
                        1 - y + a if v == a else y - a,
                        1 - x + b if u == b else x - b,
                    )
                    if v == a == height - 1:
                        near = (0.5, near[1])
                    if u == b == width - 1:
                        near = (near[0], 0.5)
                    out[i, j] += mean[v, u] * near[0] * near[1]
    return out
