"""Masks summed exactly: whole counts, and fixed-point shares of resized masks."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .._core.checks import check_mask, describe
from .._core.resize import resize
from .._core.typing import Array, ArrayLike, Bytes, Floats32
from ._numba.means import add, add_four, take_back

Counts: TypeAlias = npt.NDArray[np.uint32]
Units: TypeAlias = npt.NDArray[np.uint64]

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
        array = np.asarray(mask)
        if array.dtype != np.uint8 or not self.fits(array):
            array = check_mask(name, array)
        if array.shape != self.shape:
            self._add_resized(name, array)
            return
        pixels = as_bytes(array)
        self._make_room(1)
        if add(pixels, self._pending):
            take_back(pixels, self._pending)
            check_mask(name, array)
        self._n_pending += 1
        self.count += 1

    def add_four(self, masks: list[Bytes]) -> bool:
        """Add four flat masks at once, or none: False if they have to be checked."""
        self._make_room(4)
        if add_four(masks[0], masks[1], masks[2], masks[3], self._pending):
            for mask in masks:
                take_back(mask, self._pending)
            return False
        self._n_pending += 4
        self.count += 4
        return True

    def fits(self, array: Array) -> bool:
        """Tell whether the pixels of `array` can be read where they are."""
        return (
            array.dtype in (np.uint8, np.bool_)
            and array.shape == self.shape
            and array.flags.c_contiguous
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
    """Flatten a contiguous mask of bytes; read-only, so that loops compile once."""
    pixels: Bytes = mask.reshape(-1).view(np.uint8)
    pixels.flags.writeable = False
    return pixels
