"""Contour accuracy and instance AP against peers that give the same answers."""

import contextlib
import io

import cv2
import numpy as np
import pytest

from portraitkit.metrics import average_precision, contour_accuracy


def wavy(height, width, *, shift=0.0, waves=0.03):
    """A head with wavy hair above shoulders that the frame cuts off."""
    y, x = np.mgrid[:height, :width]
    x, y = (x - width / 2 - shift) / height, y / height
    angle = np.arctan2(y - 0.4, x)
    head = np.hypot(x / 0.2, (y - 0.4) / 0.25) < 1 + waves * np.sin(17 * angle)
    return head | ((x / 0.45) ** 2 + ((y - 1) / 0.42) ** 2 < 1)


def group(rng, *, height=600, width=800, persons=5):
    """Ellipses for persons, and predictions some pixels beside them."""
    y, x = np.mgrid[:height, :width]
    truths = [
        ((x - rng.integers(100, width - 100)) / rng.integers(50, 120)) ** 2
        + ((y - rng.integers(200, height - 100)) / rng.integers(100, 200)) ** 2
        < 1
        for _ in range(persons)
    ]
    found = [np.roll(truth, rng.integers(-12, 12), axis=1) for truth in truths]
    return (found, rng.random(persons)), truths


def davis_contour(mask):
    """The benchmark's one-sided contour."""
    right, below, across = mask.copy(), mask.copy(), mask.copy()
    right[:, :-1], below[:-1] = mask[:, 1:], mask[1:]
    across[:-1, :-1] = mask[1:, 1:]
    contour = (mask ^ right) | (mask ^ below) | (mask ^ across)
    contour[-1] = mask[-1] ^ right[-1]
    contour[:, -1] = mask[:, -1] ^ below[:, -1]
    contour[-1, -1] = False
    return contour


def f_measure(prediction, truth, close):
    """F of two masks, `close(contour, radius)` being the pixels near a contour."""
    contours = davis_contour(prediction), davis_contour(truth)
    radius = int(np.ceil(0.008 * np.hypot(*truth.shape)))
    near = [close(contour, radius) for contour in contours]
    shares = [
        np.count_nonzero(contour & other) / np.count_nonzero(contour)
        for contour, other in zip(contours, near[::-1], strict=True)
    ]
    return 2 * shares[0] * shares[1] / sum(shares)


def dilated(contour, radius):
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disk = (y**2 + x**2 <= radius**2).astype(np.uint8)
    return cv2.dilate(contour.view(np.uint8), disk).view(bool)


def within(contour, radius):
    away = (~contour).view(np.uint8)
    return cv2.distanceTransform(away, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) <= radius


def packed_overlaps(predictions, truths):
    """The overlaps alone, pair by pair on packed bits: a lower bound for NumPy."""
    every = []
    for (masks, _), known in zip(predictions, truths, strict=True):
        ours, theirs = (
            np.packbits(np.reshape(m, (len(m), -1)), axis=1).view(np.uint64)
            for m in (masks, known)
        )
        shared = [[np.bitwise_count(a & b).sum() for b in theirs] for a in ours]
        sizes = [np.bitwise_count(side).sum(axis=1) for side in (ours, theirs)]
        every.append(shared / (sizes[0][:, None] + sizes[1] - np.array(shared)))
    return every


def plain_overlaps(predictions, truths):
    """The overlaps alone, pair by pair on the masks as they are."""
    return [
        [
            [np.count_nonzero(a & b) / np.count_nonzero(a | b) for b in known]
            for a in masks
        ]
        for (masks, _), known in zip(predictions, truths, strict=True)
    ]


def coco_precision(predictions, truths):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
    from pycocotools.mask import area, encode

    def side(entries):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": i, "height": 1, "width": 1} for i in range(len(truths))],
            "categories": [{"id": 1}],
            "annotations": [
                {"id": n, "image_id": i, "category_id": 1, "segmentation": rle}
                | {"area": int(area(rle)), "iscrowd": 0, "bbox": [0, 0, 1, 1]}
                | {"score": float(score)}
                for n, (i, rle, score) in enumerate(entries, 1)
            ],
        }
        coco.createIndex()
        return coco

    def rle(mask):
        return encode(np.asfortranarray(mask.view(np.uint8)))

    known = [(i, rle(m), 1) for i, masks in enumerate(truths) for m in masks]
    found = [
        (i, rle(m), score)
        for i, pair in enumerate(predictions)
        for m, score in zip(*pair, strict=True)
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        run = COCOeval(side(known), side(found), "segm")
        run.evaluate()
        run.accumulate()
    return run.eval["precision"][:, :, 0, 0, -1].mean()


@pytest.mark.parametrize(
    ("name", "height", "width", "goal"),
    [("480p", 480, 854, 8), ("1080p", 1080, 1920, 15)],
)
def test_contour_accuracy(ratios, name, height, width, goal):
    """Four times in a row, or a small pair is timed by what the peers left in cache."""
    pair = wavy(height, width), wavy(height, width, shift=9, waves=0.06)
    once = {
        "cv2 dilate": lambda: f_measure(*pair, dilated),
        "cv2 distance": lambda: f_measure(*pair, within),
        "portraitkit": lambda: contour_accuracy(*pair),
    }
    answers = [run() for run in once.values()]
    np.testing.assert_allclose(answers, answers[0], rtol=1e-12)
    runs = {k: lambda run=run: [run() for _ in range(4)] for k, run in once.items()}
    ratios(f"contour accuracy {name}, 4 times", runs, goal=goal, rounds=8)


@pytest.fixture(scope="module")
def groups():
    rng = np.random.default_rng(0)
    return tuple(zip(*(group(rng) for _ in range(50)), strict=True))


@pytest.mark.parametrize("overlaps", [packed_overlaps, plain_overlaps])
def test_instance_ap_against_numpy(ratios, groups, overlaps):
    runs = {
        f"numpy, {overlaps.__name__}": lambda: overlaps(*groups),
        "portraitkit": lambda: average_precision(*groups),
    }
    ratios("instance AP, 50 x 5 of 800x600", runs, goal=6, rounds=8)


def test_instance_ap_against_pycocotools(ratios, groups):
    pytest.importorskip("pycocotools")
    theirs = coco_precision(*groups)
    np.testing.assert_allclose(average_precision(*groups).ap, theirs, atol=1e-9)
    runs = {
        "pycocotools": lambda: coco_precision(*groups),
        "portraitkit": lambda: average_precision(*groups),
    }
    ratios("instance AP, 50 x 5 of 800x600", runs, goal=25, rounds=4)
