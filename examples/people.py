"""People to put together: drawn ones, or cut out of photographs.

    python examples/people.py -o people.png           # the drawn ones, in a row

`awkward_splits.py` imports this file.
"""

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from portraitkit.io import read_image, read_labels, write_image

TALL = 190
"""Height of a grown-up in pixels."""
CLOTHES = [
    ((196, 62, 48), (40, 44, 70)), ((52, 96, 176), (88, 74, 60)),
    ((228, 200, 92), (50, 50, 54)), ((60, 128, 84), (150, 140, 126)),
    ((220, 220, 214), (70, 90, 140)), ((122, 66, 140), (30, 32, 34)),
    ((236, 134, 52), (96, 60, 44)), ((58, 62, 74), (176, 150, 110)),
    ((240, 168, 184), (62, 84, 66)), ((30, 150, 168), (110, 34, 40)),
]  # fmt: skip
SKIN = [(232, 190, 160), (120, 82, 60), (198, 150, 118), (246, 214, 190)]
HAIR = [(50, 34, 26), (18, 16, 18), (150, 104, 52), (96, 92, 90), (170, 66, 34)]


class Person(NamedTuple):
    """A cut-out."""

    image: np.ndarray
    """(h, w, 3) uint8."""
    shape: np.ndarray
    """(h, w) bool."""


def drawn_people(n: int, *, reach: float = 0.0) -> list[Person]:
    """Draw `n` people in clothes of their own; `reach` 1 stretches their arms out."""
    return [_draw(number, reach) for number in range(n)]


def _draw(number: int, reach: float) -> Person:
    rng = np.random.default_rng(number)
    height, width = 400, 400
    page, shape = np.zeros((height, width, 3)), np.zeros((height, width), np.uint8)
    top, legs = CLOTHES[number % len(CLOTHES)]
    skin, hair = SKIN[number % len(SKIN)], HAIR[number % len(HAIR)]
    hand = round(62 + 110 * reach), round(215 - 90 * reach)
    for side in (-1, 1):
        _limb(page, shape, [(200 + 22 * side, 220), (200 + 30 * side, 392)], 34, legs)
        _limb(
            page,
            shape,
            [(200 + 30 * side, 384), (200 + 40 * side, 392)],
            18,
            (36, 30, 30),
        )
        arm = [(200 + 34 * side, 110), (200 + hand[0] * side, hand[1])]
        _limb(page, shape, arm, 24, tuple(0.88 * v for v in top))
        _limb(page, shape, [arm[1], arm[1]], 22, skin)
    _limb(page, shape, [(200, 112), (200, 218)], 92, top)
    _limb(page, shape, [(200, 72), (200, 92)], 26, skin)
    for target, ink in ((page, hair), (shape, 1)):
        cv2.ellipse(target, (200, 42), (35, 40), 0, 0, 360, ink, -1)
    cv2.ellipse(page, (200, 52), (27, 32), 0, 0, 360, skin, -1)
    rows = np.arange(height)[:, None, None]
    stripes = 24 * (rows // 9 % 2) * (rows > 92) * (number % 3 == 1)
    light = np.linspace(1.08, 0.86, width)[None, :, None]
    page = page * light + stripes + rng.normal(0, 7, page.shape)
    ys, xs = (np.flatnonzero(shape.any(axis)) for axis in (1, 0))
    cut = np.s_[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1]
    return Person(page[cut].clip(0, 255).astype(np.uint8), shape[cut] > 0)


def _limb(
    page: np.ndarray, shape: np.ndarray, line: list, width: int, ink: tuple
) -> None:
    cv2.line(page, *line, ink, width, cv2.LINE_8)
    cv2.line(shape, *line, 1, width, cv2.LINE_8)


def real_people(folder: Path, n: int) -> list[Person]:
    """Cut the `n` tallest standing people out of a folder, one of a photograph."""
    found = []
    for name, record in json.loads((folder / "instances.json").read_text()).items():
        labels = read_labels(folder / f"instances/{name}.png")
        (path,) = folder.glob(f"images/{name}.*")
        for number, box in record["boxes_xyxy"].items():
            x1, y1, x2, y2 = (int(v) for v in box)
            inside = x1 > 2 and y1 > 2 and x2 < labels.shape[1] - 2
            if inside and 1.8 < (y2 - y1) / (x2 - x1) < 3.2:
                shape = labels[y1:y2, x1:x2] == int(number)
                if cv2.connectedComponents(shape.astype(np.uint8))[0] == 2:
                    found.append(
                        (y2 - y1, name, Person(read_image(path)[y1:y2, x1:x2], shape))
                    )
    best = {name: person for _, name, person in sorted(found, key=lambda one: one[0])}
    return list(best.values())[::-1][:n]


def sized(person: Person, height: int) -> Person:
    width = max(1, round(person.shape.shape[1] * height / person.shape.shape[0]))
    image = cv2.resize(person.image, (width, height), interpolation=cv2.INTER_AREA)
    shape = cv2.resize(person.shape.astype(np.float32), (width, height))
    return Person(image, shape >= 0.5)


class Stage:
    """A wall to put people before, later ones in front."""

    def __init__(self, width: int, height: int = TALL + 30) -> None:
        y, x = np.mgrid[:height, :width]
        wall = 120 + 40 * y / height + 14 * np.sin(x / 37) + 8 * np.sin(y / 11)
        tint = np.array([1.0, 1.02, 1.06])
        self.image = (wall[..., None] * tint).clip(0, 255).astype(np.uint8)
        self.truth = np.zeros((height, width), np.int32)

    def put(self, person: Person, x: int, *, height: int = TALL, up: int = 8) -> None:
        """Stand a person with the left edge at x, the feet `up` above the bottom."""
        image, shape = sized(person, height)
        bottom = self.truth.shape[0] - up
        x1, x2 = max(x, 0), min(x + shape.shape[1], self.truth.shape[1])
        at = np.s_[bottom - height : bottom, x1:x2]
        shape, image = shape[:, x1 - x : x2 - x], image[:, x1 - x : x2 - x]
        self.image[at][shape] = image[shape]
        self.truth[at][shape] = self.truth.max() + 1

    def boxes(self) -> np.ndarray:
        """(N, 4): tight about what is seen of each person."""
        rows = []
        for number in range(1, self.truth.max() + 1):
            ys, xs = np.nonzero(self.truth == number)
            rows.append([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1])
        return np.array(rows, float)


def wide(person: Person, height: int = TALL) -> int:
    return sized(person, height).shape.shape[1]


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, required=True, help="a PNG")
    args = parser.parse_args(argv)
    people = drawn_people(10)
    stage = Stage(20 + sum(wide(person) + 10 for person in people))
    x = 20
    for person in people:
        stage.put(person, x)
        x += wide(person) + 10
    write_image(args.output, stage.image)


if __name__ == "__main__":
    main()
