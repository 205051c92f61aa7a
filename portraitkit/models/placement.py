"""Where an image lies inside a network's input, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from .._core.resize import resize
from .._core.typing import Array, ArrayLike, Boxes, Floats, Floats32, ImageU8
from ..kernels.channels import position_channels, shape_channel
from .card_input import ImageInput

Shape = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Placement:
    """An image of `shape`, resized to `content`, `offset` into a `canvas`."""

    shape: Shape
    content: Shape
    canvas: Shape
    offset: Shape

    def window(self) -> tuple[slice, slice]:
        """Return where the image is in the canvas."""
        (top, left), (height, width) = self.offset, self.content
        return slice(top, top + height), slice(left, left + width)

    def map_back(self, values: Floats32) -> Floats32:
        """Carry a map of the whole canvas, of any size, back onto the image."""
        if self.content != self.canvas:
            if values.shape[:2] != self.canvas:
                values = resize(values, self.canvas)
            values = values[self.window()]
        return resize(values, self.shape)

    def boxes_back(self, boxes: Floats) -> Boxes:
        """Carry xyxy boxes in canvas pixels back onto the image, and clip them."""
        moved = self.points_back(boxes.reshape(-1, 2)).reshape(-1, 4)
        clipped: Boxes = np.clip(moved, 0, np.array(self.shape[::-1] * 2))
        return clipped

    def points_back(self, points: Floats) -> Floats:
        """Carry x and y (..., 2) in canvas pixels back onto the image."""
        scale = np.array(self.shape[::-1]) / np.array(self.content[::-1])
        moved: Floats = (points - np.array(self.offset[::-1])) * scale
        return moved

    def onto_content(self, box: ArrayLike) -> Floats:
        """Carry one xyxy box of the image to pixels of `content`."""
        scale = np.array(self.content[::-1]) / np.array(self.shape[::-1])
        moved: Floats = np.asarray(box, float) * np.tile(scale, 2)
        return moved


def place(shape: Shape, spec: ImageInput) -> Placement:
    """Decide where an image of `shape` goes."""
    if spec.size is not None:
        canvas = spec.size
        content = canvas if spec.resize == "stretch" else _fit(shape, canvas, spec)
    else:
        content = _fit(shape, (spec.longest or 0,) * 2, spec)
        canvas = _multiples(content, spec)
        content = canvas if spec.resize == "stretch" else content
    spare = canvas[0] - content[0], canvas[1] - content[1]
    centered = spec.anchor == "center"
    offset = (spare[0] // 2, spare[1] // 2) if centered else (0, 0)
    return Placement(shape, content, canvas, offset)


def _fit(shape: Shape, room: Shape, spec: ImageInput) -> Shape:
    factor = min(room[0] / shape[0], room[1] / shape[1])
    if spec.shortest is not None:
        factor = min(factor, spec.shortest / min(shape))
    if spec.resize == "pad":
        factor = min(factor, 1.0)
    height, width = (max(1, math.floor(side * factor + 0.5)) for side in shape)
    return height, width


def _multiples(content: Shape, spec: ImageInput) -> Shape:
    k = spec.multiple
    if spec.resize == "stretch":
        height, width = (max(k, math.floor(side / k + 0.5) * k) for side in content)
    else:
        height, width = (math.ceil(side / k) * k for side in content)
    return height, width


def prepare(
    image: ImageU8,
    spec: ImageInput,
    *,
    mean_mask: Floats32 | None = None,
    face: ArrayLike | None = None,
) -> tuple[Array, Placement]:
    """Turn an image into a network's input, and say where it lies in there.

    `mean_mask` for input.extras "shape"; `face` (4,) xyxy in the image's pixels.
    """
    where = place((image.shape[0], image.shape[1]), spec)
    pixels = resize(image, where.content, how=spec.interpolation)
    if where.content != where.canvas:
        canvas = np.full((*where.canvas, 3), spec.pad_value, np.uint8)
        canvas[where.window()] = pixels
        pixels = canvas
    tensor, planes = _empty(spec, where.canvas)
    _fill_colors(planes, pixels, spec)
    if spec.extras:
        box = None if face is None else where.onto_content(face)
        _fill_extras(planes[3:], where, spec, mean_mask, box)
    return tensor, where


def _empty(spec: ImageInput, canvas: Shape) -> tuple[Array, Array]:
    """Return an input of one image, and a view of it as planes (C, h, w)."""
    if spec.layout == "NCHW":
        tensor = np.empty((1, spec.depth, *canvas), spec.dtype)
        return tensor, tensor[0]
    tensor = np.empty((1, *canvas, spec.depth), spec.dtype)
    return tensor, np.moveaxis(tensor[0], -1, 0)


def _fill_colors(planes: Array, pixels: ImageU8, spec: ImageInput) -> None:
    table = spec.table()
    table = (np.rint(table) if spec.dtype == "uint8" else table).astype(np.float32)
    colors = cv2.split(pixels)
    order = (0, 1, 2) if spec.channels == "RGB" else (2, 1, 0)
    for channel, color in enumerate(order):
        planes[channel] = cv2.LUT(colors[color], table[channel])


def _fill_extras(
    planes: Array,
    where: Placement,
    spec: ImageInput,
    mean_mask: Floats32 | None,
    face: Floats | None,
) -> None:
    planes[:] = 0
    inside = where.window()
    if "shape" in spec.extras and mean_mask is not None:
        reference = None if face is None else spec.reference_face
        usual = shape_channel(
            mean_mask, where.content, face=face, reference_face=reference
        )
        planes[spec.extras.index("shape")][inside] = usual
    if "x" in spec.extras or "y" in spec.extras:
        position = position_channels(where.content, face=face)
        for name, values in zip("xy", np.moveaxis(position, -1, 0), strict=True):
            if name in spec.extras:
                planes[spec.extras.index(name)][inside] = values
