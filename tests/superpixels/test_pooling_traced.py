"""Pooling under torch's autograd and compiler, and under jax's jit and grad."""

import numpy as np
import pytest
from backends import require
from numpy.testing import assert_allclose, assert_array_equal
from oracles import pooling as oracle

from portraitkit.superpixels import (
    pad_superpixels,
    pool_majority,
    pool_mean,
    pool_mean_grad,
    unpool,
)

K = 5


@pytest.fixture
def case(rng):
    values = rng.normal(size=(6, 7, 3))
    labels = rng.integers(-1, K, (6, 7))
    return values, labels, rng.integers(0, 3, (6, 7))


def loss(values, labels):
    """Touch everything that is differentiable once."""
    pooled = pool_mean(values, labels, n_labels=K)
    padded, _ = pad_superpixels(pooled, labels.reshape(-1)[:K], n_labels=8)
    return (unpool(padded, labels) ** 2).sum()


def gradient(values, labels):
    """Of `loss`, by hand: each superpixel's mean is painted on its own pixels."""
    painted = oracle.unpool(oracle.pool_mean(values, labels, K), labels)
    return 2 * painted


class TestTorch:
    def test_autograd_knows_the_gradient(self, case):
        torch = require("torch")
        values, labels = torch.tensor(case[0], requires_grad=True), case[1]
        loss(values, torch.tensor(labels)).backward()
        assert_allclose(values.grad.numpy(), gradient(case[0], labels), atol=1e-12)

    def test_autograd_equals_pool_mean_grad(self, case, rng):
        torch = require("torch")
        values, labels = torch.tensor(case[0], requires_grad=True), case[1]
        grad = rng.normal(size=(K, 3))
        pool_mean(values, labels, n_labels=K).backward(torch.tensor(grad))
        assert_allclose(values.grad.numpy(), pool_mean_grad(grad, labels))

    def test_second_derivatives(self, case):
        torch = require("torch")
        values = torch.tensor(case[0], requires_grad=True)
        assert torch.autograd.gradgradcheck(
            lambda v: loss(v, torch.tensor(case[1])), (values,)
        )

    def test_compiled_whole(self, case):
        torch = require("torch")
        whole = torch.compile(loss, fullgraph=True, backend="aot_eager")
        values, labels = torch.tensor(case[0], requires_grad=True), case[1]
        whole(values, torch.tensor(labels)).backward()
        assert_allclose(values.grad.numpy(), gradient(case[0], labels), atol=1e-12)

    def test_majority_compiled(self, case):
        torch = require("torch")
        whole = torch.compile(
            lambda c, s: pool_majority(c, s, n_labels=K),
            fullgraph=True,
            backend="aot_eager",
        )
        got = whole(torch.tensor(case[2]), torch.tensor(case[1]))
        expected = oracle.pool_majority(case[2], case[1], K)
        assert_array_equal(got.numpy(), expected)

    def test_half_precision_is_kept_and_adds_in_float32(self):
        torch = require("torch")
        values = torch.full((100, 100), 0.1, dtype=torch.bfloat16)
        got = pool_mean(values, torch.zeros(100, 100, dtype=torch.long))
        assert got.dtype == torch.bfloat16
        assert got[0, 0] == values[0, 0]

    @pytest.mark.parametrize("channels", [1, 64])
    def test_on_the_accelerator(self, channels):
        torch = require("torch")
        if not torch.cuda.is_available():
            pytest.skip("no CUDA device")
        values = torch.randn(64, 65, channels, device="cuda")
        labels = torch.randint(-1, 40, (64, 65), device="cuda")
        first = pool_mean(values, labels, n_labels=40)
        assert first.device == values.device
        assert torch.equal(first, pool_mean(values, labels, n_labels=40))
        expected = pool_mean(values.cpu(), labels.cpu(), n_labels=40)
        assert_allclose(first.cpu(), expected, atol=1e-5)


class TestJax:
    def test_jit_and_grad(self, case):
        jax = require("jax")
        values, labels = case[0].astype(np.float32), case[1]
        whole = jax.jit(jax.grad(loss))
        got = whole(jax.numpy.asarray(values), jax.numpy.asarray(labels))
        assert_allclose(np.asarray(got), gradient(values, labels), atol=1e-5)

    def test_majority_under_jit(self, case):
        jax = require("jax")
        whole = jax.jit(lambda c, s: pool_majority(c, s, n_labels=K))
        got = whole(case[2], case[1])
        assert_array_equal(got, oracle.pool_majority(case[2], case[1], K))

    def test_jit_needs_n_labels(self, case):
        jax = require("jax")
        with pytest.raises(ValueError, match="n_labels must be given while"):
            jax.jit(pool_mean)(case[0], case[1])

    def test_known_labels_are_checked_even_under_jit(self):
        jax = require("jax")
        whole = jax.jit(lambda v: pool_mean(v, np.array([[-3]]), n_labels=1))
        with pytest.raises(ValueError, match="labels must be >= 0"):
            whole(np.ones((1, 1), np.float32))

    def test_traced_labels_out_of_range_take_no_part(self):
        jax = require("jax")
        whole = jax.jit(lambda v, s: pool_mean(v, s, n_labels=1))
        got = whole(np.ones((1, 3), np.float32), np.array([[0, 5, -7]]))
        assert_array_equal(got, [[1]])
