"""Portraits to train on: a folder of yours, or copies of one in the public domain.

    python examples/portraits.py -o portraits.png     # a sheet of the copies

The other examples import this file: `read_portraits(FOLDER)` wants images/NAME.jpg
(or .png) beside masks/NAME.png; `astronauts(8)` needs no files.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from skimage import data

from portraitkit.cli.scene import CROP, OUTLINE
from portraitkit.io import read_image, read_mask, write_image

FACE = 178.0, 64.0, 272.0, 158.0


class Portrait(NamedTuple):
    """One photograph with its truth."""

    image: np.ndarray
    """(H, W, 3) uint8 RGB."""
    mask: np.ndarray
    """(H, W) bool, True on the person."""
    face: np.ndarray | None = None
    """x1, y1, x2, y2 in pixels, where it is known."""
    name: str = ""


def read_portraits(folder: Path, *, limit: int | None = None) -> list[Portrait]:
    """Read the first `limit` portraits of a folder, in the order of their names."""
    return list(each_portrait(folder, limit=limit))


def each_portrait(folder: Path, *, limit: int | None = None) -> Iterator[Portrait]:
    """Read them as they are asked for, where all at once are too many."""
    for path in sorted((folder / "images").iterdir())[:limit]:
        mask = read_mask(folder / "masks" / f"{path.stem}.png")
        yield Portrait(read_image(path), mask, name=path.stem)


def astronauts(n: int, *, shape: tuple[int, int] = (400, 300)) -> list[Portrait]:
    """Make `n` portraits of Eileen Collins (NASA): moved, mirrored, recolored."""
    photo = data.astronaut()[: CROP[0], : CROP[1]]
    outline = np.zeros(photo.shape[:2], np.uint8)
    cv2.fillPoly(outline, [np.array(OUTLINE, np.int32)], 255)
    return [_copy(photo, outline, number, shape) for number in range(n)]


def _copy(
    photo: np.ndarray, outline: np.ndarray, number: int, shape: tuple[int, int]
) -> Portrait:
    rng = np.random.default_rng(number)
    scale = shape[0] / CROP[0] * (1 if number == 0 else rng.uniform(1.05, 1.3))
    flip = -1 if number % 2 else 1
    x = shape[1] / 2 + rng.uniform(-20, 20) - flip * scale * 205
    matrix = np.array([[flip * scale, 0, x], [0, scale, shape[0] - scale * CROP[0]]])
    hue = 0 if number < 2 else int(rng.integers(0, 180))
    image, soft = (
        cv2.warpAffine(pixels, matrix, shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        for pixels in (_recolor(photo, hue), outline)
    )
    corners = matrix @ [[FACE[0], FACE[2]], [FACE[1], FACE[3]], [1, 1]]
    face = np.concatenate([corners.min(axis=1), corners.max(axis=1)])
    return Portrait(image, soft >= 128, face, f"astronaut-{number}")


def _recolor(photo: np.ndarray, hue: int) -> np.ndarray:
    """Turn the hue of the suit; face and hair stay."""
    hsv = cv2.cvtColor(photo, cv2.COLOR_RGB2HSV)
    suit = (hsv[..., 1] > 90) & (np.arange(len(photo))[:, None] > 200)
    hsv[suit, 0] = (hsv[suit, 0].astype(int) + hue) % 180
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, required=True, help="a PNG")
    args = parser.parse_args()
    pictures = [
        np.where(p.mask[..., None], p.image, p.image // 4) for p in astronauts(8)
    ]
    rows = np.hstack(pictures[:4]), np.hstack(pictures[4:])
    write_image(args.output, np.vstack(rows))


if __name__ == "__main__":
    main()
