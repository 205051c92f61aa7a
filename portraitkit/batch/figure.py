"""The explanation of a split as one picture, with captions."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .._core.typing import Array, Boxes, Bytes, Floats, ImageU8, Labels
from ..instance.explain import Evidence, explain_split
from ..pipeline import PortraitPipeline, PortraitResult
from .sheet import color_of, contact_sheet, grayed, paint_labels, panel_size

Panel = tuple[str, ImageU8]

RAMP = np.array([(252, 250, 200), (250, 170, 70), (205, 64, 80), (88, 30, 110)], float)
"""Distances from none to the largest that occurs."""
UNDECIDED = np.array((250, 250, 250))
LOST = np.array((20, 18, 48))
"""Out of reach of a person's seeds."""


def draw_split(
    image: ImageU8, result: PortraitResult, pipeline: PortraitPipeline
) -> Bytes:
    """Lay out what `pipeline` had to go by on `image`, and what came of it.

    Returns
    -------
    (H, W, 3) uint8
        Panels: boxes; seeds, superpixels and each person's geodesic distance, where
        there are boxes and a mask; confidence; result.
    """
    size = panel_size(image.shape)
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    scale = size[0] / image.shape[1]
    boxes = result.persons.boxes
    labels = _thin(result.split.labels, size)
    panels = [
        (_title(result), _boxes(small, boxes * scale, result.faces.boxes * scale))
    ]
    evidence = explain_split(
        image,
        result.mask,
        boxes,
        n_segments=pipeline.n_segments,
        max_megapixels=pipeline.max_megapixels,
    )
    if evidence is not None:
        panels += _evidence(small, boxes * scale, evidence)
    sure = _thin(np.where(result.mask, result.split.confidence, np.nan), size)
    panels += [
        (
            "confidence: 1 (light) to 0 (dark): two are as likely",
            _heat(small, 1 - sure),
        ),
        (
            f'result of "{pipeline.method}"',
            _numbered(paint_labels(grayed(small), labels), labels),
        ),
    ]
    return contact_sheet(panels, columns=3)


def _title(result: PortraitResult) -> str:
    n, faces = len(result.persons), len(result.faces)
    return f"{n} {'box' if n == 1 else 'boxes'}, faces in white: {faces}"


def _evidence(small: ImageU8, boxes: Boxes, evidence: Evidence) -> list[Panel]:
    size = small.shape[1], small.shape[0]
    pieces = evidence.pieces
    seeds = _thin(evidence.spread(pieces.seed, outside=0), size)
    numbers = np.arange(pieces.graph.n_regions)
    superpixels = _thin(evidence.spread(numbers, outside=-1), size)
    undecided = pieces.size[pieces.seed < 0].sum() / pieces.size.sum()
    top = float(evidence.distances[np.isfinite(evidence.distances)].max(initial=0))
    panels = [
        (f"seeds; white: undecided, {undecided:.1%} of the mask", _seeds(small, seeds)),
        (f"{len(numbers)} superpixels, cut at seeds", _borders(small, superpixels)),
    ]
    for number, distances in enumerate(evidence.distances, start=1):
        at = _thin(evidence.spread(distances, outside=np.nan), size)
        title = f"geodesic distance to {number}: 0 (light) to {top:.2g}; black: no path"
        heat = _heat(small, at / (top or 1.0))
        panels.append((title, _frame(heat, boxes[number - 1], number)))
    return panels


def _thin(values: Array, size: tuple[int, int]) -> Array:
    """Take the value at the middle of each pixel of `size`."""
    rows, columns = (
        ((np.arange(few) + 0.5) * many / few).astype(int)
        for few, many in zip(size[::-1], values.shape, strict=True)
    )
    thin: Array = values[rows][:, columns]
    return thin


def _boxes(small: ImageU8, boxes: Boxes, faces: Boxes) -> Bytes:
    page = small
    for x1, y1, x2, y2 in faces.tolist():
        page = _draw(page, (x1, y1, x2, y2), (255, 255, 255), "")
    for number, box in enumerate(boxes, start=1):
        page = _frame(page, box, number)
    return page


def _frame(page: ImageU8, box: Array, number: int) -> Bytes:
    x1, y1, x2, y2 = box.tolist()
    return _draw(page, (x1, y1, x2, y2), color_of(number), str(number))


def _draw(
    page: ImageU8,
    box: tuple[float, float, float, float],
    color: tuple[int, int, int],
    text: str,
) -> Bytes:
    canvas = Image.fromarray(page)
    draw = ImageDraw.Draw(canvas)
    x1, y1, x2, y2 = box
    draw.rectangle((x1, y1, max(x2 - 1, x1), max(y2 - 1, y1)), None, color, 3)
    if text:
        corner = (
            min(max(x1, 0), page.shape[1] - 14),
            min(max(y1, 0), page.shape[0] - 20),
        )
        _tag(draw, corner, color, text)
    return np.asarray(canvas)


def _tag(
    draw: ImageDraw.ImageDraw,
    corner: tuple[float, float],
    color: tuple[int, int, int],
    text: str,
) -> None:
    """Write a number on a patch of its person's color."""
    x, y = corner
    font = ImageFont.load_default(size=16)
    draw.rectangle((x, y, x + 6 + 10 * len(text), y + 19), color)
    draw.text((x + 4, y), text, (255, 255, 255), font)


def _seeds(small: ImageU8, seeds: Labels) -> Bytes:
    painted = paint_labels(grayed(small), np.maximum(seeds, 0)).astype(float)
    white = (seeds < 0)[..., None]
    return np.asarray(np.where(white, 0.3 * small + 0.7 * UNDECIDED, painted), np.uint8)


def _borders(small: ImageU8, superpixels: Labels) -> Bytes:
    padded = np.pad(superpixels, ((0, 1), (0, 1)), mode="edge")
    here = padded[:-1, :-1]
    border = (padded[1:, :-1] != here) | (padded[:-1, 1:] != here)
    page = np.where((superpixels >= 0)[..., None], small, 0.5 * small)
    page[border] = (255, 235, 60)
    return np.asarray(page, np.uint8)


def _heat(small: ImageU8, share: Floats) -> Bytes:
    """Show 0..1 as a color, inf as `LOST`, NaN as the photograph in gray."""
    at = np.linspace(0, 1, len(RAMP))
    page = 0.5 * small.mean(axis=2, keepdims=True).repeat(3, axis=2)
    inside = np.isfinite(share)
    page[inside] = np.stack([np.interp(share[inside], at, c) for c in RAMP.T], axis=-1)
    page[np.isinf(share)] = LOST
    return np.asarray(page, np.uint8)


def _numbered(page: ImageU8, labels: Labels) -> Bytes:
    """Write each person's number on its pixel that is farthest from others."""
    canvas = Image.fromarray(page)
    draw = ImageDraw.Draw(canvas)
    for number in np.unique(labels[labels > 0]).tolist():
        own = np.pad(labels == number, 1).astype(np.uint8)
        depth = cv2.distanceTransform(own, cv2.DIST_L2, 3)[1:-1, 1:-1]
        y, x = np.unravel_index(depth.argmax(), depth.shape)
        corner = max(int(x) - 8, 0), max(int(y) - 10, 0)
        _tag(draw, corner, color_of(number), str(number))
    return np.asarray(canvas)
