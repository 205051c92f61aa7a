"""The superpixel paper's argument, in small: what it costs, and that it is learned."""

import re

import numpy as np
import pytest
from backends import require

from portraitkit.io import read_image

PRICES = (
    *("--size", 48, 36, "--superpixels", 100, "--n-iter", 4, "--n-samp", 150),
    *("--features", 8, "--threads", 1),
)
TRAINING = *PRICES, "--limit", 8, "--steps", 50, "--batch", 2


@pytest.fixture
def torch():
    return require("torch")


def test_it_learns_and_superpixels_are_the_cheapest(torch, example, folder, tmp_path):
    told = example("superpixel_n_pair.py", "--data", folder, *TRAINING, "-o", "out.jpg")
    held = [
        [float(mb) for mb in re.findall(r"([\d.]+) MB", line)]
        for line in told.splitlines()
        if re.match(r" +\d+x\d+ ", line)
    ]
    assert len(held) == 5
    assert all(sampled > 5 * superpixels for superpixels, sampled, *_ in held[1:])
    rows = dict(
        re.findall(
            r"^(untrained|superpixels|sampled.*?) +(0\.\d+ .*)$", told, re.MULTILINE
        )
    )
    score = {name: [float(v) for v in line.split()] for name, line in rows.items()}
    assert len(score) == 4
    for name in ("superpixels", "sampled as published", "sampled, as many"):
        iou, guided, pairs = score[name]
        assert min(iou, guided) > score["untrained"][0]
        assert pairs > max(score["untrained"][2], 0.8)
    assert told.count("50 steps in") == 3
    page = read_image(tmp_path / "out.jpg")
    assert page.shape == (48 + 8 + 30, 8 * (36 + 8) + 8, 3)
    assert page[30:, 52:].std() > 20


def test_the_table_alone(torch, example):
    told = example("n_pair_losses.py", *PRICES)
    assert len(re.findall(r"^ +\d+x\d+ ", told, re.MULTILINE)) == 5


def test_separability_is_the_share_of_pairs_in_order(torch, modules, rng):
    from superpixel_n_pair import separability

    features, person = rng.random((6, 5, 3)), rng.random((6, 5)) < 0.4
    line = features[person].mean(axis=0) - features[~person].mean(axis=0)
    values = features @ line
    pairs = [q < p for p in values[person] for q in values[~person]]
    assert separability(features, person) == pytest.approx(np.mean(pairs))


def test_the_nearest_mean_decides(torch, modules):
    from superpixel_n_pair import nearest_mean

    means = {0: np.array([0.0, 0]), 1: np.array([4.0, 0]), 2: np.array([0, 4.0])}
    features = np.array([[[1, 0], [3, 0], [0, 3], [1, 1]]], float)
    np.testing.assert_array_equal(
        nearest_mean(features, means), [[False, True, True, False]]
    )


def test_what_is_held_for_a_gradient_is_counted_once(torch, modules):
    from n_pair_losses import Example, price

    def loss(features, example, seed):
        doubled = 2 * features
        return (doubled * doubled).sum() + (doubled**3).sum()

    example = Example(np.zeros((5, 7, 3), np.uint8), np.zeros((5, 7), np.int64))
    _, held = price(loss, example, 4)
    assert held == 4 * 5 * 7 * 4  # float32: `doubled`, and not the features themselves


def test_face_points_make_a_class_of_their_own(torch, modules, folder):
    from superpixel_n_pair import parse, read

    for face, most in ((True, 2), (False, 1)):
        flag = "--face" if face else "--no-face"
        args = parse(["--limit", "3", "--size", "64", "48", flag])
        for example in read(None, args):
            assert example.classes.max() == most
            assert (
                example.mirrored.classes[:, ::-1].tolist() == example.classes.tolist()
            )
