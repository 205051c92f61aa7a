"""A contact sheet: what came of one photograph, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from .._core.typing import Array, Boxes, Bytes, ImageU8, Labels, Mask

PANEL = 600  # width in pixels
GAP = 16
TITLE = 30
PAPER = (250, 250, 248)
INK = (34, 34, 34)
COLORS = np.array(
    [
        (0, 0, 0),
        (230, 97, 1),
        (33, 113, 181),
        (35, 139, 69),
        (193, 58, 141),
        (140, 107, 177),
        (214, 174, 0),
        (0, 150, 160),
        (150, 90, 50),
    ],
    np.uint8,
)
"""Background, then the persons in turn."""


def contact_sheet(panels: Sequence[tuple[str, ImageU8]], *, columns: int = 2) -> Bytes:
    """Lay titled pictures of one size out on a page.

    Parameters
    ----------
    panels : sequence of (str, (H, W, 3) uint8)
        Title and picture; all pictures have the first one's proportions.
    columns : int, default 2
        Pictures a row.

    Returns
    -------
    (H, W, 3) uint8
    """
    wide, tall = panel_size(panels[0][1].shape)
    rows = -(-len(panels) // columns)
    step_x, step_y = PANEL + GAP, tall + TITLE + GAP
    page = Image.new("RGB", (columns * step_x + GAP, rows * step_y + GAP), PAPER)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=17)
    for number, (title, picture) in enumerate(panels):
        x = GAP + number % columns * step_x
        y = GAP + number // columns * step_y
        draw.text((x, y + 2), title, fill=INK, font=font)
        small = Image.fromarray(picture).resize((wide, tall), Image.Resampling.BOX)
        page.paste(small, (x, y + TITLE))
    return np.asarray(page)


def panel_size(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the (width, height) at which a picture of `shape` is shown.

    As wide as a panel, but at most twice as high.
    """
    height, width = shape[:2]
    scale = min(PANEL / width, 2 * PANEL / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def paint_boxes(image: ImageU8, boxes: Boxes) -> Bytes:
    """Draw each person's box in the person's color."""
    page = Image.fromarray(image)
    draw = ImageDraw.Draw(page)
    line = max(2, image.shape[1] // 250)
    for number, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        draw.rectangle((x1, y1, x2 - 1, y2 - 1), None, color_of(number + 1), line)
    return np.asarray(page)


def grayed(image: ImageU8) -> Bytes:
    """Take the colors out of a picture, for others to be told apart on it."""
    gray = image.mean(axis=2, keepdims=True)
    return np.asarray(gray.repeat(3, axis=2), np.uint8)


def paint_labels(image: ImageU8, labels: Labels) -> Bytes:
    """Tint each person's pixels in the person's color, gray out the rest."""
    gray = image.mean(axis=2, keepdims=True).repeat(3, axis=2)
    tint = COLORS[np.where(labels > 0, 1 + (labels - 1) % (len(COLORS) - 1), 0)]
    painted = np.where(labels[..., None] > 0, 0.45 * image + 0.55 * tint, 0.5 * gray)
    return np.asarray(painted, np.uint8)


def paint_cutout(image: ImageU8, mask: Mask) -> Bytes:
    """Show the persons on a checkerboard."""
    rows, columns = (np.arange(side) // 16 for side in mask.shape)
    board = 200 + 40 * ((rows[:, None] + columns[None]) % 2)
    return np.asarray(np.where(mask[..., None], image, board[..., None]), np.uint8)


def paint_trimaps(trimaps: Array) -> Bytes:
    """Show all persons' trimaps in one: unknown where any is, in its color."""
    shown = trimaps.max(axis=0)[..., None].repeat(3, axis=2)
    for number, trimap in enumerate(trimaps, start=1):
        shown[trimap == 128] = color_of(number)
    return np.asarray(shown, np.uint8)


def paint_unit(values: Array) -> Bytes:
    """Show values in 0..1 as gray."""
    gray = np.rint(np.clip(values, 0, 1) * 255)[..., None]
    return np.asarray(gray.repeat(3, axis=2), np.uint8)


def color_of(number: int) -> tuple[int, int, int]:
    """Return the color of person `number`, counted from 1."""
    red, green, blue = COLORS[1 + (number - 1) % (len(COLORS) - 1)].tolist()
    return red, green, blue
