"""Pooling of NumPy arrays: loops for the sums, NumPy for the rest."""

import numpy as np

from .._core.checks import describe
from .._core.typing import Array, ArrayLike, Ints
from ._numba.pooling import average_by_label

moveaxis = np.moveaxis


def floats(name: str, values: ArrayLike) -> Array:
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        msg = f"{name} must be an array of real numbers; got {describe(array)}"
        raise TypeError(msg)
    kept = array.dtype in (np.float32, np.float64) and array.dtype.isnative
    return array if kept else array.astype(np.float64)


def integers(name: str, values: ArrayLike, like: object) -> Array:  # noqa: ARG001
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        msg = f"{name} must be an integer array; got {describe(array)}"
        raise TypeError(msg)
    if array.dtype == np.uint64:  # which NumPy would mix with int64 to floats
        if array.max(initial=0) >= 2**63:
            msg = f"{name} must be < 2**63; got {array.max()}"
            raise ValueError(msg)
        array = array.astype(np.int64)
    return array


def extent(values: Array) -> tuple[int, int]:
    return (int(values.min()), int(values.max())) if values.size else (0, -1)


def pool(values: Array, labels: Array, n: int) -> Array:
    flat = np.ascontiguousarray(values)
    shape = n, flat.shape[1]
    part, out = np.zeros(shape, flat.dtype), np.empty(shape, flat.dtype)
    names = np.ascontiguousarray(labels, np.int32)
    average_by_label(flat, names, part, np.zeros(shape), np.zeros(n, np.int64), out)
    return out


def sizes(labels: Array, n: int, like: Array) -> Array:
    count = np.bincount(labels.astype(np.int64) + 1, minlength=n + 1)[1:]
    return np.maximum(count, 1).astype(like.dtype)


def paint(pooled: Array, labels: Array) -> Array:
    rows = np.concatenate((pooled, np.zeros((1, pooled.shape[1]), pooled.dtype)))
    return rows[labels]  # -1 is the last row


def majority(classes: Array, labels: Array, n: int) -> Ints:
    order = np.lexsort((classes, labels))
    order = order[labels[order] >= 0]
    pairs = np.stack((labels[order], classes[order])).astype(np.int64)
    new = np.ones(order.size, bool)
    new[1:] = (pairs[:, 1:] != pairs[:, :-1]).any(0)
    start = np.flatnonzero(new)
    owner, kind = pairs[:, start]
    count = np.diff(start, append=order.size)
    out = np.zeros(n, np.int64)
    # The last writer stays: the largest count, and of equals the smallest class.
    rank = np.lexsort((-kind, count))
    out[owner[rank]] = kind[rank]
    return out


def repeat(rows: Array, n: int) -> Array:
    return rows[np.arange(n) % len(rows)]
