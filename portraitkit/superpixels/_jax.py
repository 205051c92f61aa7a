"""Pooling of jax arrays, by operations that jit and grad know."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

moveaxis = jnp.moveaxis


def floats(name: str, values: Any) -> Any:
    if jnp.issubdtype(values.dtype, jnp.complexfloating):
        msg = f"{name} must be an array of real numbers; got {values.dtype}"
        raise TypeError(msg)
    return values if jnp.issubdtype(values.dtype, jnp.floating) else values * 1.0


def integers(name: str, values: Any, like: Any) -> Any:  # noqa: ARG001
    # Not into jax yet: under jit that would hide known values from the checks.
    array = values if isinstance(values, jax.Array) else np.asarray(values)
    if not jnp.issubdtype(array.dtype, jnp.integer):
        msg = f"{name} must be an integer array; got {array.dtype}"
        raise TypeError(msg)
    return array


def extent(values: Any) -> tuple[int, int] | None:
    if isinstance(values, jax.core.Tracer):
        return None
    return (int(values.min()), int(values.max())) if values.size else (0, -1)


def pool(values: Any, labels: Any, n: int) -> Any:
    exact = values if values.dtype == jnp.float64 else values.astype(jnp.float32)
    sums = _add(exact, labels, n) / sizes(labels, n, exact)[:, None]
    return sums.astype(values.dtype)


def sizes(labels: Any, n: int, like: Any) -> Any:
    return jnp.maximum(_add(jnp.ones(labels.shape, like.dtype), labels, n), 1)


def paint(pooled: Any, labels: Any) -> Any:
    rows = jnp.concatenate((pooled, jnp.zeros_like(pooled, shape=(1, pooled.shape[1]))))
    return rows[_slots(labels, len(pooled))]


def majority(classes: Any, labels: Any, n: int) -> Any:
    order = jnp.lexsort((classes, labels))
    kinds, slots = classes[order], _slots(labels[order], n)
    new = (jnp.diff(kinds) != 0) | (jnp.diff(slots) != 0)
    run = jnp.concatenate((jnp.zeros(min(1, len(slots)), int), jnp.cumsum(new)))
    count = jnp.zeros(len(run), int).at[run].add(1)[run]
    most = jnp.zeros(n + 1, int).at[slots].max(count)
    worst = np.iinfo(kinds.dtype).max
    names = jnp.where(count == most[slots], kinds, worst)
    best = jnp.full(n + 1, worst, kinds.dtype).at[slots].min(names)
    return jnp.where(most > 0, best, 0)[:n]


def repeat(rows: Any, n: int) -> Any:
    return jnp.asarray(rows)[jnp.arange(n) % len(rows)]


def _slots(labels: Any, n: int) -> Any:
    """Send labels outside 0..n - 1 to slot n, which nobody reads."""
    return jnp.where((labels >= 0) & (labels < n), labels, n)


def _add(values: Any, labels: Any, n: int) -> Any:
    sums = jnp.zeros((n + 1, *values.shape[1:]), values.dtype)
    return sums.at[_slots(labels, n)].add(values)[:n]
