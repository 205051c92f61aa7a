"""`check_trimap` says what is missing."""

import numpy as np
import pytest

from portraitkit.matting import check_trimap


@pytest.mark.parametrize("shape", [(1, 3), (3, 1), (30, 40)])
def test_a_solvable_trimap_passes(shape):
    trimap = np.resize(np.array([0, 128, 255], np.uint8), shape)
    trimap.flags.writeable = False
    assert check_trimap(trimap) is None
    assert check_trimap(trimap.T[::-1]) is None


@pytest.mark.parametrize(
    ("values", "dtype", "match"),
    [
        ([[0, 128]], np.uint8, r"hold definite foreground \(255\)"),
        ([[255, 128]], np.uint8, r"hold definite background \(0\)"),
        ([[255, 0]], np.uint8, r"hold unknown pixels \(128\)"),
        ([[0, 127, 128, 255]], np.uint8, "hold only 0, 128 and 255; got 127"),
        ([list(range(256))], np.uint8, r"got 1, 2, 3, 4, 5, 6, \.\.\."),
        ([[0, 128, 255]], np.int64, r"uint8 of shape \(H, W\); got int64"),
        ([[0.0, 0.5, 1.0]], np.float32, r"uint8 of shape \(H, W\); got float32"),
        ([0, 128, 255], np.uint8, r"\(H, W\); got uint8 of shape \(3,\)"),
        (np.zeros((0, 3)), np.uint8, "hold definite foreground"),
    ],
)
def test_what_is_missing_is_said(values, dtype, match):
    with pytest.raises(ValueError, match="trimap must .*" + match):
        check_trimap(np.array(values, dtype))
