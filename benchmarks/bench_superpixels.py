"""SLIC, pooling and the guided filter against their peers.

fast_slic is timed in turn where `benchmarks/_fast_slic.py` finds it.
"""

import cv2
import numpy as np
import pytest
import scipy.sparse

from benchmarks._fast_slic import FastSlic, interpreter
from benchmarks._ratio import OURS, Seconds
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
