"""Gradients: closed form = torch = jax = finite differences; none where none is due."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from oracles.losses import central_differences

from portraitkit import losses


def calls(case, features):
    """Each loss as a function of its first argument, that argument, its closed form."""
    logits, soft, target, kernel = case
    rows, classes = features
    apart = rows[:18], classes[:18]  # differences have a kink where two are equal
    out = {}
    for reduction in ("mean", "sum"):
        knobs = {"reduction": reduction}
        out[f"soft {reduction}"] = (
            logits,
            lambda put, z, k=knobs: losses.soft_label_loss(
                z, put(soft), weight=put(kernel), **k
            ),
            losses.soft_label_grad(logits, soft, weight=kernel, **knobs),
        )
        out[f"global {reduction}"] = (
            logits,
            lambda put, z, k=knobs: losses.global_kernel_loss(
                z, put(target), put(kernel), **k
            ),
            losses.global_kernel_grad(logits, target, kernel, **knobs),
        )
        out[f"boundary {reduction}"] = (
            logits,
            lambda put, z, k=knobs: losses.boundary_sensitive_loss(
                z, put(soft), put(target), put(kernel), **k
            ),
            losses.soft_label_grad(logits, soft, **knobs)
            + losses.global_kernel_grad(logits, target, kernel, **knobs),
        )
    for form in ("printed", "softplus"):
        out[f"pairs {form}"] = (
            rows,
            lambda put, f, form=form: losses.n_pair_loss(f, put(classes), form=form),
            losses.n_pair_grad(rows, classes, form=form),
        )
    knobs = {"seed": 0, "n_iter": 2, "n_inst": 2, "n_samp": 3}
    out["sampled"] = (
        apart[0],
        lambda put, f: losses.sampled_n_pair_loss(f, put(apart[1]), **knobs),
        None,
    )
    out["edge"] = (
        logits[..., 0],
        lambda put, z: losses.balanced_edge_loss(z, put(target == 1)),
        None,
    )
    out["consistency"] = (
        logits,
        lambda put, z: losses.consistency_loss(z, put(soft)),
        losses.soft_label_grad(logits, soft),
    )
    return out


NAMES = [
    *(f"{n} {r}" for n in ("soft", "global", "boundary") for r in ("mean", "sum")),
    *("pairs printed", "pairs softplus", "sampled", "edge", "consistency"),
]


@pytest.mark.parametrize("name", NAMES)
class TestEveryLoss:
    def test_torch(self, torch, case, features, name):
        point, loss, closed = calls(case, features)[name]
        x = torch.tensor(point, requires_grad=True)
        (grad,) = torch.autograd.grad(loss(torch.asarray, x), x)
        if closed is None:
            closed = central_differences(lambda p: loss(np.asarray, p), point)
        assert_allclose(grad, closed, rtol=1e-6, atol=1e-8)

    def test_jax(self, jax, case, features, name):
        point, loss, closed = calls(case, features)[name]
        x, ready = jax.numpy.asarray(point), {}

        def put(array):  # once, outside jit: the draws need to know the classes
            return ready.setdefault(id(array), jax.numpy.asarray(array))

        loss(put, x)
        grad = jax.jit(jax.grad(lambda x: loss(put, x)))(x)
        assert grad.dtype == np.float32
        if closed is not None:
            assert_allclose(grad, closed, rtol=1e-3, atol=1e-5)

    def test_torch_gradcheck(self, torch, case, features, name):
        features = features[0][:18], features[1][:18]  # no kink
        point, loss, _ = calls(case, features)[name]
        x = torch.tensor(point, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(lambda x: loss(torch.asarray, x), x)


@pytest.mark.parametrize("name", [*NAMES[:6], "consistency"])
def test_closed_form_is_the_finite_difference(case, features, name):
    point, loss, closed = calls(case, features)[name]
    numeric = central_differences(lambda p: loss(np.asarray, p), point)
    assert_allclose(closed, numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("form", ["printed", "softplus"])
def test_closed_pair_gradient_is_the_finite_difference(rng, form):
    rows, classes = rng.normal(size=(140, 2)), rng.integers(0, 3, 140)
    numeric = central_differences(
        lambda p: losses.n_pair_loss(p, classes, form=form), rows
    )
    got = losses.n_pair_grad(rows, classes, form=form)
    assert_allclose(got, numeric, rtol=1e-5, atol=1e-7)


class TestIdenticalFeatures:
    @pytest.mark.parametrize("value", [0, -3e4])
    def test_gradient_is_zero_everywhere(self, xp, value):
        rows = xp.asarray(np.full((150, 5), value, np.float32))
        classes = xp.asarray(np.arange(150) % 3)
        loss, grad = losses.n_pair_loss_and_grad(rows, classes)
        assert_allclose(float(loss), 100 * np.log(1.5), rtol=1e-6)
        assert np.count_nonzero(np.asarray(grad)) == 0

    @pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
    def test_torch(self, torch, dtype):
        x = torch.ones((5, 3), dtype=getattr(torch, dtype), requires_grad=True)
        losses.n_pair_loss(x, torch.asarray([0, 0, 1, 1, 1])).backward()
        assert x.grad.dtype == x.dtype
        assert (x.grad == 0).all()

    def test_jax(self, jax):
        x, classes = jax.numpy.ones((5, 3)), jax.numpy.asarray([0, 0, 1, 1, 1])
        grad = jax.jit(jax.grad(losses.n_pair_loss))(x, classes)
        assert (grad == 0).all()


class TestConsensusIsALabel:
    def test_torch(self, torch, rng):
        branches = torch.tensor(rng.normal(size=(3, 4, 2)), requires_grad=True)
        labels = losses.consensus_labels(branches, branch=1)
        assert not labels.requires_grad
        soft = torch.full((4, 2), 0.5, requires_grad=True)
        losses.consistency_loss(branches[1], soft).backward()
        assert soft.grad is None
        assert (branches.grad[1] != 0).all()
        assert (branches.grad[[0, 2]] == 0).all()

    @pytest.mark.parametrize("wrap", ["jit", "checkpoint"])
    def test_jax(self, jax, rng, wrap):
        def total(branches):
            labels = losses.consensus_labels(branches, branch=1)
            return losses.consistency_loss(branches[1], labels)

        branches = jax.numpy.asarray(rng.normal(size=(3, 4, 2)))
        grad = jax.grad(getattr(jax, wrap)(total))(branches)
        assert (grad[1] != 0).all()
        assert (grad[jax.numpy.asarray([0, 2])] == 0).all()
        soft = jax.numpy.full((4, 2), 0.5)
        assert (
            jax.grad(losses.consistency_loss, argnums=1)(branches[1], soft) == 0
        ).all()


def test_labels_and_weights_are_differentiable(torch, case):
    logits, soft, _, weight = (torch.tensor(a) for a in case)
    soft.requires_grad_()
    weight.requires_grad_()
    assert torch.autograd.gradcheck(
        lambda s, w: losses.soft_label_loss(logits, s, weight=w), (soft, weight)
    )
