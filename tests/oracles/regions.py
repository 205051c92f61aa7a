"""Connected areas and who borders whom, said slowly."""

import numpy as np


def connected(values, eight=False):
    """Number areas of equal value >= 0 in reading order; -1 elsewhere."""
    height, width = values.shape
    steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    if eight:
        steps += [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    out = np.full(values.shape, -1)
    n = 0
    for start in np.ndindex(values.shape):
        if values[start] < 0 or out[start] >= 0:
            continue
        area = {start}
        frontier = [start]
        while frontier:
            y, x = frontier.pop()
            for dy, dx in steps:
                p = y + dy, x + dx
                inside = 0 <= p[0] < height and 0 <= p[1] < width
                if inside and p not in area and values[p] == values[start]:
                    area.add(p)
                    frontier.append(p)
        for p in area:
            out[p] = n
        n += 1
    return out, n


def borders(labels):
    """Return {(a, b): pixel pairs}, a < b, over 4-neighbours with labels >= 0."""
    found = {}
    height, width = labels.shape
    for y in range(height):
        for x in range(width):
            for ny, nx in ((y, x + 1), (y + 1, x)):
                if ny == height or nx == width:
                    continue
                a, b = sorted((int(labels[y, x]), int(labels[ny, nx])))
                if a >= 0 and a != b:
                    found[a, b] = found.get((a, b), 0) + 1
    return found
