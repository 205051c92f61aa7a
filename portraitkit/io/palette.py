"""The colors of label images."""

import numpy as np

from .._core.typing import Bytes


def label_palette() -> Bytes:
    """Return the palette of the PASCAL VOC and DAVIS label images.

    Returns
    -------
    (256, 3) uint8
        RGB of each label; 0 is black, 1 dark red, 2 dark green.

    Notes
    -----
    Bit ``k`` of a label's three lowest-bit triples goes to bit ``7 - k`` of red,
    green and blue: neighbours in number are far apart in color. O(1).

    References
    ----------
    .. [1] Everingham et al., "The PASCAL Visual Object Classes Challenge",
       development kit, function ``VOClabelcolormap``.

    Examples
    --------
    >>> label_palette()[:3].tolist()
    [[0, 0, 0], [128, 0, 0], [0, 128, 0]]
    """
    label = np.arange(256)[:, None]
    channel = np.arange(3)
    colors = np.zeros((256, 3), np.int64)
    for k in range(3):
        colors |= ((label >> (3 * k + channel)) & 1) << (7 - k)
    return colors.astype(np.uint8)
