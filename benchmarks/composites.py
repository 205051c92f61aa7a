"""Group pictures pasted together from cut-out persons, with their truth.

    python benchmarks/composites.py PORTRAITS [--multi MULTI] [-o sheet.jpg]

PORTRAITS holds images/ and masks/ of portraits; MULTI is as for `accuracy_split.py`.
Scores methods on such groups as that file does, and draws a page of them. By groups of
portraits `ablation_split.py` chooses constants; others are scored here, of the same people.

People stand side by side and before one another, each with the light of the picture
half way, and every second group dressed alike: strangers from anywhere would be too
easy to tell apart by color. Those of one photograph have its light, camera and noise in
common: what helps only with the others only tells photographs apart. What is pasted is then halved in size and passed through
JPEG, so that borders between people are as blurred as in a photograph.
"""

import argparse
import itertools
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks.accuracy_split import (
    Photo,
    average_precision,
    contested_accuracy,
    load,
    split_all,
)

TALL = 480
"""Height of a picture."""
FINE = 2
"""How many times larger people are pasted."""
QUALITY = 90
"""Of JPEG."""
LEAST = 0.15
"""Share of a person that must be seen."""
SCORED = 100
"""Groups of each kind that are scored."""
ALONE = 0.1
"""Share of a person's box that other boxes may hold, for it to be cut out whole."""


class Cutout:
    """A person: pixels (H, W, 3), mask (H, W), and whether the photograph cuts it."""

    def __init__(self, image, mask, *, cut):
        y, x = np.nonzero(mask)
        span = np.s_[y.min() : y.max() + 1, x.min() : x.max() + 1]
        self.image, self.mask, self.cut = image[span], mask[span], cut
        self.color = np.median(self.image[self.mask], axis=0)

    def scaled(self, height):
        """Pixels as floats, and mask, at a height."""
        size = max(round(self.mask.shape[1] * height / self.mask.shape[0]), 1), height
        image = cv2.resize(self.image, size, interpolation=cv2.INTER_AREA)
        mask = cv2.resize(self.mask.view(np.uint8), size, interpolation=cv2.INTER_AREA)
        return image.astype(np.float32), mask > 0


def portrait_people(folder, *, most=None):
    """Cut out the persons of a folder of portraits."""
    people = []
    for path in itertools.islice(sorted(Path(folder).glob("masks/*")), most):
        with Image.open(path) as file:
            mask = np.asarray(file.convert("L")) > 127
        (photo,) = Path(folder).glob(f"images/{path.stem}.*")
        with Image.open(photo) as file:
            image = np.asarray(file.convert("RGB"))
        if mask.mean() > 0.05:
            people.append(Cutout(image, mask, cut=True))
    return people


def whole_people(photos, *, least=3000):
    """Cut out the persons of group photographs that stand alone."""
    people = []
    for photo in photos:
        spans = photo.boxes.round().astype(int)
        for i, (x1, y1, x2, y2) in enumerate(spans):
            others = np.zeros(photo.truth.shape, bool)
            for a1, b1, a2, b2 in np.delete(spans, i, axis=0):
                others[b1:b2, a1:a2] = True
            mask = photo.truth == i + 1
            if mask.sum() >= least and others[y1:y2, x1:x2].mean() <= ALONE:
                people.append(Cutout(photo.image, mask, cut=False))
    return people


def composites(people, count, *, seed=0, source="pasted"):
    """`count` pictures of two to five of the `people`."""
    return _pictures(lambda rng: _group(people, rng), count, seed, source)


def reunions(photos, count, *, seed=0, source="reunited"):
    """`count` pictures, each of two to four people of one of the `photos`."""
    crowds = [whole_people([photo], least=2000) for photo in photos]
    crowds = [crowd for crowd in crowds if len(crowd) > 1]

    def group(rng):
        crowd = crowds[rng.integers(len(crowds))]
        n = int(rng.integers(2, min(len(crowd), 4) + 1))
        return [crowd[i] for i in rng.choice(len(crowd), n, replace=False)]

    return _pictures(group, count, seed, source)


def _pictures(draw, count, seed, source):
    """`count` pictures of groups that are drawn with random numbers."""
    rng = np.random.default_rng(seed)
    photos = []
    while len(photos) < count:
        photo = _composite(draw(rng), rng, f"{source}{len(photos)}", source)
        if photo is not None:
            photos.append(photo)
    return photos


