"""The guided filter as its paper writes it, window by window, in float64."""

import numpy as np


def guided_filter(values, guide, radius, eps):
    """(H, W, C) values by a (H, W, G) guide in 0..1; He et al., equations 14 to 16."""
    height, width = guide.shape[:2]
    a = np.zeros((*values.shape, guide.shape[2]))
    b = np.zeros(values.shape)
    for y, x in np.ndindex(height, width):
        here = _window(y, x, radius)
        colors = guide[here].reshape(-1, guide.shape[2])
        wanted = values[here].reshape(len(colors), -1)
        mean = colors.mean(0)
        spread = (colors - mean).T @ (colors - mean) / len(colors)
        spread += eps * np.eye(guide.shape[2])
        cross = (colors - mean).T @ (wanted - wanted.mean(0)) / len(colors)
        a[y, x] = np.linalg.solve(spread, cross).T
        b[y, x] = wanted.mean(0) - a[y, x] @ mean
    out = np.zeros(values.shape)
    for y, x in np.ndindex(height, width):
        here = _window(y, x, radius)
        out[y, x] = a[here].mean((0, 1)) @ guide[y, x] + b[here].mean((0, 1))
    return out


def _window(y, x, radius):
    low = max(y - radius, 0), max(x - radius, 0)
    return slice(low[0], y + radius + 1), slice(low[1], x + radius + 1)
