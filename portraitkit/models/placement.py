"""Where an image lies inside a network's input, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .._core.resize import resize
from .._core.typing import Array, Boxes, Floats, Floats32, ImageU8, Probability
from .card_input import ImageInput

Shape = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Placement:
    """An image of `shape`, resized to `content`, `offset` into a `canvas`."""

    shape: Shape
    content: Shape
    canvas: Shape
    offset: Shape

    def map_back(self, values: Floats32) -> Probability:
        """Carry a map of the whole canvas, of any size, back onto the image."""
        if self.content != self.canvas:
            if values.shape != self.canvas:
                values = resize(values, self.canvas)
            top, left = self.offset
            height, width = self.content
            values = values[top : top + height, left : left + width]
        return resize(values, self.shape)

    def boxes_back(self, boxes: Floats) -> Boxes:
        """Carry xyxy boxes in canvas pixels back onto the image, and clip them."""
        height, width = self.shape
        scale = width / self.content[1], height / self.content[0]
        moved = (boxes - np.array(self.offset[::-1] * 2)) * np.array(scale * 2)
        clipped: Boxes = np.clip(moved, 0, np.array([width, height] * 2))
        return clipped


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


def prepare(image: ImageU8, spec: ImageInput) -> tuple[Array, Placement]:
    """Turn an image into a network's input, and say where it lies in there."""
    where = place((image.shape[0], image.shape[1]), spec)
    pixels = resize(image, where.content, how=spec.interpolation)
    if where.content != where.canvas:
        canvas = np.full((*where.canvas, 3), spec.pad_value, np.uint8)
        top, left = where.offset
        height, width = where.content
        canvas[top : top + height, left : left + width] = pixels
        pixels = canvas
    return _tensor(pixels, spec), where


def _tensor(pixels: ImageU8, spec: ImageInput) -> Array:
    height, width = pixels.shape[:2]
    table = spec.table()
    table = (np.rint(table) if spec.dtype == "uint8" else table).astype(spec.dtype)
    planar = spec.layout == "NCHW"
    tensor = np.empty(
        (1, 3, height, width) if planar else (1, height, width, 3), spec.dtype
    )
    planes = tensor[0] if planar else np.moveaxis(tensor[0], -1, 0)
    order = (0, 1, 2) if spec.channels == "RGB" else (2, 1, 0)
    for channel, color in enumerate(order):
        planes[channel] = table[channel][pixels[..., color]]
    return tensor
