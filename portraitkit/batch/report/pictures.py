"""Pairs and atlases as small pictures."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from ..._core.typing import Array, Bools, Bytes, Floats, ImageU8, Labels
from ...io import encode_jpeg, encode_png, read_image
from ..evaluate.atlas import Atlas
from ..evaluate.dataset import Persons
from ..evaluate.job import EvaluateJob
from ..evaluate.pairing import Pair
from ..sheet import COLORS

SIDE = 480
"""Longest side of a picture, in pixels."""
ZOOM = 3
MISSED, EXTRA = np.array((242, 120, 30)), np.array((30, 120, 230))


def draw_pair(pair: Pair, job: EvaluateJob) -> tuple[bytes, tuple[int, int]]:
    """Return a JPEG of a pair's errors, and its height and width.

    Masks and mattes: what is missed and what is too much, on the photograph or on
    the truth. Persons: the truth left, the prediction right, in colors that match.
    """
    truth, ours = _load(pair, job)
    small = _size(truth.shape)
    photo = _photo(pair, small)
    if job.kind in ("labels", "coco"):
        sides = [_thin(labels, small) for labels in (truth, _recolor(ours, truth))]
        page = _side_by_side(*(_paint_labels(side, photo) for side in sides))
    else:
        page = _paint_errors(truth, ours, photo, soft=job.kind == "alpha")
    return encode_jpeg(page, quality=82), page.shape[:2]


def _side_by_side(left: Bytes, right: Bytes) -> Bytes:
    """Join two pictures; wide ones one above the other."""
    height, width = left.shape[:2]
    axis = 1 if height > 1.2 * width else 0
    gap = np.full((height, 6, 3) if axis else (6, width, 3), 128, np.uint8)
    return np.concatenate([left, gap, right], axis=axis)


def draw_atlas(
    atlas: Atlas, plane: Floats, *, missed: bool
) -> tuple[bytes, tuple[int, int]]:
    """Return a transparent PNG, and its height and width.

    Errors in color, the mean person's outline gray; cut to what enough pictures show.
    """
    top = max(float(plane.max()), 1e-6)
    strength = np.kron(np.sqrt(plane / top), np.ones((ZOOM, ZOOM)))
    strength = cv2.GaussianBlur(strength, (0, 0), 1.2).clip(0, 1)
    page = np.zeros((*strength.shape, 4), np.uint8)
    page[..., :3] = MISSED if missed else EXTRA
    page[..., 3] = np.rint(255 * strength)
    page[_outline(atlas)] = (128, 128, 128, 255)
    ys, xs = (np.flatnonzero(atlas.shown.any(axis)) * ZOOM for axis in (1, 0))
    cut = page[ys[0] : ys[-1] + ZOOM, xs[0] : xs[-1] + ZOOM]
    return encode_png(cut, kind="cutout"), cut.shape[:2]


def _outline(atlas: Atlas) -> Bools:
    """Where most pictures begin to have a person; not where pictures end."""
    square = np.ones((3, 3), np.uint8)
    inside = (_enlarge(atlas.person) >= 0.5).astype(np.uint8)
    shown = (_enlarge(atlas.shown.astype(float)) > 0.9).astype(np.uint8)
    edge = inside != cv2.erode(inside, square, borderValue=(1,))
    within = cv2.erode(shown, np.ones((9, 9), np.uint8), borderValue=(1,)) > 0
    return np.asarray(edge & within)


def _enlarge(plane: Floats) -> Floats:
    size = plane.shape[1] * ZOOM, plane.shape[0] * ZOOM
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR), float)


def _load(pair: Pair, job: EvaluateJob) -> tuple[Array, Array]:
    """Read a pair again; persons become label images."""
    if isinstance(pair.truth, Persons) and isinstance(pair.prediction, Persons):
        truth = pair.truth.masks()
        shape = pair.truth.shape or (truth[0].shape if truth else (1, 1))
        return _stack(truth, shape), _stack(pair.prediction.masks(shape), shape)
    return job.read(pair.truth), job.read(pair.prediction)


def _stack(masks: list[Array], shape: tuple[int, int]) -> Labels:
    labels = np.zeros(shape, np.int32)
    for number, mask in enumerate(masks, start=1):
        labels[mask] = number
    return labels


def _size(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the (height, width) that a picture is shown at."""
    scale = min(1.0, SIDE / max(shape))
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def _thin(labels: Labels, size: tuple[int, int]) -> Labels:
    kept = cv2.resize(labels, size[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(kept, np.int32)


def _shrink(plane: Array) -> Floats:
    size = _size(plane.shape)[::-1]
    small = cv2.resize(plane.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, float)


def _photo(pair: Pair, shape: tuple[int, int]) -> ImageU8 | None:
    if pair.photo is None:
        return None
    size = shape[1], shape[0]
    image = cv2.resize(read_image(pair.photo), size, interpolation=cv2.INTER_AREA)
    return np.asarray(image)


def _paint_errors(
    truth: Array, ours: Array, photo: ImageU8 | None, *, soft: bool
) -> Bytes:
    """Tint what is wrong; small errors of a matte are made plain to see."""
    gap = np.asarray(truth, np.float32) - np.asarray(ours, np.float32)
    small = _shrink(truth)
    base: Any = 70.0 + 120.0 * small[..., None].repeat(3, axis=2)
    if photo is not None:
        gray = photo.mean(axis=2, keepdims=True).repeat(3, axis=2)
        base = 0.5 * gray if soft else 0.35 * photo + 0.5 * gray
    for color, part in ((MISSED, gap), (EXTRA, -gap)):
        amount = _shrink(part.clip(0, 1))
        amount = np.sqrt(amount) if soft else amount
        base = base + 0.9 * amount[..., None] * (color - base)
    page: Bytes = np.asarray(np.rint(base).clip(0, 255), np.uint8)
    if soft:
        return page
    edges, _ = cv2.findContours(
        (small >= 0.5).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE
    )
    cv2.drawContours(page, edges, -1, (255, 255, 255), 1, cv2.LINE_AA)
    return page


def _paint_labels(labels: Labels, photo: ImageU8 | None) -> Bytes:
    base: Any = np.full((*labels.shape, 3), 70.0) if photo is None else 0.6 * photo
    tint = COLORS[1:][(labels - 1) % (len(COLORS) - 1)]
    share = 0.85 if photo is None else 0.6
    mixed = base + share * (labels > 0)[..., None] * (tint - base)
    return np.asarray(np.rint(mixed).clip(0, 255), np.uint8)


def _recolor(ours: Labels, truth: Labels) -> Labels:
    """Give each predicted person the number of the true one it overlaps most."""
    painted = np.zeros_like(ours)
    spare = int(truth.max())
    for label in np.unique(ours[ours > 0]):
        under = truth[(ours == label) & (truth > 0)]
        if under.size:
            painted[ours == label] = np.bincount(under).argmax()
        else:
            spare += 1
            painted[ours == label] = spare
    return painted
