"""Draw figure 2 of the boundary-sensitive network's paper on a portrait.

    python examples/boundary_kernels_figure.py -o docs/images/kernels.png

The portrait is scikit-image's (NASA, public domain), its outline drawn by hand. The
mean mask is `examples/data/mean_mask_64x48.npz`, made by `fit_mean_mask.py`.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from portraits import CROP, OUTLINE
from skimage import data

from portraitkit.io import write_image
from portraitkit.kernels import (
    MeanMask,
    contour,
    global_kernel,
    individual_kernel,
    label_map,
    shape_channel,
)

SHAPE = 800, 600
ENLARGED = 800 / CROP[0]
LEFT = 66 * ENLARGED  # of the photograph that is cut to 3:4
WINDOW = slice(305, 425), slice(398, 488)  # what is shown pixel by pixel: the neck
ROW, REACH = 345, 9  # the profile's row, and how far it goes from the contour

PANEL = 400, 300
GAP, TITLE, NOTE, KEY = 20, 34, 30, 36
PAPER, INK, GRAY = (255, 255, 255), (30, 30, 32), (110, 110, 116)
COLORS = np.array([(244, 165, 96), (196, 22, 84), (38, 70, 112)], float)
"""Foreground, boundary, background."""
NAMES = "foreground", "boundary", "background"
FLAMES = np.array([(20, 18, 48), (88, 30, 110), (205, 64, 80), (250, 170, 70),
                   (252, 250, 200)], float)  # fmt: skip
GRAYS = np.array([(0, 0, 0), (255, 255, 255)], float)
NORMALIZATIONS = ("sum", "max", "proximity")
LINES = {"sum": (120, 120, 126), "max": (214, 120, 20), "proximity": (196, 22, 84)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = Path(__file__).parent
    parser.add_argument("-o", "--output", type=Path, required=True, help="a PNG")
    parser.add_argument("--mean-mask", type=Path, metavar="NPZ",
                        default=here / "data/mean_mask_64x48.npz")  # fmt: skip
    args = parser.parse_args()
    write_image(args.output, figure(MeanMask.load(args.mean_mask)))


def figure(prior: MeanMask) -> np.ndarray:
    image, mask = portrait()
    run = run_of(mask)
    kernels = {n: individual_kernel(mask, normalize=n) for n in NORMALIZATIONS}
    mean = shape_channel(prior.mean, SHAPE)
    weight = (global_kernel(mean) - 0.9) / 0.1
    most = kernels["sum"][..., 1].max()
    panels = [
        ("a  contour", "none where the frame cuts her off", draw_contour(image, mask)),
        ("b  three classes", "the boundary is 10 pixels wide; box: e to g", classes(mask)),
        ("c  mean mask", f"of {prior.count} portraits; white: always a person",
         heat(mean, GRAYS)),
        ("d  global kernel", "0.9 (dark) to 1: where a boundary is likely",
         heat(weight, FLAMES)),
        ('e  individual kernel, "sum"', f"as printed: boundary at most {most:.5f}",
         mix(kernels["sum"], run)),
        ('f  individual kernel, "max"', "boundary 1 at the band's rim",
         mix(kernels["max"], run)),
        ('g  individual kernel, "proximity"', "boundary 1 on the contour",
         mix(kernels["proximity"], run)),
        ("h  boundary value", "along the white line of e, f and g",
         profile({n: k[ROW, run, 1] for n, k in kernels.items()})),
    ]  # fmt: skip
    return lay_out(panels, columns=4)


def portrait() -> tuple[np.ndarray, np.ndarray]:
    """Return the photograph, enlarged to 800x600, and its mask."""
    matrix = np.array([[ENLARGED, 0, -LEFT], [0, ENLARGED, 0]])
    photo = cv2.warpAffine(data.astronaut(), matrix, SHAPE[::-1], flags=cv2.INTER_CUBIC)
    outline = np.rint((np.array(OUTLINE) * ENLARGED - (LEFT, 0)) * 16).astype(np.int32)
    mask = np.zeros(SHAPE, np.uint8)
    cv2.fillPoly(mask, [outline], 255, shift=4)
    return photo, cv2.GaussianBlur(mask, (0, 0), 3) >= 128


def draw_contour(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    gray = image.mean(axis=2, keepdims=True)
    out = np.where(mask[..., None], 0.75 * image + 60, 0.45 * gray + 130)
    out[cv2.dilate(contour(mask).view(np.uint8), np.ones((3, 3))) > 0] = COLORS[1]
    return out


def classes(mask: np.ndarray) -> np.ndarray:
    out = COLORS[label_map(mask)]
    rows, columns = WINDOW
    box = (columns.start, rows.start), (columns.stop, rows.stop)
    return cv2.rectangle(out, *box, (255, 255, 255), 3)


def run_of(mask: np.ndarray) -> slice:
    """Find the columns of ROW that the profile runs over, about its contour pixel."""
    (found,) = np.nonzero(contour(mask)[ROW, WINDOW[1]])
    middle = WINDOW[1].start + int(found[0])
    return slice(middle - REACH, middle + REACH + 1)


def mix(kernel: np.ndarray, run: slice) -> np.ndarray:
    """Mix the colors of the three classes by their soft labels, pixel by pixel."""
    out = cv2.resize(kernel[WINDOW] @ COLORS, (2 * PANEL[1], 2 * PANEL[0]),
                     interpolation=cv2.INTER_NEAREST)  # fmt: skip
    zoom = out.shape[0] / (WINDOW[0].stop - WINDOW[0].start)
    y = round((ROW + 0.5 - WINDOW[0].start) * zoom)
    x1, x2 = (round((x - WINDOW[1].start) * zoom) for x in (run.start, run.stop))
    return cv2.line(out, (x1, y), (x2, y), (255, 255, 255), 3)


def heat(values: np.ndarray, ramp: np.ndarray) -> np.ndarray:
    """Show 0..1 as a color of the ramp."""
    at = np.linspace(0, 1, len(ramp))
    return np.stack([np.interp(values, at, c) for c in ramp.T], axis=-1)


def profile(lines: dict[str, np.ndarray]) -> np.ndarray:
    """Plot values of neighboring pixels, 0..1."""
    height, width = PANEL[0] * 2, PANEL[1] * 2
    page = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(page)
    left, right, top, bottom = 62, width - 24, 120, height - 90

    def at(x: float, y: float) -> tuple[float, float]:
        across = (x + REACH) / (2 * REACH)
        return left + across * (right - left), bottom - y * (bottom - top)

    for y in (0, 0.5, 1):
        draw.line([at(-REACH, y), at(REACH, y)], (222, 222, 226), 2)
        draw.text((left - 12, at(0, y)[1]), f"{y:g}", GRAY, font(24), anchor="rm")
    for x in range(-8, 9, 4):
        draw.text(
            (at(x, 0)[0], bottom + 14),
            f"{x:g}",
            GRAY,
            font(24),
            anchor="mt",
        )
    middle = (left + right) / 2, bottom + 50
    draw.text(middle, "pixels from the contour", GRAY, font(24), anchor="mt")
    for number, (name, values) in enumerate(lines.items()):
        points = [at(x - REACH, float(y)) for x, y in enumerate(values)]
        draw.line(points, LINES[name], 5, joint="curve")
        for x, y in points:
            draw.ellipse((x - 6, y - 6, x + 6, y + 6), LINES[name])
        x = left + 20 + number * 170
        draw.line([(x, 60), (x + 34, 60)], LINES[name], 6)
        draw.text((x + 44, 60), name, INK, font(26), anchor="lm")
    return np.asarray(page, float)


def lay_out(panels: list[tuple[str, str, np.ndarray]], *, columns: int) -> np.ndarray:
    """Titled pictures in rows, with a key to the three classes below."""
    height, width = PANEL
    step_x, step_y = width + GAP, TITLE + height + NOTE + GAP
    rows = -(-len(panels) // columns)
    shape = columns * step_x + GAP, rows * step_y + GAP + KEY
    page = Image.new("RGB", shape, PAPER)
    draw = ImageDraw.Draw(page)
    for number, (title, note, picture) in enumerate(panels):
        x = GAP + number % columns * step_x
        y = GAP + number // columns * step_y
        draw.text((x, y + TITLE / 2 - 3), title, INK, font(19), anchor="lm")
        small = Image.fromarray(np.rint(picture.clip(0, 255)).astype(np.uint8))
        page.paste(small.resize((width, height), Image.Resampling.BOX), (x, y + TITLE))
        at = x, y + TITLE + height + NOTE / 2 + 2
        draw.text(at, note, GRAY, font(14), anchor="lm")
    x = GAP
    for name, color in zip(NAMES, COLORS.astype(int).tolist(), strict=True):
        y = rows * step_y + GAP + KEY / 2 - 10
        draw.rectangle((x, y - 9, x + 18, y + 9), tuple(color))
        draw.text((x + 28, y), name, INK, font(16), anchor="lm")
        x += 150
    return np.asarray(page)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


if __name__ == "__main__":
    main()
