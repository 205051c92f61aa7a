"""Score `split_instances` on what networks find: a detector's boxes, a segmenter's mask.

    python benchmarks/accuracy_detector.py MULTI --persons yolox.onnx
        [--portraits EVAL --segmenter sinet.onnx] [--faces rfb.onnx] [--pasted TRAIN]

MULTI holds images/, instances/ (label PNGs) and instances.json: the true mask is given,
the boxes are the detector's. EVAL holds images/ and masks/ of one person each: mask and
boxes are the networks'; where no box is found, the mask's parts are persons, as in
`PortraitPipeline`. Of TRAIN, the same, groups are pasted (`composites.py`), their mask given.
With --persons builtin, the boxes are bodies hung on the faces. A person's score is the detection's. With --repair matched, boxes that
match nobody are left out; with --repair tight, the others are replaced by exact ones, too.

AP, AP50, AP75  COCO average precision of the persons' masks, over all photographs
found           persons whose best mask has IoU >= 0.5, of all
"""

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.accuracy_split import METHODS, load
from benchmarks.composites import composites, portrait_people
from portraitkit.instance import split_instances
from portraitkit.io import read_image, read_mask
from portraitkit.metrics import average_precision, iou
from portraitkit.pipeline import PortraitPipeline

GROUPS = 80
"""How many are pasted."""


@dataclass(frozen=True)
class Case:
    """A photograph, its true persons, and what networks say of it."""

    source: str
    image: np.ndarray
    truth: list[np.ndarray]
    mask: np.ndarray
    boxes: np.ndarray
    scores: np.ndarray
    faces: np.ndarray


def look(pipeline, source, image, truth, mask=None):
    """Run the networks once, whatever the methods."""
    found = pipeline(image, mask=mask)
    persons = found.persons
    return Case(
        source, image, truth, found.mask, persons.boxes, persons.scores,
        found.faces.boxes,
    )  # fmt: skip


def group_cases(photos, pipeline):
    for photo in photos:
        truth = [photo.truth == i for i in range(1, photo.truth.max() + 1)]
        yield look(pipeline, photo.source, photo.image, truth, photo.truth > 0)


def portrait_cases(folder, pipeline):
    for path in sorted((Path(folder) / "images").iterdir()):
        truth = read_mask(Path(folder) / "masks" / f"{path.stem}.png")
        yield look(pipeline, "portraits", read_image(path), [truth])


def split_case(case, method):
    """(masks, scores) of those who own anything."""
    split = split_instances(
        case.image, case.mask, case.boxes, method=method, faces=case.faces
    )
    if not len(case.boxes):
        n = int(split.labels.max())
        return [split.labels == i + 1 for i in range(n)], np.zeros(n)
    owners = np.flatnonzero(~split.empty)
    return [split.labels == i + 1 for i in owners], case.scores[owners]


def tight_box(person):
    (y1, *_, y2), (x1, *_, x2) = (np.flatnonzero(person.any(k)) for k in (1, 0))
    return np.array([x1, y1, x2 + 1, y2 + 1], float)


def match(case):
    """Pairs (person, box) of IoU >= 0.5, each of both at most once."""
    left, pairs = np.arange(len(case.boxes)), []
    for person, shape in enumerate(case.truth):
        box, others = tight_box(shape), case.boxes[left]
        shared = np.minimum(others[:, 2:], box[2:]) - np.maximum(others[:, :2], box[:2])
        both = shared.clip(0).prod(1)
        area = (others[:, 2:] - others[:, :2]).prod(1) + (box[2:] - box[:2]).prod()
        overlap = both / (area - both)
        if overlap.max(initial=0) >= 0.5:
            pairs.append((person, left[overlap.argmax()]))
            left = np.delete(left, overlap.argmax())
    return pairs


def repair(case, how):
    """The case without the boxes that match nobody, if "tight" the others exact."""
    pairs = match(case)
    boxes = [
        tight_box(case.truth[p]) if how == "tight" else case.boxes[b] for p, b in pairs
    ]
    scores = case.scores[[b for _, b in pairs]]
    return replace(case, boxes=np.array(boxes).reshape(-1, 4), scores=scores)


def table(cases, method):
    """Rows of (source, AP, AP50, AP75, found, persons)."""
    splits = [split_case(case, method) for case in cases]
    rows = []
    for source in dict.fromkeys(case.source for case in cases):
        chosen = [k for k, case in enumerate(cases) if case.source == source]
        predictions = [splits[k] for k in chosen]
        truths = [cases[k].truth for k in chosen]
        scored = average_precision(predictions, truths)
        best = [
            max((iou(mask, person) for mask in masks), default=0.0)
            for (masks, _), persons in zip(predictions, truths, strict=True)
            for person in persons
        ]
        found = sum(value >= 0.5 for value in best)
        rows.append(
            (source, scored.ap, scored.at[0.5], scored.at[0.75], found, len(best))
        )
    return rows


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("multi")
    parser.add_argument("--portraits", metavar="EVAL")
    parser.add_argument("--pasted", metavar="TRAIN")
    parser.add_argument("--persons", required=True, metavar="FILE")
    parser.add_argument("--segmenter", default="builtin", metavar="FILE")
    parser.add_argument("--faces", default="builtin", metavar="FILE")
    parser.add_argument(
        "--repair", choices=("matched", "tight"), help="to see what costs"
    )
    parser.add_argument("--methods", default=",".join(METHODS))
    options = parser.parse_args(arguments)
    pipeline = PortraitPipeline(
        segmenter=options.segmenter, persons=options.persons, faces=options.faces,
        method="nearest-box",
    )  # fmt: skip
    cases = list(group_cases(load(options.multi), pipeline))
    if options.pasted:
        groups = composites(portrait_people(options.pasted), GROUPS)
        cases += group_cases(groups, pipeline)
    if options.portraits:
        cases += portrait_cases(options.portraits, pipeline)
    for source in dict.fromkeys(case.source for case in cases):
        some = [case for case in cases if case.source == source]
        matched = sum(len(match(case)) for case in some)
        sys.stdout.write(
            f"{source}: {len(some)} photographs, {sum(len(c.truth) for c in some)} "
            f"persons, {matched} with a box of IoU >= 0.5, "
            f"{sum(len(c.boxes) for c in some) - matched} other boxes\n"
        )
    if options.repair:
        cases = [repair(case, options.repair) for case in cases]
    sys.stdout.write(
        f"{'method':15} {'source':11} {'AP':>7} {'AP50':>7} {'AP75':>7} {'found':>9}\n"
    )
    for method in options.methods.split(","):
        for source, *scores, found, persons in table(cases, method):
            figures = "{:7.3f} {:7.3f} {:7.3f}".format(*scores)
            sys.stdout.write(
                f"{method:15} {source:11} {figures} {f'{found}/{persons}':>9}\n"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
