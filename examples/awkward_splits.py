"""The awkward cases of splitting a mask among persons, on one page.

    python examples/awkward_splits.py -o docs/images/awkward.jpg
    python examples/awkward_splits.py --data MULTI -o awkward.jpg      # real people

Without --data the people are drawn. MULTI holds images/, instances/ (label PNGs) and
instances.json; people are cut out of its photographs and put together in the same ways.
Prints the share of the mask's pixels that each method gives to the right person: of
equals (boxes of one place, or two of one person) whichever numbers fit best, and
nobody's pixels, a person's without a box, left out.
"""

import argparse
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from people import TALL, Person, Stage, drawn_people, real_people, sized, wide
from PIL import Image, ImageDraw, ImageFont

from portraitkit.batch.sheet import grayed, paint_boxes, paint_labels
from portraitkit.instance import InstanceSplit, split_instances
from portraitkit.instance.split import METHODS
from portraitkit.io import encode_jpeg


class Case(NamedTuple):
    """What is split, and what should come out."""

    name: str
    image: np.ndarray
    truth: np.ndarray
    """(H, W) int32: each person's number, from 1, that of the box if there is one."""
    boxes: np.ndarray
    alike: tuple[int, ...] = ()
    """Numbers that may change places, as nothing tells them apart."""
    double: tuple[int, int] = (0, 0)
    """A second box's number, and whose it is."""
    faces: np.ndarray | None = None
    unboxed: int = 0
    """How many of the persons, the last ones, have no box."""

    @property
    def mask(self) -> np.ndarray:
        """(H, W) bool: anybody."""
        return self.truth > 0

    def split(self, method: str) -> InstanceSplit:
        """Split the true mask."""
        return split_instances(
            self.image, self.mask, self.boxes, method=method, faces=self.faces
        )

    def right(self, labels: np.ndarray) -> float:
        """Share of the mask's pixels that go to whom they should."""
        again, first = self.double
        found = np.where((labels == again) & (again > 0), first, labels)
        known = self.mask & (self.truth <= self.truth.max() - self.unboxed)
        names = np.arange(max(found.max(), self.truth.max()) + 1)
        best = 0.0
        for order in permutations(self.alike):
            names[list(self.alike)] = order
            best = max(best, float((names[found] == self.truth)[known].mean()))
        return best


class CaseStage(Stage):
    """A stage that can be split."""

    def case(self, name: str, boxes: np.ndarray | None = None, **more: object) -> Case:
        """Return it as a case, with tight boxes unless others are given."""
        boxes = self.boxes() if boxes is None else np.array(boxes, float).reshape(-1, 4)
        return Case(name, self.image, self.truth, boxes, **more)


