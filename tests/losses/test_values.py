"""Every loss, every array library, one oracle."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from oracles import losses as oracle

from portraitkit import losses

REDUCE = {"mean": np.mean, "sum": np.sum, "none": np.asarray}


def put(xp, *arrays, dtype="float32", axis=-1):
    """Arrays of `xp`: floats of one dtype, of 4 dimensions with classes on `axis`."""
    out = []
    for a in arrays:
        a = np.moveaxis(a, -1, axis) if a.ndim == 4 else a
        is_float = a.dtype.kind == "f"
        out.append(xp.asarray(a.astype(dtype) if is_float else a.astype(np.int32)))
    return out


def np_of(array):
    return np.asarray(array)


@pytest.mark.parametrize("axis", [-1, 1])
@pytest.mark.parametrize("reduction", REDUCE)
class TestPixelLosses:
    def test_soft_label(self, xp, case, axis, reduction):
        logits, soft, _, weight = case
        expected = REDUCE[reduction](oracle.soft_label(logits, soft) * weight)
        z, k, w = put(xp, logits, soft, weight, axis=axis)
        got = losses.soft_label_loss(z, k, weight=w, axis=axis, reduction=reduction)
        assert_allclose(np_of(got), expected, rtol=1e-5, atol=1e-6)
        plain = losses.soft_label_loss(z, k, axis=axis, reduction=reduction)
        expected = REDUCE[reduction](oracle.soft_label(logits, soft))
        assert_allclose(np_of(plain), expected, rtol=1e-5, atol=1e-6)

    def test_global_kernel(self, xp, case, axis, reduction):
        logits, _, target, kernel = case
        expected = REDUCE[reduction](oracle.global_kernel(logits, target, kernel))
        z, k = put(xp, logits, kernel, axis=axis)
        got = losses.global_kernel_loss(
            z, xp.asarray(target), k, axis=axis, reduction=reduction
        )
        assert_allclose(np_of(got), expected, rtol=1e-5, atol=1e-6)

    def test_boundary_sensitive(self, xp, case, axis, reduction):
        logits, soft, target, kernel = case
        expected = REDUCE[reduction](
            oracle.soft_label(logits, soft)
            + oracle.global_kernel(logits, target, kernel)
        )
        z, s, k = put(xp, logits, soft, kernel, axis=axis)
        got = losses.boundary_sensitive_loss(
            z, s, xp.asarray(target), k, axis=axis, reduction=reduction
        )
        assert_allclose(np_of(got), expected, rtol=1e-5, atol=1e-6)

    def test_consistency(self, xp, case, axis, reduction):
        logits, soft, _, _ = case
        expected = REDUCE[reduction](oracle.soft_label(logits, soft))
        z, c = put(xp, logits, soft, axis=axis)
        got = losses.consistency_loss(z, c, axis=axis, reduction=reduction)
        assert_allclose(np_of(got), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("reduction", REDUCE)
@pytest.mark.parametrize("spelling", [bool, np.uint8, np.int64, np.float32])
def test_balanced_edge(xp, rng, reduction, spelling):
    logits = rng.normal(size=(3, 5, 6)) * 4
    edge = rng.random((3, 5, 6)) < np.array([0.1, 0.5, 0.9])[:, None, None]
    each = [oracle.balanced_edge(z, e) for z, e in zip(logits, edge, strict=True)]
    z, e = xp.asarray(logits.astype(np.float32)), xp.asarray(edge.astype(spelling))
    got = losses.balanced_edge_loss(z, e, reduction=reduction)
    assert_allclose(np_of(got), REDUCE[reduction](each), rtol=1e-5, atol=1e-6)
    if spelling == np.uint8:
        got = losses.balanced_edge_loss(z, e * 255, reduction=reduction)
        assert_allclose(np_of(got), REDUCE[reduction](each), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("branch", [0, 1, 3])
def test_consensus(xp, rng, branch):
    logits = rng.normal(size=(4, 6, 3)) * 3
    expected = oracle.consensus(logits, branch)
    z = xp.asarray(logits.astype(np.float32))
    got = losses.consensus_labels(z, branch=branch)
    assert_allclose(np_of(got), expected, rtol=1e-5)
    first = losses.consensus_labels(
        xp.asarray(np.moveaxis(logits, -1, 1).astype(np.float32)), branch=branch, axis=1
    )
    assert_allclose(np_of(first), expected.T, rtol=1e-5)


@pytest.mark.parametrize(
    ("n", "form"),
    [(1, "printed"), (20, "printed"), (20, "softplus"), (150, "printed")],
)
def test_n_pair(xp, rng, form, n):
    rows, classes = rng.normal(size=(n, 5)), rng.integers(-1, 3, n)
    rows[n // 2] = rows[0]
    f, c = put(xp, rows, classes)
    rows = np_of(f).astype(float)  # what float32 holds
    loss, grad = losses.n_pair_loss_and_grad(f, c, form=form)
    assert_allclose(np_of(loss), oracle.n_pair(rows, classes, form), rtol=2e-6)
    expected = oracle.n_pair_grad(rows, classes, form)
    assert_allclose(np_of(grad), expected, rtol=1e-4, atol=2e-5)
    assert_allclose(np_of(losses.n_pair_loss(f, c, form=form)), np_of(loss), rtol=1e-7)
    assert np.array_equal(np_of(losses.n_pair_grad(f, c, form=form)), np_of(grad))


@pytest.mark.parametrize("reduction", REDUCE)
@pytest.mark.parametrize("axis", [-1, 1])
def test_closed_gradients_are_softmax_minus_label(xp, case, reduction, axis):
    logits, soft, target, kernel = case
    soft_max = np.apply_along_axis(oracle.softmax, -1, logits)
    count = target.size if reduction == "mean" else 1
    z, s, k = put(xp, logits, soft, kernel, axis=axis)
    got = losses.soft_label_grad(z, s, weight=k, axis=axis, reduction=reduction)
    expected = (soft_max - soft) * kernel[..., None] / count
    assert_allclose(np.moveaxis(np_of(got), axis, -1), expected, atol=1e-6)
    got = losses.global_kernel_grad(
        z, xp.asarray(target), k, axis=axis, reduction=reduction
    )
    expected = (soft_max - np.eye(3)[target]) * kernel[..., None] / count
    assert_allclose(np.moveaxis(np_of(got), axis, -1), expected, atol=1e-6)


class TestSampled:
    def test_few_pixels_are_the_whole_loss(self, xp, features):
        rows, classes = features
        f, c = put(xp, rows, classes)
        got = losses.sampled_n_pair_loss(f, c, seed=1, n_inst=9)
        assert_allclose(np_of(got), oracle.n_pair(rows, classes, "printed"), rtol=1e-5)

    def test_same_seed_same_pixels_in_every_library(self, xp, rng):
        rows, classes = rng.normal(size=(90, 3)), rng.permutation(90) % 5
        knobs = {"n_iter": 3, "n_inst": 2, "n_samp": 7}
        want = losses.sampled_n_pair_loss(rows, classes, seed=3, **knobs)
        f, c = put(xp, rows, classes)
        for _ in range(2):
            got = losses.sampled_n_pair_loss(f, c, seed=3, **knobs)
            assert_allclose(np_of(got), want, rtol=1e-5)
        other = losses.sampled_n_pair_loss(f, c, seed=4, **knobs)
        assert abs(float(other) - float(want)) > 1e-3

    def test_is_the_mean_over_draws_of_so_many_pixels(self, monkeypatch, rng):
        from portraitkit.losses import sampled_n_pair

        drawn = []

        def spy(features, classes):
            drawn.append(classes)
            assert len({tuple(row) for row in features}) == len(features)
            return float(len(drawn))

        monkeypatch.setattr(sampled_n_pair, "n_pair_loss", spy)
        rows, classes = rng.normal(size=(900, 2)), np.repeat([4, 7, 9], 300)
        got = losses.sampled_n_pair_loss(
            rows, classes, seed=0, n_iter=4, n_inst=2, n_samp=11
        )
        assert got == 2.5
        assert [np.unique(c, return_counts=True)[1].tolist() for c in drawn] == [
            [11, 11]
        ] * 4
        assert len({tuple(np.unique(c)) for c in drawn}) > 1

    def test_defaults_are_those_of_the_paper(self):
        import inspect

        knobs = inspect.signature(losses.sampled_n_pair_loss).parameters
        assert {k: knobs[k].default for k in ("n_iter", "n_inst", "n_samp")} == {
            "n_iter": 10,
            "n_inst": 3,
            "n_samp": 1000,
        }
