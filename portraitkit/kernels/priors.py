"""Where portraits usually have their boundary: a weight for every pixel."""

import numpy as np

from .._core.checks import check_number, check_unit
from .._core.typing import ArrayLike, Floats32


def global_kernel(
    mean_mask: ArrayLike,
    *,
    low: float = 0.9,
    high: float = 1.0,
    as_printed: bool = False,
) -> Floats32:
    """Weigh pixels by how often the boundary is likely to pass there.

    Parameters
    ----------
    mean_mask : (H, W) array_like of float
        Mean of the training masks, 0..1, as `mean_mask` gives it.
    low, high : float, default: 0.9, 1.0
        The least and the largest weight, a and b of the paper. 0 <= low <= high.
    as_printed : bool, default: False
        Take equation 6 as it is printed: smallest where the mean mask is 1/2.

    Returns
    -------
    (H, W) float32
        Weights in `low`..`high`.

    Raises
    ------
    TypeError
        If `mean_mask` is not float.
    ValueError
        If `mean_mask` is not of shape (H, W) or leaves 0..1, or if `low` or `high` is
        negative, not finite, or `low` is above `high`.

    See Also
    --------
    mean_mask, MeanMask : What it is made from.
    portraitkit.losses.global_kernel_loss : The loss it weighs.

    Notes
    -----
    Section 3.2 of [1]_. Text and figure 2(e) say that larger values mark likely
    boundary: b where the mean mask is 1/2, a where it is 0 or 1, which is
    b - |2 m - 1| (b - a). Printed as equation 6 is b - (1 - |2 m - 1|) (b - a), the
    opposite. O(H W) time, 4 H W bytes beside the result.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.

    Examples
    --------
    >>> global_kernel([[0.0, 0.25, 0.5, 1.0]])
    array([[0.9 , 0.95, 1.  , 0.9 ]], dtype=float32)
    """
    mean = check_unit("mean_mask", mean_mask)
    least = check_number("low", low, low=0)
    most = check_number("high", high, low=0)
    if least > most:
        msg = f"low must be at most high, {most:g}; got {least:g}"
        raise ValueError(msg)
    certainty: Floats32 = np.abs(mean - np.float32(0.5)) * np.float32(2)
    easy, hard = (most, least) if as_printed else (least, most)
    certainty *= np.float32(easy - hard)
    certainty += np.float32(hard)
    np.clip(certainty, np.float32(least), np.float32(most), out=certainty)
    return certainty
