"""Boundary and band IoU, pixel by pixel. Imports nothing from portraitkit."""


def rim(mask, steps):
    """Person pixels with anything else, or the frame's outside, within `steps`."""
    height, width = len(mask), len(mask[0])

    def person(y, x):
        return 0 <= y < height and 0 <= x < width and mask[y][x]

    reach = range(-steps, steps + 1)
    return {
        (y, x)
        for y in range(height)
        for x in range(width)
        if mask[y][x] and not all(person(y + b, x + a) for b in reach for a in reach)
    }


def ratio(ours, theirs):
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 1


def boundary_iou(prediction, truth, width):
    height, across = len(truth), len(truth[0])
    if width < 1:
        width = max(width * (height**2 + across**2) ** 0.5, 1)
    return ratio(rim(prediction, round(width)), rim(truth, round(width)))


def band_iou(prediction, truth, band):
    inside = [(y, x) for y, row in enumerate(band) for x, on in enumerate(row) if on]
    ours = {(y, x) for y, x in inside if prediction[y][x]}
    theirs = {(y, x) for y, x in inside if truth[y][x]}
    return ratio(ours, theirs) if inside else float("nan")
