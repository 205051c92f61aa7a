"""``portraitkit kernels`` precomputes what a trainer loads."""

import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image

from portraitkit.kernels import MeanMask, global_kernel, individual_kernel, label_map


@pytest.fixture
def masks(tmp_path):
    """Two masks in a tree and one file that is no mask."""
    made = {}
    for number, name in enumerate(["a", "sub/b"]):
        mask = np.zeros((40, 30), bool)
        mask[15 + number :, 8:22] = True
        path = tmp_path / "in" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(mask).save(path)
        made[name] = mask
    return made


@pytest.mark.parametrize("jobs", [1, 2])
def test_arrays_equal_the_functions(cli, tmp_path, masks, jobs):
    arguments = ("--width", 6, "--normalize", "proximity", "--jobs", jobs)
    assert cli("kernels", "in", "-o", "out", *arguments).code == 0
    for name, mask in masks.items():
        with np.load(tmp_path / f"out/{name}.kernel.npz") as arrays:
            want = individual_kernel(mask, width=6, normalize="proximity")
            assert_array_equal(arrays["kernel"], want)
            assert_array_equal(arrays["labels"], label_map(mask, width=6))


def test_png_is_rounded(cli, tmp_path, masks):
    arguments = ("--format", "png", "--normalize", "max", "--preview")
    assert cli("kernels", "in", "-o", "out", *arguments).code == 0
    got = np.asarray(Image.open(tmp_path / "out/a.kernel.png"))
    want = individual_kernel(masks["a"], normalize="max")
    assert np.abs(got / 255 - want).max() <= 0.5 / 255 + 1e-6
    assert np.asarray(Image.open(tmp_path / "out/a.preview.png")).shape[:2] == (40, 30)


def test_preview_of_an_empty_mask_is_background(cli, tmp_path):
    Image.new("L", (5, 4)).save(tmp_path / "m.png")
    assert cli("kernels", "m.png", "-o", "out", "--preview").code == 0
    assert (
        np.asarray(Image.open(tmp_path / "out/m.preview.png")).std(axis=(0, 1)).max()
        == 0
    )


def test_mean_mask_and_global_kernel(cli, tmp_path, masks):
    arguments = ("--mean-mask", "prior.npz", "--global-kernel")
    assert cli("kernels", "in", "-o", "out", *arguments).code == 0
    mean = MeanMask.load(tmp_path / "prior.npz")
    assert mean.count == 2
    assert_array_equal(mean.mean, np.mean(list(masks.values()), axis=0, dtype="f4"))
    with np.load(tmp_path / "out/global_kernel.npz") as arrays:
        assert_array_equal(arrays["kernel"], global_kernel(mean.mean))
    assert np.asarray(Image.open(tmp_path / "out/global_kernel.png")).shape[:2] == (
        40,
        30,
    )


def test_a_mean_mask_that_is_there_is_used(cli, tmp_path, masks):
    other = MeanMask((4, 3))
    other.update(np.ones((4, 3), bool))
    other.save(tmp_path / "prior.npz")
    before = (tmp_path / "prior.npz").read_bytes()
    arguments = ("--mean-mask", "prior.npz", "--global-kernel")
    assert cli("kernels", "in", "-o", "out", *arguments).code == 0
    assert (tmp_path / "prior.npz").read_bytes() == before
    with np.load(tmp_path / "out/global_kernel.npz") as arrays:
        assert arrays["kernel"].shape == (4, 3)


def test_resume_keeps_what_is_done(cli, tmp_path, masks):
    assert cli("kernels", "in", "-o", "out").code == 0
    stamp = (tmp_path / "out/a.kernel.npz").stat().st_mtime_ns
    assert cli("kernels", "in", "-o", "out").code == 2
    assert cli("kernels", "in", "-o", "out", "--resume").code == 0
    assert (tmp_path / "out/a.kernel.npz").stat().st_mtime_ns == stamp


def test_a_file_that_is_no_mask_fails_alone(cli, tmp_path, masks, portrait):
    Image.fromarray(portrait).save(tmp_path / "in/photo.png")
    done = cli("kernels", "in", "-o", "out", "--mean-mask", "prior.npz")
    assert done.code == 1
    assert "photo.png" in done.err
    assert (tmp_path / "out/sub/b.kernel.npz").is_file()
    assert MeanMask.load(tmp_path / "prior.npz").count == 2
    text = (tmp_path / "out/manifest.jsonl").read_text()
    statuses = [json.loads(line)["status"] for line in text.splitlines()]
    assert statuses == ["ok", "failed", "ok"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--width", "0"), "--width"),
        (("--normalize", "l2"), "--normalize"),
        (("--format", "tiff"), "--format"),
        (("--mean-mask", "in/a.png"), "--mean-mask"),
    ],
)
def test_wrong_usage(cli, masks, arguments, error):
    done = cli("kernels", "in", "-o", "out", *arguments)
    assert done.code == 2
    assert error in done.err
