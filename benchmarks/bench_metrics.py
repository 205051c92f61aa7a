"""Contour accuracy and instance AP against their peers, run in turn, one thread.

Run ``python benchmarks/bench_metrics.py``. Every row first checks that all answers are
equal; a peer that is not installed is left out.
"""

import contextlib
import io
import sys
import time

import cv2
import numpy as np

from portraitkit.metrics import average_precision, contour_accuracy


def portrait(height, width, *, shift=0.0, waves=0.03):
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


def numpy_precision(predictions, truths):
    """The overlaps alone, pair by pair on packed bits: a lower bound for NumPy."""
    every = []
    for (masks, _), known in zip(predictions, truths, strict=True):
        ours, theirs = (
            np.packbits(np.reshape(m, (len(m), -1)), axis=1) for m in (masks, known)
        )
        ours, theirs = ours.view(np.uint64), theirs.view(np.uint64)
        shared = [[int(np.bitwise_count(a & b).sum()) for b in theirs] for a in ours]
        sizes = [np.bitwise_count(side).sum(axis=1) for side in (ours, theirs)]
        every.append(shared / (sizes[0][:, None] + sizes[1] - np.array(shared)))
    return every


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


def interleaved(runs, *, rounds):
    """Least milliseconds of each; a round runs all of them, a few times in a row."""
    least = dict.fromkeys(runs, np.inf)
    for name in list(runs) * rounds:
        run = runs[name]
        for _ in range(4):
            start = time.perf_counter()
            run()
            least[name] = min(least[name], 1e3 * (time.perf_counter() - start))
    return least


def report(title, runs, *, rounds):
    least = interleaved(runs, rounds=rounds)
    ours = least.pop("portraitkit")
    peers = ", ".join(
        f"{name} {ms:.4g} ms ({ms / ours:.1f}x)" for name, ms in least.items()
    )
    sys.stdout.write(f"{title}: portraitkit {ours:.4g} ms, {peers}\n")


def contours(name, height, width):
    pair = portrait(height, width), portrait(height, width, shift=9, waves=0.06)
    runs = {
        "portraitkit": lambda: contour_accuracy(*pair),
        "cv2 dilate": lambda: f_measure(*pair, dilated),
        "cv2 distance": lambda: f_measure(*pair, within),
    }
    answers = {round(run(), 12) for run in runs.values()}
    if len(answers) != 1:
        sys.exit(f"contour accuracy differs: {answers}")
    report(f"contour accuracy {name}", runs, rounds=8)


def instances():
    rng = np.random.default_rng(0)
    cases = list(zip(*(group(rng) for _ in range(50)), strict=True))
    runs = {
        "portraitkit": lambda: average_precision(*cases).ap,
        "numpy overlaps": lambda: numpy_precision(*cases),
    }
    try:
        theirs = coco_precision(*cases)
        runs["pycocotools"] = lambda: coco_precision(*cases)
        if abs(theirs - runs["portraitkit"]()) > 1e-6:
            sys.exit("average precision differs from pycocotools")
    except ImportError:
        sys.stdout.write("pycocotools is not installed: left out\n")
    report("instance AP, 50 x 5 of 800x600", runs, rounds=3)


def main():
    cv2.setNumThreads(1)
    contours("480p", 480, 854)
    contours("1080p", 1080, 1920)
    contours("12 MP", 3000, 4000)
    instances()


if __name__ == "__main__":
    main()
