"""All pairs of features, block by block: distances, terms of the loss, pulls.

A pair and its mirror image are computed once. A block is some rows against all
columns from its own first row on: its left square holds pairs in both orders, the
rest stands for its mirror image, too.
"""

import math
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

from ._arrays import Array, constant, product, widest_dtype, working_dtype

MOST_BLOCKS = 16
LEAST_ROWS = 128
ROUNDING = 16
"""A squared distance below so many roundings of the largest norm is 0."""


class Points(NamedTuple):
    """Features about their mean, in units of the largest entry."""

    values: Array
    scale: Array
    """Zero-dimensional; 1 where all features are equal."""
    dtype: Any
    """What losses are computed in; `values` may be wider."""


class Block(NamedTuple):
    """Some rows against all columns from the first of them on."""

    near: Array
    """Distances in units of the scale."""
    far: Array
    """Distances in units of the features."""
    apart: Array
    """0 where the distance is 0, else 1."""
    same: Array
    """1 for two of one class, 0 for others."""
    decayed: Array
    """e^-d, halved for different classes in the printed form."""


def points(xp: ModuleType, features: Array) -> Points:
    """Return `features` moved and scaled so that no distance over- or underflows."""
    wide = xp.astype(features, widest_dtype(xp, features))
    centered = wide - xp.mean(constant(wide), axis=0, keepdims=True)
    fixed = constant(centered)
    largest = xp.maximum(xp.max(fixed), -xp.min(fixed))
    # NaN stays NaN, and through the scale comes into every distance.
    scale = xp.where(largest == 0, xp.ones_like(largest), largest)
    return Points(centered / scale, scale, working_dtype(xp, features))


def blocks(
    xp: ModuleType, points: Points, classes: Array, form: str
) -> Iterator[tuple[int, Block]]:
    """Yield the first row of each of at most `MOST_BLOCKS` blocks, and the block."""
    n = points.values.shape[0]
    rows = max(LEAST_ROWS, -(-n // MOST_BLOCKS))
    for start in range(0, n, rows):
        yield start, _block(xp, points, classes, start, min(start + rows, n), form)


def _block(
    xp: ModuleType, points: Points, classes: Array, start: int, stop: int, form: str
) -> Block:
    near, apart = _distances(xp, points, start, stop)
    pairs = xp.expand_dims(classes[start:stop], axis=1) == classes[start:]
    same = xp.astype(pairs, points.dtype)
    far = near * xp.astype(points.scale, points.dtype)
    power = xp.exp(-far)
    decayed = power * (0.5 + 0.5 * same) if form == "printed" else power
    return Block(near, far, apart, same, decayed)


def _distances(
    xp: ModuleType, points: Points, start: int, stop: int
) -> tuple[Array, Array]:
    """Return the distances of a block, and 0 where they are 0, else 1.

    There the root is taken of 1 and thrown away: its gradient would be infinite.
    """
    columns = points.values[start:, :]
    rows = columns[: stop - start, :]
    squares = xp.sum(columns * columns, axis=-1)
    gram = product(rows * -2.0, xp.matrix_transpose(columns))
    squared = gram + (xp.expand_dims(squares[: stop - start], axis=1) + squares)
    least = ROUNDING * xp.finfo(squared.dtype).eps * constant(xp.max(squares))
    apart = xp.astype(squared > least, points.dtype)
    root = xp.sqrt(xp.astype(squared, points.dtype) * apart + (1 - apart))
    return root * apart, apart


def loss(xp: ModuleType, block: Block) -> Array:
    """Return the sum over a block and its mirror image.

    One class: log((1 + e^d)/2) = log(1 + e^-d) + d - log 2. Others: log(1 + decayed).
    """
    terms = xp.log1p(block.decayed) + block.same * (block.far - math.log(2))
    square = terms[:, : terms.shape[0]]
    return 2 * xp.sum(terms) - xp.sum(square)


def add_gradient(
    xp: ModuleType, grad: Array, points: Points, block: Block, start: int
) -> Array:
    """Return `grad` plus the gradient of half of `loss` in `points`.

    A pair's slope is 1/(1 + e^-d) for one class, -decayed/(1 + decayed) for others.
    """
    slope = block.same - block.decayed / (1 + block.decayed)
    pull = slope * block.apart / (block.near + (1 - block.apart))
    stop = start + pull.shape[0]
    columns = xp.astype(points.values[start:, :], points.dtype)
    rows, rest = columns[: stop - start, :], columns[stop - start :, :]
    mirrored = xp.matrix_transpose(pull[:, stop - start :])
    return xp.concat(
        [
            grad[:start, :],
            grad[start:stop, :] + _drawn(xp, rows, pull, columns),
            grad[stop:, :] + _drawn(xp, rest, mirrored, rows),
        ]
    )


def _drawn(xp: ModuleType, rows: Array, pull: Array, columns: Array) -> Array:
    """Return ``sum_q pull_pq (rows_p - columns_q)`` for each p."""
    return xp.sum(pull, axis=1)[:, None] * rows - product(pull, columns)
