"""How far an alpha matte is from the truth: the four errors of matting."""

from dataclasses import dataclass

import numpy as np

from .._core.checks import check_same_shape, check_unit, describe
from .._core.typing import ArrayLike, Bools
from ._connectivity import connectedness
from ._gradient import gradient_magnitude

UNKNOWN = 128


@dataclass(frozen=True, slots=True)
class MatteErrors:
    """Errors of one alpha matte; 0 is perfect.

    Attributes
    ----------
    sad : float
        Sum of absolute differences / 1000.
    mse : float
        Mean of squared differences.
    gradient : float
        Sum of squared differences of the gradient magnitudes / 1000.
    connectivity : float
        Sum of absolute differences of the degrees of connectedness / 1000.
    """

    sad: float
    mse: float
    gradient: float
    connectivity: float


def matte_errors(
    alpha: ArrayLike, truth: ArrayLike, *, trimap: ArrayLike | None = None
) -> MatteErrors:
    """SAD, MSE, gradient and connectivity error of an alpha matte.

    Parameters
    ----------
    alpha, truth : (H, W) array_like of float
        Alpha mattes of one size in 0..1, without NaN. Divide 8-bit ones by 255.
    trimap : (H, W) array_like of uint8, optional
        Errors are summed over its unknown pixels, those of value 128. Default: over
        all pixels.

    Returns
    -------
    MatteErrors
        `sad`, `mse`, `gradient` and `connectivity`.

    Raises
    ------
    TypeError
        If a matte is not float, or `trimap` is not uint8.
    ValueError
        If a matte is not of shape (H, W), has no pixel or leaves 0..1, if shapes
        differ, or if `trimap` has no unknown pixel.

    Notes
    -----
    Of [1]_, with the details of the code that benchmarks of matting networks share.
    Gradients come from first-order Gaussian derivatives, sigma = 1.4, normalised in
    the l2 sense, the frame replicated; the exponent is 2. A pixel is connected up to
    the level l, of 0, 0.1, ..., 1, up to which it lies in the largest 4-connected
    component of the pixels where both mattes reach the level; with d = alpha - l its
    degree of connectedness is 1 - d where d >= 0.15, else 1; the exponent is 1. That
    code leaves out the printed weight lambda, and so does this. Gradient and
    connectivity see pixels outside the unknown region too, so make those definite in
    `alpha` first.

    O(H W) time, about 80 H W bytes; levels are compared in float32.

    References
    ----------
    .. [1] Rhemann et al., "A perceptually motivated online benchmark for image
       matting", CVPR 2009.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.tile(np.linspace(0, 1, 100), (100, 1))
    >>> errors = matte_errors(truth ** 2, truth)
    >>> round(errors.sad, 2), round(errors.mse, 3)
    (1.65, 0.033)
    """
    ours = check_unit("alpha", alpha)
    theirs = check_unit("truth", truth)
    check_same_shape("alpha", ours.shape, "truth", theirs.shape)
    where = _unknown(trimap, theirs.shape)
    difference = (ours.astype(np.float64) - theirs)[where]
    steeper = (gradient_magnitude(ours) - gradient_magnitude(theirs))[where]
    degrees = connectedness(ours, theirs)
    looser = (degrees[0] - degrees[1])[where]
    return MatteErrors(
        sad=float(np.abs(difference).sum() / 1000),
        mse=float(np.square(difference).mean()),
        gradient=float(np.square(steeper).sum() / 1000),
        connectivity=float(np.abs(looser).sum() / 1000),
    )


def _unknown(trimap: ArrayLike | None, shape: tuple[int, ...]) -> Bools:
    """Tell which pixels are judged."""
    if trimap is None:
        if 0 in shape:
            msg = f"truth must have at least one pixel; got shape {shape}"
            raise ValueError(msg)
        return np.ones(shape, dtype=bool)
    array = np.asarray(trimap)
    if array.dtype != np.uint8:
        msg = f"trimap must be uint8 of shape {shape}; got {describe(array)}"
        raise TypeError(msg)
    check_same_shape("trimap", array.shape, "truth", shape)
    unknown: Bools = array == UNKNOWN
    if not unknown.any():
        msg = f"trimap must hold unknown pixels ({UNKNOWN}); it has none"
        raise ValueError(msg)
    return unknown
