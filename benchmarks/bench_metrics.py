"""Contour accuracy and instance AP against peers that give the same answers."""

import contextlib
import io

import cv2
import numpy as np
import pytest

from portraitkit.metrics import average_precision, contour_accuracy
from portraitkit.metrics._share import cores


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


def plain_overlaps(masks, truths):
    """Pair by pair on the masks as they are, areas once: 35 passes an image."""
    ours, theirs = ([np.count_nonzero(m) for m in side] for side in (masks, truths))
    shared = np.array([[np.count_nonzero(a & b) for b in truths] for a in masks])
    return shared / (np.array(ours)[:, None] + theirs - shared)


def matmul_overlaps(masks, truths):
    """Inner products of the masks as float32."""
    ours, theirs = (np.reshape(s, (len(s), -1)).astype("f4") for s in (masks, truths))
    shared = ours @ theirs.T
    return shared / (ours.sum(axis=1)[:, None] + theirs.sum(axis=1) - shared)


def packed_overlaps(masks, truths):
    """Pair by pair on packed bits: our own trick, for NumPy 2 has bitwise_count."""
    ours, theirs = (
        np.packbits(np.reshape(side, (len(side), -1)), axis=1).view(np.uint64)
        for side in (masks, truths)
    )
    shared = np.array([[np.bitwise_count(a & b).sum() for b in theirs] for a in ours])
    areas = [np.bitwise_count(side).sum(axis=1) for side in (ours, theirs)]
    return shared / (areas[0][:, None] + areas[1] - shared)


def numpy_precision(predictions, truths, overlaps):
    """The whole of average precision, all thresholds at a time, without crowds."""
    scores, verdicts, limits = [], [], np.linspace(0.5, 0.95, 10)
    for (masks, sure), known in zip(predictions, truths, strict=True):
        order = np.argsort(-sure, kind="stable")
        free = np.ones((10, len(known)), bool)
        for row in overlaps(masks, known)[order]:
            worth = np.where(free & (row >= limits[:, None]), row, 0)
            best, right = worth.argmax(axis=1), worth.any(axis=1)
            free[right, best[right]] = False
            verdicts.append(right)
        scores.append(sure[order])
    right = np.array(verdicts)[np.argsort(-np.concatenate(scores), kind="stable")].T
    precision = right.cumsum(axis=1) / np.arange(1, right.shape[1] + 1)
    best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    best = np.pad(best, ((0, 0), (0, 1)))
    recalls = right.cumsum(axis=1) / sum(map(len, truths))
    at = [np.searchsorted(recall, np.linspace(0, 1, 101)) for recall in recalls]
    return np.take_along_axis(best, np.array(at), axis=1).mean()


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


def one_thread(predictions, truths):
    """From an iterator, images are taken and judged one at a time."""
    return average_precision(iter(predictions), truths).ap


def compare_precision(ratios, groups, peers, *, goal=None, rounds=15):
    """Time the call as it is, and in one thread; the goal is for what a user gets."""
    ours = {
        f"on {cores()} cores": lambda: average_precision(*groups).ap,
        "one thread": lambda: one_thread(*groups),
    }
    for name, run in ours.items():
        runs = peers | {"portraitkit": run}
        answers = [run() for run in runs.values()]
        np.testing.assert_allclose(answers, answers[0], atol=1e-9)
        operation = f"instance AP, 50 x 5 of 800x600, {name}"
        ratios(operation, runs, goal=goal, rounds=rounds)
        goal = None


def test_instance_ap_against_numpy(ratios, groups):
    """The goal is for the best peer that works on the masks as they are.

    It was set from such a one, with packed bits for the way to reach it. They are the
    next test's peer, without a goal: only to read the masks takes a third of its time.
    """
    peers = {
        "numpy, pair by pair": lambda: numpy_precision(*groups, plain_overlaps),
        "numpy, float32 matmul": lambda: numpy_precision(*groups, matmul_overlaps),
    }
    compare_precision(ratios, groups, peers, goal=6)


def test_instance_ap_against_packed_bits(ratios, groups):
    peers = {"numpy, packed bits": lambda: numpy_precision(*groups, packed_overlaps)}
    compare_precision(ratios, groups, peers)


def test_instance_ap_against_reading(ratios, groups):
    """What no single thread passes: all masks read once, by NumPy."""
    masks = [
        mask
        for (masks, _), known in zip(*groups, strict=True)
        for mask in (*masks, *known)
    ]
    runs = {
        "numpy, masks read": lambda: [mask.view(np.uint64).max() for mask in masks],
        "portraitkit": lambda: one_thread(*groups),
    }
    ratios("instance AP, 50 x 5 of 800x600, one thread", runs)


def test_instance_ap_against_pycocotools(ratios, groups):
    pytest.importorskip("pycocotools")
    peers = {"pycocotools": lambda: coco_precision(*groups)}
    compare_precision(ratios, groups, peers, goal=25)
