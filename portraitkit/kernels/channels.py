"""What a portrait network sees beside colors: position, and the usual shape."""

import numpy as np

from .._core.checks import (
    as_array,
    check_boxes,
    check_image,
    check_shape,
    check_unit,
    describe,
)
from .._core.resize import resize
from .._core.typing import ArrayLike, Floats, Floats32, Ints

FARTHEST, SMALLEST = 1e9, 1e-6
"""Bounds of a face in pixels, so that no scale between two of them overflows."""


def position_channels(
    shape: tuple[int, int], *, face: ArrayLike | None = None
) -> Floats32:
    """Tell every pixel where it is, in the image or relative to the face.

    Parameters
    ----------
    shape : (int, int)
        Height and width, both >= 1.
    face : (4,) array_like of float, optional
        Face box x1, y1, x2, y2 in pixels, right and bottom exclusive; may reach
        beyond the image.

    Returns
    -------
    (H, W, 2) float32
        x, then y, of pixel centres. With `face`: 0 at its centre, in units of its
        width and height. Without: 0 at the image's centre, -1 and 1 at its borders.

    Raises
    ------
    TypeError
        If `shape` is not two integers or `face` not numeric.
    ValueError
        If a side is < 1, or `face` is not x1 < x2, y1 < y2 within 1e9 pixels, at
        least 1e-6 wide and high.

    See Also
    --------
    portrait_channels : All six channels of a portrait network.

    Notes
    -----
    Section 4.1 of [1]_, after [2]_. Column j is at j + 1/2. O(H W) time, nothing
    beside the result.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.
    .. [2] Shen et al., "Automatic portrait segmentation for image stylization",
       Computer Graphics Forum 35(3), 2016.

    Examples
    --------
    >>> position_channels((1, 4))[0, :, 0]
    array([-0.75, -0.25,  0.25,  0.75], dtype=float32)
    >>> position_channels((1, 4), face=[1, 0, 3, 1])[0, :, 0]
    array([-0.75, -0.25,  0.25,  0.75], dtype=float32)
    """
    height, width = check_shape("shape", shape)
    x1, y1, x2, y2 = (
        (0.0, 0.0, width, height) if face is None else check_face("face", face)
    )
    unit = 0.5 if face is None else 1.0
    out = np.empty((height, width, 2), dtype=np.float32)
    out[..., 0] = (_centres(width) - (x1 + x2) / 2) / ((x2 - x1) * unit)
    out[..., 1] = ((_centres(height) - (y1 + y2) / 2) / ((y2 - y1) * unit))[:, None]
    return out


def shape_channel(
    mean_mask: ArrayLike,
    shape: tuple[int, int],
    *,
    face: ArrayLike | None = None,
    reference_face: ArrayLike | None = None,
) -> Floats32:
    """Lay the mean mask over an image, face on face if the faces are known.

    Parameters
    ----------
    mean_mask : (h, w) array_like of float
        Mean of the training masks, 0..1, as `mean_mask` gives it.
    shape : (int, int)
        Height and width of the image, both >= 1.
    face : (4,) array_like of float, optional
        Face box x1, y1, x2, y2 in the image, in pixels.
    reference_face : (4,) array_like of float, optional
        Where the face is in the mean mask, in its pixels. Both faces or neither.

    Returns
    -------
    (H, W) float32
        0..1. With faces: the mean mask moved and scaled, along each axis by itself,
        so that its face lies on the image's; 0 outside it. Without: resized.

    Raises
    ------
    TypeError
        If `mean_mask` is not float, `shape` is not two integers or a face not numeric.
    ValueError
        If `mean_mask` is empty, not of shape (h, w) or leaves 0..1, if a side is < 1,
        if only one face is given, or if one is not x1 < x2, y1 < y2 within 1e9
        pixels, at least 1e-6 wide and high.

    See Also
    --------
    portrait_channels : All six channels of a portrait network.

    Notes
    -----
    Section 4.1 of [1]_, after [2]_. Bilinear between pixel centres; in the outermost
    half pixel the outermost value. Without faces, shrinking more than three times
    averages areas. O(H W) time, 8 H W bytes beside the result.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.
    .. [2] Shen et al., "Automatic portrait segmentation for image stylization",
       Computer Graphics Forum 35(3), 2016.

    Examples
    --------
    >>> mean = [[0.5, 1.0]]
    >>> shape_channel(mean, (1, 4), face=[1, 0, 3, 1], reference_face=[0, 0, 2, 1])
    array([[0. , 0.5, 1. , 0. ]], dtype=float32)
    """
    mean = check_unit("mean_mask", mean_mask)
    if mean.size == 0:
        msg = f"mean_mask must have at least one pixel; got {describe(mean)}"
        raise ValueError(msg)
    height, width = check_shape("shape", shape)
    if (face is None) != (reference_face is None):
        missing = "face" if face is None else "reference_face"
        msg = f"face and reference_face must be given together; got no {missing}"
        raise ValueError(msg)
    if face is None or reference_face is None:
        return np.clip(resize(mean, (height, width)), np.float32(0), np.float32(1))
    here, there = check_face("face", face), check_face("reference_face", reference_face)
    rows = _along(_centres(height), here[1::2], there[1::2])
    columns = _along(_centres(width), here[::2], there[::2])
    return _sample(mean, rows, columns)


