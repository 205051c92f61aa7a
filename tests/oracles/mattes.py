"""The four errors of matting, pixel by pixel. Imports nothing from portraitkit."""

import math

import numpy as np


def slope_filter(sigma=1.4, least=1e-2):
    """Gaussian derivative along x as one matrix of unit norm."""
    half = math.ceil(
        sigma * (-2 * math.log((2 * math.pi) ** 0.5 * sigma * least)) ** 0.5
    )

    def gauss(t):
        return math.exp(-(t**2) / (2 * sigma**2)) / (sigma * (2 * math.pi) ** 0.5)

    reach = range(-half, half + 1)
    rows = [[gauss(y) * -x * gauss(x) / sigma**2 for x in reach] for y in reach]
    norm = math.fsum(v * v for row in rows for v in row) ** 0.5
    return [[v / norm for v in row] for row in rows]


def gradient(alpha):
    along = np.array(slope_filter())
    half = len(along) // 2
    padded = np.pad(np.asarray(alpha, float), half, mode="edge")
    out = np.zeros(np.shape(alpha))
    for y, x in np.ndindex(out.shape):
        window = padded[y : y + 2 * half + 1, x : x + 2 * half + 1]
        out[y, x] = math.hypot((window * along).sum(), (window * along.T).sum())
    return out


def largest(pixels):
    """Largest 4-connected set, of equal ones that with the first pixel in order."""
    best, left = set(), sorted(pixels)
    seen = set()
    for start in left:
        if start in seen:
            continue
        part, queue = {start}, [start]
        while queue:
            y, x = queue.pop()
            for near in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if near in pixels and near not in part:
                    part.add(near)
                    queue.append(near)
        seen |= part
        best = part if len(part) > len(best) else best
    return best


def connected_level(alpha, truth):
    """Level below the first one at which a pixel is not in the largest component."""
    level = {}
    for step in range(1, 11):
        here = np.float32(step / 10)
        source = largest(
            {p for p in np.ndindex(alpha.shape) if min(alpha[p], truth[p]) >= here}
        )
        for p in np.ndindex(alpha.shape):
            if p not in source:
                level.setdefault(p, (step - 1) / 10)
    return {p: level.get(p, 1) for p in np.ndindex(alpha.shape)}


def degree(alpha, level):
    excess = float(alpha) - level
    return 1 - excess if excess >= 0.15 else 1


def matte_errors(alpha, truth, where):
    slopes = gradient(alpha), gradient(truth)
    level = connected_level(alpha, truth)
    pixels = [p for p in np.ndindex(alpha.shape) if where[p]]
    apart = [float(alpha[p]) - float(truth[p]) for p in pixels]
    return (
        math.fsum(map(abs, apart)) / 1000,
        math.fsum(d * d for d in apart) / len(pixels),
        math.fsum((slopes[0][p] - slopes[1][p]) ** 2 for p in pixels) / 1000,
        math.fsum(
            abs(degree(alpha[p], level[p]) - degree(truth[p], level[p])) for p in pixels
        )
        / 1000,
    )
