"""DAVIS's boundary measure, pixel by pixel. Imports nothing from portraitkit."""

import math


def contour(mask):
    """List the pixels that differ from their right, lower or lower-right neighbour."""
    height, width = len(mask), len(mask[0])
    found = []
    for y in range(height):
        for x in range(width):
            ahead = [(y, x + 1), (y + 1, x), (y + 1, x + 1)]
            if y == height - 1 or x == width - 1:
                ahead = [(b, a) for b, a in ahead if b < height and a < width]
            if any(mask[y][x] != mask[b][a] for b, a in ahead):
                found.append((y, x))
    return found


def share_near(contour, other, radius):
    near = 0
    for y, x in contour:
        near += any((y - b) ** 2 + (x - a) ** 2 <= radius**2 for b, a in other)
    return near / len(contour)


def contour_accuracy(prediction, truth, tolerance=0.008):
    height, width = prediction.shape
    radius = tolerance
    if tolerance < 1:
        radius = math.ceil(tolerance * math.sqrt(height**2 + width**2))
    ours, theirs = contour(prediction.tolist()), contour(truth.tolist())
    if not ours and not theirs:
        precision = recall = 1
    elif not ours:
        precision, recall = 1, 0
    elif not theirs:
        precision, recall = 0, 1
    else:
        precision = share_near(ours, theirs, radius)
        recall = share_near(theirs, ours, radius)
    if precision + recall == 0:
        return 0
    return 2 * precision * recall / (precision + recall)
