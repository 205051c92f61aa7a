"""One round of SLIC by its definition, pixel by pixel and center by center."""

import math

import numpy as np


def lab(rgb):
    """CIE Lab of one 8-bit sRGB pixel, white D65, by the textbook."""
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (int(byte) / 255 for byte in rgb)
    ]
    matrix = [
        (0.412453, 0.357580, 0.180423),
        (0.212671, 0.715160, 0.072169),
        (0.019334, 0.119193, 0.950227),
    ]
    x, y, z = (
        sum(m * v for m, v in zip(row, linear, strict=True)) / sum(row)
        for row in matrix
    )

    def f(t):
        if t > (6 / 29) ** 3:
            return t ** (1 / 3)
        return t * (29 / 6) ** 2 / 3 + 4 / 29

    return 116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))


def distance(pixel, center, near, cap=2**16 - 1):
    """Squared distance in color and place; `near` are the squares of -m..m."""
    light, a, b, y, x = (int(p) - int(c) for p, c in zip(pixel, center, strict=True))
    middle = len(near) // 2
    d = int(near[middle + x]) + int(near[middle + y])
    return min(d + light**2 + min(abs(a), 255) ** 2 + min(abs(b), 255) ** 2, cap)


def window(center, reach, span, pitch):
    """Rows and columns that a center looks at."""
    left = min(max(center[4] - span // 2, 0), pitch - span)
    return range(center[3] - reach, center[3] + reach + 1), range(left, left + span)


def choices(planes, labels, centers, rivals, near, reach, span):
    """For every pixel, which centers are nearest: its old label if none reaches it."""
    n, pitch = len(centers), planes.shape[2]
    out = np.empty(labels.shape, object)
    for y, x in np.ndindex(*labels.shape):
        now, best, least = int(labels[y, x]), set(), 2**16 - 1
        for k in range(n):
            rows, columns = window(centers[k], reach, span, pitch)
            own = rivals[k][0] <= now < rivals[k][0] + rivals[k][1]
            if not own or y not in rows or x not in columns:
                continue
            d = distance([*planes[:, y, x], y, x], centers[k], near)
            if d < least:
                best, least = set(), d
            if d == least < 2**16 - 1:
                best.add(k)
        out[y, x] = best or {now}
    return out


def sums(planes, labels, centers, reach, span, rows):
    """Sum L, a, b, y, x and pixels of what each center has in its window."""
    out = np.zeros((len(centers), 6), int)
    for y, x in np.ndindex(*labels.shape):
        k = labels[y, x]
        if k < 0 or y not in rows:
            continue
        tall, wide = window(centers[k], reach, span, planes.shape[2])
        if y in tall and x in wide:
            out[k] += [*planes[:, y, x], y, x, 1]
    return out


def mean(numbers, n):
    """Rounded mean, halves up."""
    return [math.floor(v / n + 0.5) for v in numbers]