def cases(people: list[Person], reaching: Person) -> Iterator[Case]:
    """All cases, with ten people and one who holds out the arms."""
    a, b, c, *_ = people

    stage = CaseStage(wide(a) + wide(b) + 60)
    stage.put(a, 30)
    stage.put(b, 30 + wide(a))
    yield stage.case("touching, boxes apart")

    stage = CaseStage(wide(a) + 80)
    stage.put(a, 40)
    stage.put(b, 40 + (wide(a) - wide(b, 100)) // 2, height=100)
    yield stage.case("nested boxes")

    stage = CaseStage(wide(a) + wide(b) + 20)
    stage.put(a, 30)
    stage.put(b, 30 + round(0.6 * wide(a)))
    low, high = stage.boxes()[:, :2].min(0), stage.boxes()[:, 2:].max(0)
    same = [[*low, *high]] * 2
    yield stage.case("identical boxes", same, alike=(1, 2))
    faces = [
        _face(person, x) for person, x in ((a, 30), (b, 30 + round(0.6 * wide(a))))
    ]
    yield stage.case("identical boxes, faces known", same, alike=(1, 2),
                     faces=np.array(faces))  # fmt: skip

    narrow = min(people[1:], key=wide)
    stage = CaseStage(wide(reaching) + 40)
    stage.put(reaching, 20)
    stage.put(narrow, 20 + (wide(reaching) - wide(narrow)) // 2)
    yield stage.case("cut in two by a person")

    stage = CaseStage(wide(a) + wide(b) + 30)
    stage.put(a, 20)
    stage.put(b, 20 + round(0.7 * wide(a)))
    pole = np.s_[:, 20 + round(0.3 * wide(a)) : 20 + round(0.42 * wide(a))]
    stage.image[pole], stage.truth[pole] = (90, 92, 96), 0
    yield stage.case("cut in two by a pole")

    stage = CaseStage(60 + sum(round(0.62 * wide(p)) for p in people))
    x = 20
    for person in people:
        stage.put(person, x)
        x += round(0.62 * wide(person))
    yield stage.case("ten in a row")

    stage = CaseStage(wide(a) + wide(b) + 40)
    stage.put(a, 20)
    stage.put(b, 20 + round(0.75 * wide(a)))
    short = stage.boxes()
    short[:, 3] -= 40
    yield stage.case("feet in no box", short)

    stage = CaseStage(wide(a) + wide(b) + wide(c) + 90)
    stage.put(a, 20)
    stage.put(b, 20 + round(0.75 * wide(a)))
    stage.put(c, 70 + wide(a) + wide(b), height=TALL - 40)
    yield stage.case("somebody in no box", stage.boxes()[:2], unboxed=1)

    empty = [[5, 5, 25, 60], [20 + 0.4 * wide(a), 2, 60 + 0.4 * wide(a), 30]]
    stage = CaseStage(wide(a) + wide(b) + 60, TALL + 60)
    stage.put(a, 30)
    stage.put(b, 30 + round(0.75 * wide(a)))
    yield stage.case("boxes without mask", [*stage.boxes(), *empty])

    stage = CaseStage(wide(a) + wide(b) + wide(c) + 90)
    stage.put(a, 20)
    stage.put(b, 20 + round(0.75 * wide(a)))
    stage.put(c, 60 + round(0.75 * wide(a)) + wide(b))
    tight = stage.boxes()
    yield stage.case("loose, one double, one missed",
                     [*loose(tight[:2]), loose(tight[1:2], 0.04)[0] + 3],
                     double=(3, 2), unboxed=1)  # fmt: skip

    stage = CaseStage(wide(a) + wide(b) + wide(c) + 90)
    for person, x in ((a, 20), (b, 50 + wide(a)), (c, 80 + wide(a) + wide(b))):
        stage.put(person, x)
    yield stage.case("no boxes, people apart", [], alike=(1, 2, 3))


def _face(person: Person, x: int) -> list[float]:
    """Frame the head of somebody who stands at x: the shape's top eighth."""
    head = np.flatnonzero(sized(person, TALL).shape[: TALL // 8].any(axis=0))
    middle, top, reach = x + head.mean(), 26, TALL / 20
    return [middle - reach, top, middle + reach, top + 2 * reach]


def loose(boxes: np.ndarray, share: float = 0.1) -> np.ndarray:
    """Boxes larger by a share of their sides."""
    more = (boxes[:, 2:] - boxes[:, :2]) * share / 2
    return np.hstack([boxes[:, :2] - more, boxes[:, 2:] + more])


# The page.

CELL, GAP, NOTE = (216, 170), 10, 20
PAPER, INK = (255, 255, 255), (50, 50, 54)


def page(found: list[Case]) -> np.ndarray:
    """Draw a row for each case: what is given, then what each method makes of it."""
    rows = [draw_row(case) for case in found]
    sheet = Image.new("RGB", (rows[0].width, NOTE + sum(r.height for r in rows)), PAPER)
    draw = ImageDraw.Draw(sheet)
    for column, title in enumerate(["boxes", *METHODS]):
        draw.text((GAP + column * (CELL[0] + GAP), 4), title, INK, font(15))
    y = NOTE
    for row in rows:
        sheet.paste(row, (0, y))
        y += row.height
    return np.asarray(sheet)


def draw_row(case: Case) -> Image.Image:
    gray = grayed(case.image)
    cells = [(case.name, paint_boxes(case.image, case.boxes))]
    for method in METHODS:
        labels = case.split(method).labels
        cells.append((f"{case.right(labels):.1%} right", paint_labels(gray, labels)))
    height, width = case.image.shape[:2]
    scale = min(CELL[0] / width, CELL[1] / height)
    size = round(width * scale), round(height * scale)
    shape = len(cells) * (CELL[0] + GAP) + GAP, size[1] + NOTE + GAP
    row = Image.new("RGB", shape, PAPER)
    draw = ImageDraw.Draw(row)
    for column, (note, picture) in enumerate(cells):
        x = GAP + column * (CELL[0] + GAP)
        small = Image.fromarray(picture).resize(size, Image.Resampling.BOX)
        row.paste(small, (x, GAP))
        draw.text((x, GAP + size[1] + 2), note, INK, font(13))
    return row


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, metavar="MULTI", help="default: drawn")
    parser.add_argument("-o", "--output", type=Path, metavar="JPG")
    args = parser.parse_args(argv)
    people, reaching = drawn_people(10), drawn_people(1, reach=1.0)[0]
    if args.data:
        people = real_people(args.data, 10)
        reaching = max(people, key=wide)
    found = list(cases(people, reaching))
    print(f"{'right, %':44}" + "".join(f"{method:>15}" for method in METHODS))
    for case in found:
        shares = [case.right(case.split(method).labels) for method in METHODS]
        print(f"{case.name:44}" + "".join(f"{100 * s:15.1f}" for s in shares))
    if args.output:
        args.output.write_bytes(encode_jpeg(page(found), quality=88))


if __name__ == "__main__":
    main()
