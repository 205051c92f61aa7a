"""SLIC, pooling and the guided filter against their peers.

fast_slic is timed in turn where `benchmarks/_fast_slic.py` finds it.
"""

import os
import time
from pathlib import Path
from statistics import median_low

import cv2
import numpy as np
import pytest
import scipy.sparse

from benchmarks._fast_slic import FastSlic, interpreter
from benchmarks._ratio import OURS, Seconds, compare
from portraitkit.superpixels import guided_filter, pool_mean, slic

CASES = {
    "800x600, 500": (800, 600, 500),
    "1080p, 2000": (1080, 1920, 2000),
    "224x224, 500": (224, 224, 500),
}
GOALS = {"fast_slic": 1.5, "opencv": 10, "scikit-image": 30}


@pytest.fixture(scope="module")
def photo():
    """A picture with edges, shades and noise at every scale."""

    def make(height, width):
        rng = np.random.default_rng(3)
        total = np.zeros((height, width, 3), np.float32)
        for cells in (3, 12, 50):
            coarse = rng.normal(0, 1, (cells, cells, 3)).astype(np.float32)
            how = cv2.INTER_NEAREST if cells == 12 else cv2.INTER_CUBIC
            total += cv2.resize(coarse, (width, height), interpolation=how)
        total += rng.normal(0, 0.1, total.shape)
        return np.clip(128 + 40 * total, 0, 255).astype(np.uint8)

    return make


def by_opencv(image, n):
    side = round(np.sqrt(image.shape[0] * image.shape[1] / n))
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    peer = cv2.ximgproc.createSuperpixelSLIC(lab, cv2.ximgproc.SLIC, side, 10.0)
    peer.iterate(10)
    peer.enforceLabelConnectivity(25)
    return peer.getLabels()


def by_skimage(image, n):
    from skimage.segmentation import slic as peer

    return peer(image, n, start_label=0)


@pytest.mark.parametrize("case", CASES)
def test_slic(case, photo, ratios):
    height, width, n = CASES[case]
    image = photo(height, width)
    peers = {"opencv": by_opencv, "scikit-image": by_skimage}
    for name, peer in peers.items():
        runs = {
            name: lambda peer=peer: peer(image, n),
            OURS: lambda: slic(image, n_segments=n),
        }
        goal = GOALS[name] if n != 500 or height != 224 else None
        ratios(f"slic, {case}", runs, goal=goal, rounds=5)
    if interpreter():
        engine = FastSlic()
        runs = {
            "fast_slic": lambda: Seconds(engine(image, n)[0]),
            OURS: lambda: slic(image, n_segments=n),
        }
        ratios(f"slic, {case}", runs, goal=1.2 if height == 224 else 1.5, rounds=25)
        engine.close()


@pytest.mark.parametrize("case", ["800x600, 500"])
def test_masked_slic(case, photo, portrait, ratios):
    """Per pixel, a mask should cost nothing: as long as a picture of as many pixels."""
    height, width, n = CASES[case]
    image = photo(height, width)
    mask = portrait(height, width)
    rows = np.count_nonzero(mask) // width
    runs = {
        "as many pixels unmasked": lambda: slic(image[:rows], n_segments=n),
        OURS: lambda: slic(image, n_segments=n, mask=mask),
    }
    ratios(f"slic in a mask of a person, {case}", runs)


def thin_persons(height, width):
    """Make (H, W) bool masks: two persons standing, a third smaller one."""
    y, x = np.mgrid[:height, :width] / height
    mask = np.zeros((height, width), bool)
    for middle, size in ((0.3, 1), (0.6, 0.95), (0.95, 0.6)):
        u, v = np.abs(x - middle) / size, (y - 0.95) / size + 0.95
        u += 0.004 * np.sin(60 * v)
        mask |= np.hypot(u / 0.045, (v - 0.17) / 0.06) < 1
        mask |= (u < 0.09 - 0.1 * np.abs(v - 0.35)) & (v > 0.22) & (v < 0.6)
        mask |= (np.abs(u - 0.035) < 0.022) & (v >= 0.6) & (v < 0.95)
    return mask


