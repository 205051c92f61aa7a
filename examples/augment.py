"""The papers' augmentations: image, mask and face box move together.

    python examples/augment.py -o augmented.png       # a sheet of what they do

Boundary kernels are made after this, from the mask that came out, and are never
resized or rotated themselves: a band of P pixels must be P pixels wide in what the
network sees. Beyond the photograph's frame image and mask repeat their last row and
column, so that a person cut off by the frame gets no boundary there.

`bsn`, `instance` and `trisenet` are the presets of the three papers that state one;
each takes a portrait, a NumPy generator and the size of the result.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from portraits import Portrait, astronauts

from portraitkit.io import write_image
from portraitkit.kernels import contour

Preset = Callable[..., Portrait]


class Move(NamedTuple):
    """Where the pixels go; distances are in pixels of the result."""

    size: tuple[int, int]
    """Height and width of the result."""
    scale: tuple[float, float]
    """Along y and x."""
    mirrored: bool = False
    degrees: float = 0.0
    """Counter-clockwise, about the image's center."""
    shift: tuple[float, float] = (0.0, 0.0)
    """Of the image's center from the result's center, down and right."""

    def matrix(self, shape: tuple[int, int]) -> np.ndarray:
        """(2, 3): from positions (x, y) in an image of `shape` to the result."""
        angle = np.deg2rad(self.degrees)
        turn = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
        flip = -1.0 if self.mirrored else 1.0
        linear = np.array(turn) @ np.diag([self.scale[1] * flip, self.scale[0]])
        there = np.array(self.size[::-1]) / 2 + np.array(self.shift[::-1])
        return np.column_stack([linear, there - linear @ np.array(shape[::-1]) / 2])


def move(portrait: Portrait, how: Move) -> Portrait:
    """Move image, mask and face box in one step: pixels are resampled once."""
    matrix = how.matrix(portrait.mask.shape)
    image = warp(portrait.image, matrix, how.size)
    mask = warp(portrait.mask.astype(np.uint8) * 255, matrix, how.size) >= 128
    face = None if portrait.face is None else move_box(portrait.face, matrix, how.scale)
    return portrait._replace(image=image, mask=mask, face=face)


