"""Masks summed exactly: whole counts, and fixed-point shares of resized masks."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .._core.checks import as_array, check_mask, describe
from .._core.resize import resize
from .._core.typing import Array, ArrayLike, Bytes, Floats32
from ._numba.means import add, add_eight, add_rows, take_back

Counts: TypeAlias = npt.NDArray[np.uint32]
Units: TypeAlias = npt.NDArray[np.uint64]

MASK = "a bool mask of shape (H, W)"
"""What every mask must be, in messages."""

MOST = 248
"""Masks in a stack that `MaskSum.add_together` takes: eights, before bytes overflow."""

UNIT = 20
"""A resized mask is counted in units of 2**-20: integers add in any order, and the
float32 noise of the resizing (a constant comes back 1e-7 off) is rounded away."""


class MaskSum:
    """Sum and number of masks; bytes first, emptied into 32 bits before they overflow.

    The sum of pixel p is ``total + pending + shares / 2**UNIT``.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape = shape
        self.count = 0
        self._total: Counts = np.zeros(shape, dtype=np.uint32)
        self._pending: Bytes = np.zeros(shape[0] * shape[1], dtype=np.uint8)
        self._n_pending = 0
        self._shares: Units | None = None

    def add(self, name: str, mask: ArrayLike) -> None:
        """Add one mask, of any size, wholly or (if it is refused) not at all."""
        array = as_array(name, mask, MASK)
        if not self.fits(array, array):
            array = check_mask(name, array)
        if array.shape != self.shape:
            self._add_resized(name, array)
            return
        pixels = as_bytes(array.reshape(-1))
        self._make_room(1)
        if add(pixels, self._pending):
            self._undo([pixels])
            check_mask(name, array)
        self._have_added(1)

    def add_together(self, masks: Array | list[Array]) -> bool:
        """Add a stack or eight masks at once, or none: False if each needs a look."""
        if isinstance(masks, np.ndarray):
            stack = masks.reshape(len(masks), -1)
            return self.fits(masks[0], masks) and self._add_rows(as_bytes(stack))
        if len(masks) != 8 or not all(self.fits(mask, mask) for mask in masks):
            return False
        return self._add_eight([as_bytes(mask.reshape(-1)) for mask in masks])

    def _add_rows(self, rows: Bytes) -> bool:
        self._make_room(len(rows))
        if add_rows(rows, self._pending):
            return self._undo(rows)
        return self._have_added(len(rows))

    def _add_eight(self, masks: list[Bytes]) -> bool:
        self._make_room(8)
        a, b, c, d, e, f, g, h = masks
        if add_eight(a, b, c, d, e, f, g, h, self._pending):
            return self._undo(masks)
        return self._have_added(8)

    def _have_added(self, n: int) -> bool:
        self._n_pending += n
        self.count += n
        return True

    def _undo(self, masks: Iterable[Bytes]) -> bool:
        for mask in masks:
            take_back(mask, self._pending)
        return False

    def fits(self, mask: Array, memory: Array) -> bool:
        """Tell whether the pixels of `mask` can be read where they are in `memory`."""
        return (
            mask.dtype.char in "?B"
            and mask.shape == self.shape
            and memory.flags.c_contiguous
        )

    def _make_room(self, n: int) -> None:
        if self._n_pending + n > 255:
            self._empty_pending()

    def _empty_pending(self) -> None:
        self._total += self._pending.reshape(self.shape)
        self._pending.fill(0)
        self._n_pending = 0

    def _add_resized(self, name: str, mask: Array) -> None:
        if mask.size == 0:
            msg = f"{name} must have at least one pixel; got {describe(mask)}"
            raise ValueError(msg)
        covered = resize(mask.astype(np.float32), self.shape, how="area")
        units = np.rint(np.clip(covered, 0, 1) * np.float32(2**UNIT))
        if self._shares is None:
            self._shares = np.zeros(self.shape, dtype=np.uint64)
        self._shares += units.astype(np.uint64)
        self.count += 1

    def units(self) -> Units:
        """Return the sum of every pixel in units of 2**-UNIT."""
        total = self._total.astype(np.uint64)
        total += self._pending.reshape(self.shape)
        total <<= np.uint64(UNIT)
        return total if self._shares is None else total + self._shares

    def add_units(self, units: Units, count: int) -> None:
        """Add the sum of `count` other masks."""
        self._total += (units >> np.uint64(UNIT)).astype(np.uint32)
        shares = units & np.uint64(2**UNIT - 1)
        if shares.any():
            self._shares = shares if self._shares is None else self._shares + shares
        self.count += count

    def mean(self) -> Floats32:
        """Divide once, in double precision, whatever the order of the masks was."""
        if self._shares is not None:
            exact = self.units() / (self.count * 2.0**UNIT)
            return exact.astype(np.float32)
        self._empty_pending()
        out = np.empty(self.shape, dtype=np.float32)
        np.divide(self._total, self.count, out=out, dtype="f8", casting="same_kind")
        return out


def as_bytes(mask: Array) -> Bytes:
    """View booleans as bytes; read-only, so that loops are compiled once."""
    pixels: Bytes = mask.view(np.uint8)
    pixels.flags.writeable = False
    return pixels
