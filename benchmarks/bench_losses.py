"""The n-pair loss and its gradient against torch autograd and a NumPy Gram matrix.

Every competitor runs in a process of its own with one thread: torch's and BLAS's
thread pools disturb each other. They take turns; a turn costs the same pipe for all.
"""

import os
import subprocess
import sys

import numpy as np
import pytest

SERVE = """
import sys
from benchmarks import bench_losses
run = getattr(bench_losses, sys.argv[1])(int(sys.argv[2]), int(sys.argv[3]))
for line in sys.stdin:
    loss, grad = run()
    print(float(loss), float(abs(grad).sum()), flush=True)
"""


def sample(n, d):
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, d)).astype(np.float32), rng.integers(0, 5, n)


def ours(n, d):
    from portraitkit.losses import n_pair_loss_and_grad

    features, classes = sample(n, d)
    return lambda: n_pair_loss_and_grad(features, classes)


def ours_in_two_calls(n, d):
    from portraitkit.losses import n_pair_grad, n_pair_loss

    features, classes = sample(n, d)
    return lambda: (n_pair_loss(features, classes), n_pair_grad(features, classes))


def gram(n, d):
    """All of it in float32, whole matrices."""
    features, classes = sample(n, d)

    def run():
        squares = np.einsum("nd,nd->n", features, features)
        squared = squares[:, None] + squares - 2 * (features @ features.T)
        distance = np.sqrt(np.maximum(squared, 0))
        np.fill_diagonal(distance, 0)
        same = classes[:, None] == classes
        power = np.exp(-distance)
        decayed = np.where(same, power, power / 2)
        terms = np.log1p(decayed) + np.where(same, distance - np.float32(np.log(2)), 0)
        slope = same - decayed / (1 + decayed)
        pull = slope / np.where(distance > 0, distance, np.float32(np.inf))
        grad = pull.sum(axis=1)[:, None] * features - pull @ features
        return terms.sum() / n, grad * np.float32(2 / n)

    return run


def torch_pairs(n, d):
    import torch

    torch.set_num_threads(1)
    features, classes = (torch.asarray(a) for a in sample(n, d))
    features.requires_grad_()

    def run():
        distance = torch.cdist(features, features)
        same = classes[:, None] == classes
        near = torch.nn.functional.softplus(distance) - np.log(2)
        terms = torch.where(same, near, torch.log1p(torch.exp(-distance) / 2))
        loss = terms.sum() / n
        return loss.detach(), torch.autograd.grad(loss, features)[0]

    return run


class Served:
    """A competitor in its own process; calling it runs it once there."""

    def __init__(self, name, n, d):
        env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, name, str(n), str(d)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
            text=True,
        )

    def __call__(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]

    def close(self):
        self.process.communicate()


@pytest.mark.parametrize(
    ("n", "peer", "goal"), [(500, "torch autograd", 1.2), (2000, "numpy gram", 1)]
)
def test_n_pair(ratios, n, peer, goal):
    names = {
        "portraitkit": "ours",
        "numpy gram": "gram",
        "two calls of ours": "ours_in_two_calls",
    }
    if peer == "torch autograd":
        pytest.importorskip("torch")
        names[peer] = "torch_pairs"
    runs = {name: Served(function, n, 128) for name, function in names.items()}
    try:
        want = runs["portraitkit"]()
        for run in runs.values():
            np.testing.assert_allclose(run(), want, rtol=1e-4)
        both = {name: runs[name] for name in (peer, "portraitkit")}
        ratios(f"n-pair loss + gradient, {n}x128", both, goal=goal, rounds=25)
        rest = {name: run for name, run in runs.items() if name != peer}
        ratios(f"n-pair loss + gradient, {n}x128", rest, rounds=10)
    finally:
        for run in runs.values():
            run.close()
