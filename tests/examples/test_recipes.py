"""Each recipe trains on eight portraits, real ones where the tester has them."""

import importlib.util
import json
import re

import numpy as np
import pytest
from backends import require

from portraitkit.metrics import mean_iou
from portraitkit.models import load_model

IOU = r"IoU on the 8 training portraits: ([\d.]+)"


def number(pattern, text):
    return float(re.search(pattern, text).group(1))


def losses(text):
    return [float(value) for value in re.findall(r"loss ([\d.]+)", text)]


@pytest.fixture
def attributes(folder, tmp_path, modules):
    """Say of each portrait whether its background is bright: seen by any network."""
    from portraits import read_portraits

    portraits = read_portraits(folder, limit=8)
    light = {p.name: float(p.image[~p.mask].mean()) for p in portraits}
    middle = np.median(list(light.values()))
    path = tmp_path / "attributes.json"
    path.write_text(json.dumps({n: int(v > middle) for n, v in light.items()}))
    return path


def test_torch_overfits_and_exports(example, folder, attributes, tmp_path):
    require("torch")
    require("onnx")
    from portraits import read_portraits

    told = example(
        *("train_torch.py", "--data", folder, "--limit", 8, "--steps", 80),
        *("--workers", 2, "--start", "fork", "-o", "net.onnx"),
        *("--attributes", attributes, "--attribute-weight", 0.3),
    )
    assert number(IOU, told) >= 0.9
    assert number(r"attribute accuracy: ([\d.]+)", told) >= 0.75
    assert number(r"probabilities within ([\d.e-]+)", told) <= 1e-4
    model = load_model(tmp_path / "net.onnx", device="cpu")
    portraits = read_portraits(folder, limit=8)
    found = [model(p.image) >= 0.5 for p in portraits]
    assert mean_iou(found, [p.mask for p in portraits]) >= 0.9


def test_workers_change_nothing(example, folder):
    require("torch")
    require("onnx")
    short = ("train_torch.py", "--data", folder, "--limit", 8, "--steps", 3)
    alone = losses(example(*short))
    assert len(alone) == 2
    for way in ("fork", "spawn"):
        assert losses(example(*short, "--workers", 2, "--start", way)) == alone


@pytest.mark.parametrize("by_hand", [False, True])
def test_jax_overfits(example, folder, by_hand):
    require("jax")
    if not by_hand and importlib.util.find_spec("optax") is None:
        pytest.skip("optax is not installed")
    more = ["--by-hand"] if by_hand else []
    told = example(
        *("train_jax.py", "--data", folder, "--limit", 8),
        *("--size", 64, 48, "--width", 2, "--steps", 80, *more),
    )
    assert losses(told)[-1] < 0.5 * losses(told)[0]
    assert number(IOU, told) >= 0.85


def test_numpy_descends(example, folder):
    told = example("train_numpy.py", "--data", folder, "--limit", 8)
    values = losses(told)
    assert values == sorted(values, reverse=True)
    alone = number(r"mean mask alone: ([\d.]+)", told)
    assert number(IOU, told) >= alone + 0.02
