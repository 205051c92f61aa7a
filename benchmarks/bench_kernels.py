"""Contour, band, trimap and individual kernel against OpenCV, SciPy and edt."""

import importlib.util

import cv2
import numpy as np
import pytest
from scipy import ndimage

from portraitkit.kernels import boundary_band, contour, individual_kernel
from portraitkit.matting import trimap

SIZES = {"800x600": (800, 600), "1080p": (1080, 1920), "12 MP": (3000, 4000)}


def canny(mask):
    return cv2.Canny(mask.view(np.uint8) * 255, 100, 200)


def by_opencv(line):
    return cv2.distanceTransform(255 - line, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)


def by_scipy(line):
    return ndimage.distance_transform_edt(line == 0)


def by_edt(line):
    from edt import edt

    return edt(line == 0, parallel=1)


def soften(mask, width, measure):
    """Equations 1 to 3 by a whole distance map. For even widths half a pixel off."""
    distance = measure(canny(mask))
    band = np.flatnonzero(distance <= width / 2)
    share = distance.reshape(-1)[band]
    share = share / share.sum()
    boundary = np.zeros(mask.shape, np.float32)
    person = mask.astype(np.float32)
    rest = 1 - person
    boundary.reshape(-1)[band] = share
    person.reshape(-1)[band] *= 1 - share
    rest.reshape(-1)[band] *= 1 - share
    return cv2.merge([person, boundary, rest])


def disk(radius):
    reach = np.arange(-int(radius), int(radius) + 1)
    y, x = reach[:, None], reach
    return (y**2 + x**2 <= radius**2).astype(np.uint8)


def by_morphology(mask, kernel):
    pixels = mask.view(np.uint8)
    inside, outside = cv2.erode(pixels, kernel), cv2.dilate(pixels, kernel)
    out = inside * np.uint8(255)
    out[outside != inside] = 128
    return out


@pytest.mark.parametrize(
    ("size", "goal"), [("800x600", 6), ("1080p", 7), ("12 MP", None)]
)
def test_individual_kernel(ratios, portrait, size, goal):
    mask = portrait(*SIZES[size])
    measures = {"cv2 distanceTransform": by_opencv, "scipy edt": by_scipy}
    if importlib.util.find_spec("edt"):
        measures["edt"] = by_edt
    for measure in measures.values():
        same = soften(mask, 9, measure)
        np.testing.assert_allclose(same, individual_kernel(mask, width=9), atol=1e-6)
    runs = {
        f"cv2 Canny + {name}": lambda measure=measure: soften(mask, 10, measure)
        for name, measure in measures.items()
    }
    runs["portraitkit"] = lambda: individual_kernel(mask, width=10)
    rounds = 4 if size == "12 MP" else 15
    ratios(f"individual kernel, P = 10, {size}", runs, goal=goal, rounds=rounds)


@pytest.mark.parametrize(("size", "goal"), [("800x600", 2), ("1080p", 3), ("12 MP", 5)])
def test_trimap(ratios, portrait, size, goal):
    mask, kernel = portrait(*SIZES[size]), disk(10)
    runs = {
        "cv2 erode + dilate": lambda: by_morphology(mask, kernel),
        "portraitkit": lambda: trimap(mask, width=20),
    }
    ratios(f"trimap, width 20, {size}", runs, goal=goal, rounds=7)


@pytest.mark.parametrize("size", SIZES)
def test_band(ratios, portrait, size):
    mask, kernel = portrait(*SIZES[size]), disk(10.5)
    want = cv2.dilate(canny(mask), kernel) > 0
    np.testing.assert_array_equal(boundary_band(mask, width=21), want)
    runs = {
        "cv2 Canny + dilate": lambda: cv2.dilate(canny(mask), kernel) > 0,
        "portraitkit": lambda: boundary_band(mask, width=21),
    }
    ratios(f"band, width 21, {size}", runs, rounds=7)


@pytest.mark.parametrize("size", SIZES)
def test_contour(ratios, portrait, size):
    mask = portrait(*SIZES[size])
    np.testing.assert_array_equal(contour(mask), canny(mask) > 0)
    runs = {
        "cv2 Canny": lambda: canny(mask) > 0,
        "portraitkit": lambda: contour(mask),
    }
    ratios(f"contour, {size}", runs, rounds=7)
