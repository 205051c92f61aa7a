"""Memory beside the result, as the operating system counts it in a fresh process."""

import subprocess
import sys

import pytest

pytest.importorskip("resource", reason="no ru_maxrss on this system")

START = """
import resource, sys
import numpy as np
from portraitkit.kernels import individual_kernel, mean_mask

def peak():
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024

def blob(height, width):
    y, x = np.ogrid[:height, :width]
    return np.hypot(x - width / 2, y - height / 2) < height / 3
"""

KERNEL = """
individual_kernel(blob(64, 64))
mask = blob(3000, 4000)
before = peak()
result = individual_kernel(mask)
"""

MEAN = """
mean_mask(iter([blob(8, 8)]))
mask = blob(800, 600) * np.uint8(255)
before = peak()
result = mean_mask(mask.copy() for _ in range(1330))
"""

END = "print((peak() - before - result.nbytes) / 2**20)"


@pytest.mark.parametrize("job", [KERNEL, MEAN], ids=["12-megapixel kernel", "mean"])
def test_stays_within_64_mb_beside_the_result(job):
    done = subprocess.run(
        [sys.executable, "-c", START + job + END],
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) < 64