def warp(pixels: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resample bilinearly; OpenCV counts from pixel centers, boxes from corners."""
    indices = matrix.copy()
    indices[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return cv2.warpAffine(
        pixels, indices, size[::-1], flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip


def move_box(
    box: np.ndarray, matrix: np.ndarray, scale: tuple[float, float]
) -> np.ndarray:
    """Move a box's center and scale its sides: a turned face keeps an upright box."""
    center = matrix @ (*((box[:2] + box[2:]) / 2), 1.0)
    half = (box[2:] - box[:2]) / 2 * np.array(scale[::-1])
    return np.concatenate([center - half, center + half])


def shrink(portrait: Portrait, size: tuple[int, int]) -> Portrait:
    """Average areas where `size` is much smaller: two taps would skip pixels."""
    height, width = portrait.mask.shape
    if min(height / size[0], width / size[1]) < 2:
        return portrait
    image = cv2.resize(portrait.image, size[::-1], interpolation=cv2.INTER_AREA)
    soft = cv2.resize(portrait.mask.astype(np.float32), size[::-1],
                      interpolation=cv2.INTER_AREA)  # fmt: skip
    scale = np.array([size[1] / width, size[0] / height] * 2)
    face = None if portrait.face is None else portrait.face * scale
    return portrait._replace(image=image, mask=soft >= 0.5, face=face)


def stretch(portrait: Portrait, size: tuple[int, int]) -> Portrait:
    """Bring to `size` and nothing else: what a network sees at test time."""
    return move(*_fitting(portrait, size))


def _fitting(portrait: Portrait, size: tuple[int, int]) -> tuple[Portrait, Move]:
    portrait = shrink(portrait, size)
    height, width = portrait.mask.shape
    return portrait, Move(size, (size[0] / height, size[1] / width))


def gamma(portrait: Portrait, power: float) -> Portrait:
    """Raise the colors, in 0..1, to `power`: below 1 brightens. Nothing moves."""
    table = np.rint((np.arange(256) / 255) ** power * 255).astype(np.uint8)
    return portrait._replace(image=table[portrait.image])


def bsn(
    portrait: Portrait, rng: np.random.Generator, *, size: tuple[int, int] = (400, 400)
) -> Portrait:
    """Flip half of them, scale to 1/2, 3/4 or 1, crop at random.

    Du et al., "Boundary-sensitive network for portrait segmentation", FG 2019,
    section 4.1: 400x400 crops. An axis that is shorter than the crop is centered.
    """
    scale = float(rng.choice([0.5, 0.75, 1.0]))
    spare = np.array(portrait.mask.shape) * scale - size
    shift = np.maximum(spare, 0) * rng.uniform(-0.5, 0.5, 2)
    mirrored = bool(rng.random() < 0.5)
    return move(portrait, Move(size, (scale, scale), mirrored, 0.0, tuple(shift)))


def instance(
    portrait: Portrait, rng: np.random.Generator, *, size: tuple[int, int] | None = None
) -> Portrait:
    """Scale by .6 to 1.5, turn by up to 45 degrees, gamma .5 to 1.5.

    The portrait instance segmentation paper's: scales .6, .8, 1, 1.2, 1.5; rotations
    -45, -22, 0, 22, 45 degrees; gammas .5, .8, 1, 1.2, 1.5.
    """
    fitted, how = _fitting(portrait, size or portrait.mask.shape)
    scale = float(rng.choice([0.6, 0.8, 1.0, 1.2, 1.5]))
    degrees = float(rng.choice([-45, -22, 0, 22, 45]))
    power = float(rng.choice([0.5, 0.8, 1.0, 1.2, 1.5]))
    return gamma(move(fitted, _more(how, scale, degrees)), power)


def trisenet(
    portrait: Portrait, rng: np.random.Generator, *, size: tuple[int, int] = (512, 512)
) -> Portrait:
    """Flip half of them, scale by .9 to 1.1, turn by up to 10 degrees.

    The multi-domain TriSeNet paper's: inputs of 512x512.
    """
    fitted, how = _fitting(portrait, size)
    scale, degrees = float(rng.uniform(0.9, 1.1)), float(rng.uniform(-10, 10))
    mirrored = bool(rng.random() < 0.5)
    return move(fitted, _more(how, scale, degrees)._replace(mirrored=mirrored))


def _more(how: Move, scale: float, degrees: float) -> Move:
    return how._replace(
        scale=(how.scale[0] * scale, how.scale[1] * scale), degrees=degrees
    )


def plain(
    portrait: Portrait, rng: np.random.Generator, *, size: tuple[int, int]
) -> Portrait:
    """No augmentation; `rng` is not asked."""
    del rng
    return stretch(portrait, size)


PRESETS: dict[str, Preset] = {
    "none": plain, "bsn": bsn, "instance": instance, "trisenet": trisenet
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, required=True, help="a PNG")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    (portrait,) = astronauts(1)
    rows = [
        np.hstack([show(preset(portrait, rng, size=(300, 300))) for _ in range(5)])
        for name, preset in PRESETS.items() if name != "none"
    ]  # fmt: skip
    write_image(args.output, np.vstack(rows))
    print(f"{args.output}: a row each of bsn, instance, trisenet")


def show(portrait: Portrait) -> np.ndarray:
    """Draw contour and face box on the image."""
    image = portrait.image.copy()
    image[cv2.dilate(contour(portrait.mask).view(np.uint8), np.ones((2, 2))) > 0] = (
        0, 255, 90,
    )  # fmt: skip
    if portrait.face is not None:
        x1, y1, x2, y2 = np.rint(portrait.face).astype(int).tolist()
        cv2.rectangle(image, (x1, y1), (x2 - 1, y2 - 1), (255, 210, 0), 2)
    return image


if __name__ == "__main__":
    main()
