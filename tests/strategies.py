"""Bounded inputs: wide enough to surprise, narrow enough to be meaningful."""

import hypothesis.extra.numpy as hnp
import numpy as np
from hypothesis import strategies as st


def sides(most=24):
    return st.integers(1, most)


@st.composite
def masks(draw, *, max_side=24):
    """A (H, W) bool mask: noise, a few blobs and bars, empty or full."""
    height, width = draw(sides(max_side)), draw(sides(max_side))
    kind = draw(st.sampled_from(["noise", "blobs", "empty", "full"]))
    mask = np.zeros((height, width), bool)
    if kind == "noise":
        return draw(hnp.arrays(bool, (height, width)))
    if kind == "full":
        return ~mask
    if kind == "blobs":
        for _ in range(draw(st.integers(1, 4))):
            y, x = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
            h, w = draw(st.integers(1, height)), draw(st.integers(1, width))
            mask[y : y + h, x : x + w] ^= True
    return mask


@st.composite
def mask_pairs(draw, *, max_side=24):
    """Two masks of one size, often alike: the second is new, or the first disturbed."""
    first = draw(masks(max_side=max_side))
    kind = draw(st.sampled_from(["new", "flip", "shift"]))
    if kind == "new":
        return first, draw(hnp.arrays(bool, first.shape))
    if kind == "shift":
        return first, np.roll(first, draw(st.integers(-3, 3)), axis=draw(st.booleans()))
    second = first.copy()
    y, x = (draw(st.integers(0, side - 1)) for side in first.shape)
    second[y, x] ^= True
    return first, second


@st.composite
def label_images(draw, *, max_side=12, max_labels=6, low=0):
    """A (H, W) int32 label image with values `low`..`max_labels` - 1."""
    shape = draw(sides(max_side)), draw(sides(max_side))
    k = draw(st.integers(1, max_labels))
    return draw(hnp.arrays(np.int32, shape, elements=st.integers(low, k - 1)))


@st.composite
def rgb_images(draw, *, max_side=12):
    """A (H, W, 3) uint8 image."""
    shape = (draw(sides(max_side)), draw(sides(max_side)), 3)
    return draw(hnp.arrays(np.uint8, shape))


@st.composite
def probabilities(draw, *, max_side=12):
    """A (H, W) float32 array in 0..1, its ends and a half not rare."""
    shape = draw(sides(max_side)), draw(sides(max_side))
    values = st.sampled_from([0, 0.05, 0.5, 0.95, 1]) | st.floats(0, 1, width=32)
    return draw(hnp.arrays(np.float32, shape, elements=values.map(np.float32)))


@st.composite
def instance_cases(draw, *, max_side=9):
    """Predictions, truths and crowd flags of up to four images, scores often equal."""
    predictions, truths, crowd = [], [], []
    for _ in range(draw(st.integers(1, 4))):
        shape = draw(sides(max_side)), draw(sides(max_side))
        pool = draw(st.lists(hnp.arrays(bool, shape), min_size=1, max_size=4))
        pick = st.lists(st.sampled_from(pool), max_size=4)
        found, known = draw(pick), draw(pick)
        score = st.sampled_from([0.1, 0.5, 0.9])
        predictions.append((found, [draw(score) for _ in found]))
        truths.append(known)
        crowd.append([draw(st.integers(0, 3)) == 0 for _ in known])
    return predictions, truths, crowd


@st.composite
def boxes_for(draw, shape, *, most=4):
    """A list of 1..most boxes about as large as the image, some partly off it."""
    height, width = shape
    boxes = []
    for _ in range(draw(st.integers(1, most))):
        x, y = draw(st.integers(-3, width)), draw(st.integers(-3, height))
        w, h = draw(st.integers(1, width + 3)), draw(st.integers(1, height + 3))
        half = draw(st.sampled_from([0, 0.5]))
        boxes.append([x + half, y, x + half + w, y + h])
    return boxes


@st.composite
def scenes(draw, *, max_side=14, most=4):
    """An image of few colors, a mask and boxes."""
    mask = draw(masks(max_side=max_side))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    palette = rng.integers(0, 256, (draw(st.integers(1, 4)), 3), np.uint8)
    image = palette[rng.integers(0, len(palette), mask.shape)]
    return image, mask, draw(boxes_for(mask.shape, most=most))
