"""The mean of many masks, gathered one by one and by several workers."""

import os
from collections.abc import Iterable
from typing import Self

from .._core.checks import check_shape
from .._core.typing import ArrayLike, Floats32
from ._store import load_units, save_units
from ._sums import MaskSum


class MeanMask:
    """Mean of masks that come one by one.

    Parameters
    ----------
    shape : (int, int)
        Height and width of the mean, both >= 1. Masks of other sizes are resized.

    Attributes
    ----------
    shape : (int, int)
        As given.
    count : int
        Number of masks seen.
    mean : (H, W) float32
        Share of the masks, 0..1, in which a pixel is a person.

    Raises
    ------
    TypeError
        If `shape` is not two integers.
    ValueError
        If a side is < 1.

    See Also
    --------
    mean_mask : In one call, for masks at hand.
    global_kernel : What the mean is for.

    Notes
    -----
    Section 3.2 of [1]_. Sums are integers: the mean depends neither on the order of
    the masks nor on how they were shared among workers. O(H W) a mask; 5 H W bytes,
    and 8 H W more once a mask was resized.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> here, there = MeanMask((1, 2)), MeanMask((1, 2))
    >>> here.update([[0, 1]])
    >>> there.update([[255, 255]])
    >>> here.merge(there)
    >>> here.count, here.mean
    (2, array([[0.5, 1. ]], dtype=float32))
    """

    def __init__(self, shape: Iterable[int]) -> None:
        self._sum = MaskSum(check_shape("shape", shape))

    def __repr__(self) -> str:
        return f"MeanMask({self.shape}, count={self.count})"

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the mean."""
        return self._sum.shape

    @property
    def count(self) -> int:
        """Number of masks seen."""
        return self._sum.count

    @property
    def mean(self) -> Floats32:
        """Mean of the masks seen, a new array; ValueError while there is none."""
        if self.count == 0:
            msg = "mean needs at least one mask; got none: call update first"
            raise ValueError(msg)
        return self._sum.mean()

    def update(self, mask: ArrayLike) -> None:
        """Take one more mask in.

        Parameters
        ----------
        mask : (h, w) array_like of bool
            True on the person; integers 0/1 or 0/255 are accepted. Another size than
            `shape` is averaged over areas where it shrinks, bilinear where it grows.

        Raises
        ------
        TypeError
            If `mask` is neither bool nor integer.
        ValueError
            If `mask` is not of shape (h, w), has no pixel or holds other values. The
            mean is then as it was.
        """
        self._sum.add("mask", mask)

    def merge(self, other: "MeanMask") -> None:
        """Take in all that another `MeanMask` has seen.

        Parameters
        ----------
        other : MeanMask
            Of the same shape; it stays as it is.

        Raises
        ------
        TypeError
            If `other` is no `MeanMask`.
        ValueError
            If the shapes differ.
        """
        if not isinstance(other, MeanMask):
            msg = f"other must be a MeanMask; got {type(other).__name__}"
            raise TypeError(msg)
        if other.shape != self.shape:
            msg = f"other must have the shape {self.shape}; got {other.shape}"
            raise ValueError(msg)
        self._sum.add_units(other._sum.units(), other.count)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all that was seen into one file.

        Parameters
        ----------
        path : path
            The file, by custom ``*.npz``; replaced if it exists, never half-written.

        Raises
        ------
        TypeError
            If `path` is no path.
        OSError
            If the file cannot be written; names `path`.
        """
        save_units(path, self._sum.units(), self.count)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote, to go on from there.

        Parameters
        ----------
        path : path
            The file.

        Returns
        -------
        MeanMask
            With the same mean and count.

        Raises
        ------
        TypeError
            If `path` is no path.
        OSError
            If the file cannot be read.
        ValueError
            If it is no such file, is damaged or of another version.
        """
        units, count = load_units(path)
        mean = cls(units.shape)
        mean._sum.add_units(units, count)
        return mean
