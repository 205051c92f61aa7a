"""Score `split_instances` on photographs with a true label image and boxes.

    python benchmarks/accuracy_split.py FOLDER [--methods auto,watershed] [--resample N]
        [--faces rfb.onnx]

FOLDER holds images/, instances/ (label PNGs) and instances.json. The true mask (the
union of the persons) and the true boxes are given; with --faces, what that network
finds, too. Scores:

AP         COCO average precision by pycocotools; a person's score is the mean
           confidence of the split over the pixels it got
AR         COCO average recall: the share of persons found, over the same IoUs
contested  share of the mask's pixels inside two boxes or more that go to the right
           person, over all photographs together
by photo   the same, averaged over the photographs that have such pixels

With --resample, too, within what 95 % of N sets of photographs are that are drawn from
these with replacement (bootstrap): what chance has to do with the scores.
"""

import argparse
import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from portraitkit.instance import split_instances
from portraitkit.models import load_model

METHODS = ("nearest-box", "watershed", "chi2-geodesic", "random-walker", "auto")


@dataclass(frozen=True)
class Photo:
    name: str
    source: str
    image: np.ndarray
    truth: np.ndarray
    boxes: np.ndarray

    @property
    def contested(self):
        """Mask pixels whose centers lie inside two boxes or more."""
        y, x = np.indices(self.truth.shape) + 0.5
        held = sum(
            (x1 <= x) & (x < x2) & (y1 <= y) & (y < y2) for x1, y1, x2, y2 in self.boxes
        )
        return (held >= 2) & (self.truth > 0)


def load(folder):
    folder = Path(folder)
    records = json.loads((folder / "instances.json").read_text())
    photos = []
    for name, record in sorted(records.items()):
        (path,) = folder.glob(f"images/{name}.*")
        with Image.open(path) as file:
            image = np.asarray(file.convert("RGB"))
        with Image.open(folder / f"instances/{name}.png") as file:
            truth = np.asarray(file).astype(np.int32)
        boxes = [record["boxes_xyxy"][str(i + 1)] for i in range(truth.max())]
        source = "coco" if name.startswith("coco") else "penn-fudan"
        photos.append(Photo(name, source, image, truth, np.array(boxes, float)))
    return photos


def contested_accuracy(photos, splits):
    """(over all pixels, mean over the photographs that have any)."""
    right, total = [], []
    for photo, split in zip(photos, splits, strict=True):
        contested = photo.contested
        right.append(np.sum(split.labels[contested] == photo.truth[contested]))
        total.append(np.count_nonzero(contested))
    right, total = np.array(right), np.array(total)
    some = total > 0
    return right.sum() / total.sum(), np.mean(right[some] / total[some])


def average_precision(photos, splits):
    """(AP, AR) over IoU 0.50:0.05:0.95, by pycocotools."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    truth, found = [], []
    for k, (photo, split) in enumerate(zip(photos, splits, strict=True)):
        truth += _annotations(k, photo.truth, np.ones(photo.truth.shape))
        found += _annotations(k, split.labels, split.confidence)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [
                {"id": k, "height": p.truth.shape[0], "width": p.truth.shape[1]}
                for k, p in enumerate(photos)
            ],
            "categories": [{"id": 1}],
            "annotations": [{**a, "id": n + 1} for n, a in enumerate(truth)],
        }
        coco.createIndex()
        scorer = COCOeval(coco, coco.loadRes(found), "segm")
        scorer.evaluate()
        scorer.accumulate()
        scorer.summarize()
    return float(scorer.stats[0]), float(scorer.stats[8])


def _annotations(image_id, labels, confidence):
    from pycocotools import mask as coco_mask

    rows = []
    for person in range(1, int(labels.max()) + 1):
        shape = np.asfortranarray(labels == person, dtype=np.uint8)
        if shape.any():
            rle = coco_mask.encode(shape)
            rows.append(
                {
                    "image_id": image_id,
                    "category_id": 1,
                    "segmentation": rle,
                    "area": float(shape.sum()),
                    "bbox": coco_mask.toBbox(rle).tolist(),
                    "iscrowd": 0,
                    "score": float(confidence[labels == person].mean()),
                }
            )
    return rows


def split_all(photos, *, find_faces=None, **knobs):
    splits = []
    for p in photos:
        faces = None if find_faces is None else find_faces(p.image).boxes
        splits.append(
            split_instances(p.image, p.truth > 0, p.boxes, faces=faces, **knobs)
        )
    return splits


def table(photos, splits):
    """Rows of (source, AP, AR, contested, by photo)."""
    rows = []
    for source in ("all", "penn-fudan", "coco"):
        chosen = [k for k, p in enumerate(photos) if source in ("all", p.source)]
        part = [photos[k] for k in chosen], [splits[k] for k in chosen]
        rows.append((source, *average_precision(*part), *contested_accuracy(*part)))
    return rows


def intervals(photos, splits, n):
    """95 % intervals of AP and of contested accuracy by photograph."""
    rng, scores = np.random.default_rng(0), []
    while len(scores) < n:
        drawn = rng.integers(0, len(photos), len(photos))
        part = [photos[k] for k in drawn], [splits[k] for k in drawn]
        scores.append((average_precision(*part)[0], contested_accuracy(*part)[1]))
    return np.percentile(scores, (2.5, 97.5), axis=0).T


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--n-segments", type=int, default=500)
    parser.add_argument("--faces", metavar="MODEL")
    parser.add_argument("--resample", type=int, default=0, metavar="N")
    options = parser.parse_args(arguments)
    photos = load(options.folder)
    finder = None if options.faces is None else load_model(options.faces, task="faces")
    heads = f"{'AP':>8} {'AR':>7} {'contested':>10} {'by photo':>9}"
    sys.stdout.write(f"{'method':15} {'source':11} {heads}\n")
    for method in options.methods.split(","):
        knobs = {"method": method, "n_segments": options.n_segments}
        splits = split_all(photos, find_faces=finder, **knobs)
        for source, *scores in table(photos, splits):
            figures = "{:8.3f} {:7.3f} {:10.3f} {:9.3f}".format(*scores)
            sys.stdout.write(f"{method:15} {source:11} {figures}\n")
        if options.resample:
            ap, by_photo = intervals(photos, splits, options.resample)
            text = "  95 %: AP {:.3f} to {:.3f}, by photo {:.3f} to {:.3f}\n"
            sys.stdout.write(text.format(*ap, *by_photo))


if __name__ == "__main__":
    main(sys.argv[1:])
