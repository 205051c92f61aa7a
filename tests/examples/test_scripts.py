"""The small scripts, and what they have made."""

from pathlib import Path

import numpy as np
import pytest
from backends import require

from portraitkit.io import read_image, write_mask
from portraitkit.kernels import MeanMask, mean_mask

EXAMPLES = Path(__file__).parents[2] / "examples"
NEEDS = {
    "n_pair_losses.py": "torch",
    "overfit.py": "torch",
    "superpixel_n_pair.py": "torch",
    "train_torch.py": "torch",
    "train_jax.py": "jax",
}


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_every_example_explains_itself(example, name):
    if name in NEEDS:
        require(NEEDS[name])
    assert name in example(name, "--help")


def test_the_figure_is_drawn(example, tmp_path):
    example("boundary_kernels_figure.py", "-o", "figure.png")
    found = read_image(tmp_path / "figure.png")
    shown = read_image(EXAMPLES.parent / "docs/images/kernels.png")
    assert found.shape == shown.shape


def test_the_sheets_are_drawn(example, tmp_path):
    for name in ("augment", "portraits"):
        example(f"{name}.py", "-o", f"{name}.png")
        assert read_image(tmp_path / f"{name}.png").std() > 30


def test_the_committed_mean_is_of_the_training_masks():
    prior = MeanMask.load(EXAMPLES / "data/mean_mask_64x48.npz")
    assert (prior.count, prior.shape) == (1330, (64, 48))
    assert prior.mean[32:, 16:32].min() > 0.85
    assert prior.mean[:4, :4].max() < 0.1


def test_a_mean_mask_does_not_depend_on_the_workers(example, tmp_path, rng):
    masks = rng.random((5, 40, 30)) < 0.5
    (tmp_path / "masks/more").mkdir(parents=True)
    for number, mask in enumerate(masks):
        place = "more/" if number > 2 else ""
        write_mask(tmp_path / f"masks/{place}{number}.png", mask)
    for jobs in (1, 2):
        example("fit_mean_mask.py", "masks", "-o", f"{jobs}.npz",
                "--shape", 8, 6, "--jobs", jobs)  # fmt: skip
    assert (tmp_path / "1.npz").read_bytes() == (tmp_path / "2.npz").read_bytes()
    found = MeanMask.load(tmp_path / "2.npz")
    np.testing.assert_array_equal(found.mean, mean_mask(masks, shape=(8, 6)))
