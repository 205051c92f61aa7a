"""Which array library an array belongs to, without importing any of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from typing import SupportsIndex

AnyArray: TypeAlias = Any
"""An array of NumPy, torch or jax: they share no static type."""

MOST_REGIONS = 2**24
"""Labels beyond this are names, not numbers: their means would be mostly empty."""


class Backend(Protocol):
    """What pooling asks of an array library. P pixels, K superpixels, C channels."""

    def floats(self, name: str, values: AnyArray) -> AnyArray:
        """Return `values` as float32, float64 or the library's own small floats."""

    def integers(self, name: str, values: AnyArray, like: AnyArray) -> AnyArray:
        """Return integers of the library, where `like` lives."""

    def extent(self, values: AnyArray) -> tuple[int, int] | None:
        """Return least and largest (0, -1 of nothing), or None while traced."""

    def moveaxis(self, values: AnyArray, source: int, target: int) -> AnyArray:
        """Move one axis."""

    def pool(self, values: AnyArray, labels: AnyArray, n: int) -> AnyArray:
        """Return the (n, C) means of (P, C) values."""

    def sizes(self, labels: AnyArray, n: int, like: AnyArray) -> AnyArray:
        """Return how many pixels each label has, at least 1, in floats."""

    def paint(self, pooled: AnyArray, labels: AnyArray) -> AnyArray:
        """Return the (P, C) rows that the labels name, 0 where there is none."""

    def majority(self, classes: AnyArray, labels: AnyArray, n: int) -> AnyArray:
        """Return the (n,) most frequent classes."""

    def repeat(self, rows: AnyArray, n: int) -> AnyArray:
        """Return n rows, beginning again after the last."""


def backend_of(array: object) -> Backend:
    """Return the pooling functions for the library of `array`, NumPy's by default."""
    backend: Any
    if _is(array, "torch", "Tensor"):
        from . import _torch as backend
    elif _is(array, "jax", "Array"):
        from . import _jax as backend
    else:
        from . import _numpy as backend
    checked: Backend = backend
    return checked


def _is(array: object, library: str, kind: str) -> bool:
    """Say whether `array` is of a library, which it can only be once imported."""
    module = sys.modules.get(library)
    return module is not None and isinstance(array, getattr(module, kind))


def check_regions(
    backend: Backend, labels: AnyArray, like: AnyArray, n_labels: SupportsIndex | None
) -> tuple[AnyArray, int]:
    """Return (H, W) labels of the library of `like`, and how many there may be.

    While torch or jax trace, values cannot be looked at; their labels outside
    0..n_labels - 1 take no part.
    """
    from .._core.checks import check_count

    regions = backend.integers("labels", labels, like)
    if regions.ndim != 2:
        msg = f"labels must be of shape (H, W); got shape {tuple(regions.shape)}"
        raise ValueError(msg)
    n = None if n_labels is None else check_count("n_labels", n_labels, low=0)
    extent = backend.extent(regions)
    if extent is None:
        if n is None:
            msg = "n_labels must be given while labels are traced; got None"
            raise ValueError(msg)
        return regions, n
    return regions, _within(*extent, n)


def _within(least: int, most: int, n_labels: int | None) -> int:
    if least < -1:
        msg = f"labels must be >= 0, or -1 for no superpixel; got {least}"
        raise ValueError(msg)
    if n_labels is None and most >= MOST_REGIONS:
        msg = f"labels must be < 2**24; got {most}. Number them 0..n-1 first."
        raise ValueError(msg)
    if n_labels is not None and most >= n_labels:
        msg = f"labels must be < n_labels = {n_labels}; got {most}"
        raise ValueError(msg)
    return most + 1 if n_labels is None else n_labels
