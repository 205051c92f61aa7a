"""Score superpixels against true masks, ours beside others at about the same count.

    python -m benchmarks.quality_slic FOLDER [--n-segments 200,500]

FOLDER holds images/ and masks/ (PNGs of the same names). Peers that return fewer or
more superpixels than asked are asked again until their count is within 3 % of ours.
fast_slic takes part where `benchmarks/_fast_slic.py` finds it.

count   superpixels an image
under   undersegmentation error, percent: less is better
recall  boundary recall within 2 pixels, percent: more is better
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks._fast_slic import FastSlic, interpreter
from portraitkit.superpixels import (
    boundary_recall,
    slic,
    undersegmentation_error,
)


def load(folder):
    for path in sorted((Path(folder) / "images").iterdir()):
        (mask,) = (Path(folder) / "masks").glob(f"{path.stem}.*")
        with Image.open(path) as image, Image.open(mask) as truth:
            yield path.stem, np.asarray(image.convert("RGB")), np.asarray(truth) > 127


def by_skimage(image, n):
    from skimage.segmentation import slic as peer

    return peer(image, n, start_label=0)


def by_cv2(image, n):
    import cv2

    side = max(round(np.sqrt(image.shape[0] * image.shape[1] / n)), 2)
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    peer = cv2.ximgproc.createSuperpixelSLIC(lab, cv2.ximgproc.SLIC, side, 10.0)
    peer.iterate(10)
    peer.enforceLabelConnectivity(25)
    return peer.getLabels()


def by_fast_slic(engine):
    def peer(image, n):
        labels = np.frombuffer(engine(image, n)[1], np.int32)
        return labels.reshape(image.shape[:2])

    return peer


def matched(peer, image, wanted):
    """Ask for other numbers until about `wanted` come out; keep the nearest."""
    best, asked = None, float(wanted)
    for _ in range(6):
        labels = peer(image, round(asked))
        n = len(np.unique(labels))
        if best is None or abs(n - wanted) < abs(best[0] - wanted):
            best = n, labels
        if abs(n - wanted) <= 0.03 * wanted:
            break
        asked *= wanted / n
    return best[1]


def score(labels, truth):
    return (
        len(np.unique(labels)),
        100 * undersegmentation_error(labels, truth),
        100 * boundary_recall(labels, truth),
    )


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--n-segments", default="200,500")
    options = parser.parse_args(arguments)
    peers = {"scikit-image": by_skimage, "opencv": by_cv2}
    if interpreter():
        peers["fast_slic"] = by_fast_slic(FastSlic())
    sys.stdout.write(f"{'asked':>5} {'engine':12} {'count':>7} under recall\n")
    for n in map(int, options.n_segments.split(",")):
        rows = {}
        for _stem, image, truth in load(options.folder):
            ours = slic(image, n_segments=n)
            rows.setdefault("portraitkit", []).append(score(ours, truth))
            for name, peer in peers.items():
                labels = matched(peer, image, ours.max() + 1)
                rows.setdefault(name, []).append(score(labels, truth))
        for name, scores in rows.items():
            count, under, recall = np.mean(scores, axis=0)
            sys.stdout.write(
                f"{n:5} {name:12} {count:7.1f} {under:5.2f} {recall:6.2f}\n"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
