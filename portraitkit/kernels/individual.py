"""The individual boundary-sensitive kernel: one photograph's soft labels."""

from functools import cache
from typing import Literal, TypeAlias, get_args

import numpy as np

from .._core.checks import check_choice, check_count, check_mask, describe
from .._core.typing import ArrayLike, Floats32, Ints32, Mask
from ._bits import pack
from ._nearness import band_squares
from ._numba.distances import soften
from .contours import band_bits, trace_bits

Normalization: TypeAlias = Literal["sum", "max", "proximity"]


def individual_kernel(
    mask: ArrayLike,
    *,
    width: int = 10,
    normalize: Normalization = "sum",
    out: Floats32 | None = None,
) -> Floats32:
    """Make soft labels that share a band along the contour with a boundary class.

    Parameters
    ----------
    mask : (..., H, W) array_like of bool
        True on the person; integers are accepted, all 0/1 or all 0/255 throughout a
        batch. Every mask of a batch is treated on its own.
    width : int, default: 10
        Width P of the boundary band in pixels, >= 1; the paper's is 10.
    normalize : {"sum", "max", "proximity"}, default: "sum"
        What the boundary value of a band pixel at distance d from the contour is:
        d / sum of d over the band, d / largest d in the band, or
        1 - d / largest d in the band. See Notes before taking the default.
    out : (..., H, W, 3) float32 array, optional
        C-ordered and writeable; gets the result instead of a new array.

    Returns
    -------
    (..., H, W, 3) float32
        Foreground, boundary and background of every pixel, each 0..1; the three sum
        to 1 (to float32's precision).

    Raises
    ------
    TypeError
        If `mask` is neither bool nor integer, `width` is no integer, or `out` is no
        float32 array.
    ValueError
        If `mask` has less than two axes or holds other values, `width` < 1,
        `normalize` is unknown, or `out` has another shape, is not C-ordered or
        read-only. Nothing is written then.

    See Also
    --------
    label_map : The same three classes, hard.
    boundary_band : Where the boundary class lives.
    portraitkit.losses.soft_label_loss : The loss that takes these labels.

    Notes
    -----
    Equations 1 to 3 of [1]_. In the band the boundary gets l, the mask's own class
    1 - l and the other one 0; elsewhere a pixel is wholly of its own class. d is the
    exact Euclidean distance to the nearest contour pixel. The paper does not say what
    the sum in equation 1 runs over; here it is the band.

    As printed ("sum"), l is 0 on the contour and about 1 / (band's size) beside it: a
    boundary class that is nearly empty, so the labels are nearly hard. "max" grows
    to 1 at the band's rim; "proximity" is 1 on the contour and falls to 0 at the rim,
    which is what "how likely the pixel is boundary" asks for. When every d is 0
    (P = 1), "sum" and "max" give 0 and "proximity" 1. A mask without contour, all
    person or all background, has hard labels.

    O(H W) to write the result, O(P^2 / 16) for a contour pixel. Beside the result at
    most about 0.5 H W bytes and 4 bytes for a band pixel; beyond P = 128 it is
    24 H W bytes.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> mask = [[0, 0, 0, 1, 1, 1]]
    >>> individual_kernel(mask, width=2, normalize="max")[0]
    array([[0., 0., 1.],
           [0., 0., 1.],
           [0., 0., 1.],
           [0., 1., 0.],
           [1., 0., 0.],
           [1., 0., 0.]], dtype=float32)
    >>> individual_kernel(mask, width=3, normalize="proximity")[0, :, 1]
    array([0., 0., 1., 0., 0., 0.], dtype=float32)
    """
    persons = check_mask("mask", mask, batch=True)
    width = check_count("width", width)
    check_choice("normalize", normalize, get_args(Normalization))
    shape = (*persons.shape, 3)
    result = (
        np.empty(shape, dtype=np.float32) if out is None else _check_out(out, shape)
    )
    if persons.size:
        flat = result.reshape(-1, persons.shape[-2] * persons.shape[-1] * 3)
        for labels, person in zip(flat, _each(persons), strict=True):
            _soften(person, width, normalize, labels)
    return result


def _check_out(out: Floats32, shape: tuple[int, ...]) -> Floats32:
    if not isinstance(out, np.ndarray) or out.dtype != np.float32:
        got = describe(out) if isinstance(out, np.ndarray) else type(out).__name__
        msg = f"out must be a float32 array of shape {shape}; got {got}"
        raise TypeError(msg)
    if out.shape != shape:
        msg = f"out must be a float32 array of shape {shape}; got {describe(out)}"
        raise ValueError(msg)
    if not (out.flags.c_contiguous and out.flags.writeable and out.flags.aligned):
        kind = "read-only" if not out.flags.writeable else "not C-ordered"
        msg = f"out must be C-ordered, aligned and writeable; got one that is {kind}"
        raise ValueError(msg)
    return out


def _each(persons: Mask) -> Mask:
    return persons.reshape(-1, *persons.shape[-2:])


def _soften(
    person: Mask, width: int, normalize: Normalization, labels: Floats32
) -> None:
    """Write the kernel of one (H, W) mask to `labels`, flat."""
    bits = pack(person)
    contour = trace_bits(bits, person.shape[1])
    band = band_bits(contour, person.shape[1], width)
    squares = band_squares(contour, band, width, person.shape[1])
    soften(bits, band, squares, _shares(squares, normalize), _hard_labels(), labels)


def _shares(squares: Ints32, normalize: Normalization) -> Floats32:
    """List the boundary value for every squared distance that may occur."""
    counts = np.bincount(squares, minlength=1)
    distance = np.sqrt(np.arange(counts.size))
    whole = counts @ distance if normalize == "sum" else distance[-1]
    share = distance / whole if whole > 0 else distance
    boundary = 1 - share if normalize == "proximity" else share
    return boundary.astype(np.float32)


@cache
def _hard_labels() -> Floats32:
    """64 background pixels, then 64 foreground pixels, flat."""
    one_each = np.array([[0, 0, 1], [1, 0, 0]], dtype=np.float32)
    return np.repeat(one_each, 64, axis=0).reshape(-1)