def crowds(photo):
    """Photographs of several persons with the union of their masks."""
    folder = os.environ.get("PORTRAITKIT_DATA")
    paths = sorted(Path(folder, "multi", "images").iterdir()) if folder else []
    for path in paths:
        persons = cv2.imread(
            str(path.parents[1] / "instances" / f"{path.stem}.png"), -1
        )
        yield cv2.imread(str(path))[..., ::-1].copy(), persons > 0
    if not paths:
        yield photo(480, 640), thin_persons(480, 640)


def as_many_pixels(image, mask):
    """Cut the rectangle around the mask's middle, of the photograph's proportions."""
    height, width = mask.shape
    rows = round(np.sqrt(np.count_nonzero(mask) * height / width))
    columns = round(np.count_nonzero(mask) / rows)
    y, x = (int(np.mean(place)) for place in np.nonzero(mask))
    top = min(max(y - rows // 2, 0), height - rows)
    left = min(max(x - columns // 2, 0), width - columns)
    return image[top : top + rows, left : left + columns].copy()


def share_of(run, share):
    def timed():
        start = time.perf_counter()
        run()
        return Seconds(share * (time.perf_counter() - start))

    return timed


def in_thin_masks(image, mask):
    """Compare with as many pixels in as many superpixels; and in as many a pixel."""
    rectangle, share = as_many_pixels(image, mask), float(mask.mean())
    scaled = max(round(500 * share), 1)
    name = "slic in thin persons"
    return compare(
        f"{name}, 500 superpixels",
        {
            "as many pixels unmasked": lambda: slic(rectangle),
            OURS: lambda: slic(image, mask=mask),
        },
    ) + compare(
        f"{name}, 500 a picture",
        {
            "the whole, its share": share_of(lambda: slic(image), share),
            OURS: lambda: slic(image, n_segments=scaled, mask=mask),
        },
    )


def test_slic_in_thin_masks(photo, rows):
    """The photograph of the median ratio: the 39 of PORTRAITKIT_DATA, or one made up."""
    found = [in_thin_masks(image, mask) for image, mask in crowds(photo)]
    for same in zip(*found, strict=True):
        middle = median_low(row.ratio for row in same)
        rows.append(next(row for row in same if row.ratio == middle))


def by_sparse(values, labels):
    flat, names = values.reshape(-1, values.shape[2]), labels.ravel()
    ones = np.ones(names.size, np.float32)
    rows = np.arange(names.size + 1)
    matrix = scipy.sparse.csr_matrix((ones, names, rows)).T
    return (matrix @ flat) / np.bincount(names)[:, None]


@pytest.mark.parametrize(("side", "goal"), [(224, 1.4), (512, 1.0)])
def test_pooling(side, goal, photo, ratios, rng):
    labels = slic(photo(side, side))
    values = rng.normal(size=(side, side, 128)).astype(np.float32)
    runs = {
        "scipy.sparse": lambda: by_sparse(values, labels),
        OURS: lambda: pool_mean(values, labels),
    }
    ratios(f"pooling 128 channels, {side}x{side}", runs, goal=goal)


def test_guided_filter(photo, ratios, rng):
    guide = photo(224, 224)
    values = rng.normal(size=(224, 224, 128)).astype(np.float32)
    unit = guide.astype(np.float32) / 255
    runs = {
        "opencv": lambda: cv2.ximgproc.guidedFilter(unit, values, 8, 1e-4),
        OURS: lambda: guided_filter(values, guide),
    }
    ratios("guided filter, 128 channels of 224x224", runs, goal=2, rounds=7)


@pytest.fixture
def rng():
    return np.random.default_rng(5)
