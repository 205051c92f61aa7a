"""fast_slic, which needs NumPy 1, run in an environment and a process of its own.

Make the environment once (NumPy 1, an old setuptools to build with), and name its
interpreter in the variable PORTRAITKIT_FAST_SLIC:

    python -m venv fast_slic
    fast_slic/bin/pip install "numpy<2" "cython<3" wheel "setuptools<70"
    fast_slic/bin/pip install --no-build-isolation fast_slic==0.4.0
    export PORTRAITKIT_FAST_SLIC=$PWD/fast_slic/bin/python
"""

import os
import pickle
import subprocess

SERVER = """
import pickle, sys, time
import numpy as np
from fast_slic.avx2 import SlicAvx2
while True:
    try:
        image, n = pickle.load(sys.stdin.buffer)
    except EOFError:
        break
    # By hand: NumPy 1 cannot read arrays that NumPy 2 has pickled.
    data, shape = image
    image = np.frombuffer(data, np.uint8).reshape(shape)
    start = time.perf_counter()
    peer = SlicAvx2(num_components=n, compactness=10, num_threads=1)
    labels = peer.iterate(image)
    seconds = time.perf_counter() - start
    labels = np.ascontiguousarray(labels, np.int32)
    pickle.dump((seconds, labels.tobytes()), sys.stdout.buffer)
    sys.stdout.flush()
"""


def interpreter():
    """Where fast_slic is installed, or None."""
    return os.environ.get("PORTRAITKIT_FAST_SLIC")


class FastSlic:
    """Superpixels by fast_slic: seconds of work, and the bytes of int32 labels."""

    def __init__(self):
        self.process = subprocess.Popen(
            [interpreter(), "-c", SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __call__(self, image, n):
        pickle.dump(((image.tobytes(), image.shape), n), self.process.stdin)
        self.process.stdin.flush()
        return pickle.load(self.process.stdout)

    def close(self):
        with self.process:
            self.process.stdin.close()