def _group(people, rng):
    """Two to five people; every second time those who wear what one of them wears."""
    n = int(rng.integers(2, 6))
    if rng.random() < 0.5:
        return [people[i] for i in rng.choice(len(people), n, replace=False)]
    colors = np.array([p.color for p in people])
    first = rng.integers(len(people))
    near = np.argsort(((colors - colors[first]) ** 2).sum(1))[: max(2 * n, 10)]
    return [people[i] for i in rng.choice(near, min(n, len(near)), replace=False)]


def _composite(group, rng, name, source):
    canvas, truth, whole = _pasted(group, rng)
    seen = np.bincount(truth.ravel(), minlength=len(group) + 1)[1:]
    if (seen < LEAST * whole).any():
        return None
    size = truth.shape[1] // FINE, truth.shape[0] // FINE
    image = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
    _, code = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))
    image = cv2.imdecode(code, cv2.IMREAD_COLOR)
    truth = np.ascontiguousarray(truth[1::FINE, 1::FINE][: size[1], : size[0]])
    boxes = np.array([_box(truth == i + 1) for i in range(len(group))], float)
    return Photo(name, source, image, truth, boxes)


def _pasted(group, rng):
    """The people side by side, whose pixels are whose, and how many each has in all."""
    placed, x = [], 20 * FINE
    for person in group:
        height = round(FINE * TALL * rng.uniform(0.55, 0.9))
        image, mask = person.scaled(height)
        placed.append((x, height, image, mask, person))
        x += max(round(mask.shape[1] * rng.uniform(0.25, 0.9)), 8)
    wide = max(x0 + mask.shape[1] for x0, _, _, mask, _ in placed) + 20 * FINE
    light = np.mean([p.color for p in group], axis=0)
    canvas = np.full((FINE * TALL, wide // FINE * FINE, 3), 128, np.float32)
    truth = np.zeros(canvas.shape[:2], np.int32)
    for i in rng.permutation(len(placed)):
        x0, height, image, mask, person = placed[i]
        raised = 0 if person.cut else FINE * int(rng.integers(5, 40))
        top = len(canvas) - height - raised
        toward = np.sqrt((light + 20) / (person.color + 20))
        part = np.s_[top : top + height, x0 : x0 + mask.shape[1]]
        canvas[part][mask] = (image * toward)[mask]
        truth[part][mask] = i + 1
    whole = np.array([np.count_nonzero(mask) for *_, mask, _ in placed])
    return canvas.clip(0, 255).astype(np.uint8), truth, whole


def _box(mask):
    y, x = np.nonzero(mask)
    return x.min(), y.min(), x.max() + 1, y.max() + 1


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("portraits")
    parser.add_argument("--multi")
    parser.add_argument("--methods", default="chi2-geodesic,random-walker,auto")
    parser.add_argument("-o", "--out")
    options = parser.parse_args(arguments)
    kinds = {"portraits": portrait_people(options.portraits)}
    if options.multi:
        photos = load(options.multi)
        for source in sorted({photo.source for photo in photos}):
            kinds[source] = whole_people([p for p in photos if p.source == source])
    if options.out:
        draw(kinds, options.out)
    scored = {
        name: composites(people, SCORED, seed=1) for name, people in kinds.items()
    }
    if options.multi:
        scored["reunited"] = reunions(photos, SCORED, seed=1)
    for name, groups in scored.items():
        for method in options.methods.split(","):
            splits = split_all(groups, method=method)
            ap, _ = average_precision(groups, splits)
            _, by_photo = contested_accuracy(groups, splits)
            sys.stdout.write(f"{name:12} {method:14} {ap:.3f} {by_photo:.3f}\n")
            sys.stdout.flush()


def draw(kinds, out):
    """Two rows of groups of each kind."""
    rows = [
        np.hstack([
            cv2.resize(photo.image, (320, 240))
            for photo in composites(people, 8, seed=seed)
        ])
        for people in kinds.values()
        for seed in (0, 1)
    ]  # fmt: skip
    Image.fromarray(np.vstack(rows)).save(out)


if __name__ == "__main__":
    main()