def portrait_channels(
    image: ArrayLike,
    mean_mask: ArrayLike,
    *,
    face: ArrayLike | None = None,
    reference_face: ArrayLike | None = None,
) -> Floats32:
    """Stack color, position and usual shape: the six channels of a portrait network.

    Parameters
    ----------
    image : (H, W, 3) array_like of uint8
        RGB.
    mean_mask : (h, w) array_like of float
        Mean of the training masks, 0..1, as `mean_mask` gives it.
    face : (4,) array_like of float, optional
        Face box x1, y1, x2, y2 in the image, in pixels.
    reference_face : (4,) array_like of float, optional
        Where the face is in the mean mask, in its pixels. Both faces or neither.

    Returns
    -------
    (H, W, 6) float32
        Red, green and blue in 0..1, `position_channels` x and y, `shape_channel`.

    Raises
    ------
    TypeError
        If `image` is not uint8, `mean_mask` not float or a face not numeric.
    ValueError
        If a shape is wrong, `mean_mask` is empty or leaves 0..1, only one face is
        given, or one is not x1 < x2, y1 < y2 within 1e9 pixels, at least 1e-6 wide
        and high.

    See Also
    --------
    position_channels, shape_channel : The last three alone.

    Notes
    -----
    Section 4.1 of [1]_, after [2]_. The colors are not centred: what a network wants
    subtracted is its own affair. O(H W) time, 20 H W bytes beside the result.

    References
    ----------
    .. [1] Du et al., "Boundary-sensitive network for portrait segmentation",
       FG 2019.
    .. [2] Shen et al., "Automatic portrait segmentation for image stylization",
       Computer Graphics Forum 35(3), 2016.

    Examples
    --------
    >>> import numpy as np
    >>> portrait_channels(np.full((1, 1, 3), 51, np.uint8), [[0.25]])[0, 0]
    array([0.2 , 0.2 , 0.2 , 0.  , 0.  , 0.25], dtype=float32)
    """
    pixels = check_image("image", image)
    shape = pixels.shape[0], pixels.shape[1]
    usual = shape_channel(mean_mask, shape, face=face, reference_face=reference_face)
    out = np.empty((*shape, 6), dtype=np.float32)
    np.divide(pixels, np.float32(255), out=out[..., :3])
    out[..., 3:5] = position_channels(shape, face=face)
    out[..., 5] = usual
    return out


def check_face(name: str, face: ArrayLike) -> Floats:
    """Return one box as four finite float64 with x1 < x2 and y1 < y2."""
    array = as_array(name, face, "one box x1, y1, x2, y2")
    if array.shape != (4,):
        msg = f"{name} must be one box x1, y1, x2, y2; got {describe(array)}"
        raise ValueError(msg)
    box: Floats = check_boxes(name, array[None])[0]
    if np.abs(box).max() > FARTHEST or (box[2:] - box[:2]).min() < SMALLEST:
        msg = (
            f"{name} must lie within {FARTHEST:g} pixels of 0 and be at least "
            f"{SMALLEST:g} wide and high; got {box.tolist()}"
        )
        raise ValueError(msg)
    return box


def _centres(n: int) -> Floats:
    return np.arange(n, dtype=np.float64) + 0.5


def _along(at: Floats, here: Floats, there: Floats) -> Floats:
    """Map positions along one axis so that the interval `here` becomes `there`."""
    share = (at - here[0]) / (here[1] - here[0])
    mapped: Floats = there[0] + share * (there[1] - there[0])
    return mapped


def _sample(values: Floats32, rows: Floats, columns: Floats) -> Floats32:
    """Read `values` bilinearly on a grid of positions; 0 where it has no pixel."""
    y, below, down = _taps(rows, values.shape[0])
    x, right, across = _taps(columns, values.shape[1])
    lines = values[y] + (values[below] - values[y]) * down[:, None]
    out = lines[:, x]
    out += (lines[:, right] - out) * across
    out[(rows < 0) | (rows > values.shape[0])] = 0
    out[:, (columns < 0) | (columns > values.shape[1])] = 0
    return np.clip(out, np.float32(0), np.float32(1), out=out)


def _taps(at: Floats, n: int) -> tuple[Ints, Ints, Floats32]:
    """Two pixels on either side of each position, and the second one's share."""
    centre = np.clip(at - 0.5, 0, n - 1)
    first = np.floor(centre).astype(np.int64)
    return first, np.minimum(first + 1, n - 1), (centre - first).astype(np.float32)
