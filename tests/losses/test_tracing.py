"""The same numbers where there are no values yet: jit, vmap, torch.compile."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from portraitkit import losses


def four(z, soft, target, kernel):
    return (
        losses.boundary_sensitive_loss(z, soft, target, kernel),
        losses.balanced_edge_loss(z[..., 0], target == 1),
        losses.consistency_loss(z, soft),
        losses.soft_label_grad(z, soft, weight=kernel)
        + losses.global_kernel_grad(z, target, kernel),
    )


def same(got, want):
    for a, b in zip(got, want, strict=True):
        assert_allclose(np.asarray(a), np.asarray(b), rtol=1e-5, atol=1e-6)


@pytest.fixture
def singles(case):
    return tuple(a.astype(np.float32) if a.dtype.kind == "f" else a for a in case)


class TestJax:
    def test_jit(self, jax, singles):
        arrays = [jax.numpy.asarray(a) for a in singles]
        same(jax.jit(four)(*arrays), four(*singles))

    def test_vmap_is_a_loop_over_images(self, jax, singles):
        arrays = [jax.numpy.asarray(a) for a in singles]
        got = jax.jit(jax.vmap(four, in_axes=(0, 0, 0, None)))(*arrays)
        z, s, t, k = singles
        want = [four(z[i], s[i], t[i], k) for i in range(2)]
        same(got, [np.stack(column) for column in zip(*want, strict=True)])

    def test_pairs_under_vmap_of_grad(self, jax, features):
        rows, classes = (jax.numpy.asarray(a) for a in features)
        batch = jax.numpy.stack([rows, rows[::-1] * 2])
        grads = jax.jit(jax.vmap(jax.grad(losses.n_pair_loss), in_axes=(0, None)))
        got = grads(batch, classes)
        want = [losses.n_pair_grad(f, classes) for f in batch]
        same(got, want)

    def test_a_class_out_of_range_is_nan_not_a_number(self, jax, singles):
        z, _, t, k = (jax.numpy.asarray(a) for a in singles)
        bad = t.at[0, 0, 0].set(3)
        loss = jax.jit(losses.global_kernel_loss)(z, bad, k)
        grad = jax.jit(jax.grad(losses.global_kernel_loss))(z, bad, k)
        closed = jax.jit(losses.global_kernel_grad)(z, bad, k)
        assert np.isnan(loss)
        for each in (grad, closed):
            assert np.isnan(each[0, 0, 0]).all()
            assert np.isfinite(each).sum() == each.size - 3
        edge = jax.jit(losses.balanced_edge_loss)(z[..., 0], bad)
        assert np.isnan(edge)

    @pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
    def test_features_that_are_not_finite_give_nan(self, jax, features, bad):
        rows, classes = (jax.numpy.asarray(a) for a in features)
        rows = rows.at[0, 0].set(bad)
        loss, grad = jax.jit(losses.n_pair_loss_and_grad)(rows, classes)
        assert np.isnan(loss)
        assert np.isnan(grad).any()

    def test_draws_need_known_classes(self, jax, features):
        rows, classes = (jax.numpy.asarray(a) for a in features)

        def loss(f, c):
            return losses.sampled_n_pair_loss(f, c, seed=0, n_iter=1)

        with pytest.raises(
            TypeError, match=r"classes must have known values.*[Cc]lose"
        ):
            jax.jit(loss)(rows, classes)
        got = jax.jit(lambda f: loss(f, classes))(rows)
        assert_allclose(got, loss(*features), rtol=1e-5)


class TestTorch:
    def test_vmap_is_a_loop_over_images(self, torch, singles):
        arrays = [torch.asarray(a) for a in singles]
        got = torch.func.vmap(four, in_dims=(0, 0, 0, None))(*arrays)
        z, s, t, k = singles
        want = [four(z[i], s[i], t[i], k) for i in range(2)]
        same(got, [np.stack(column) for column in zip(*want, strict=True)])

    def test_functional_gradient(self, torch, features):
        rows, classes = (torch.asarray(a) for a in features)
        got = torch.func.grad(losses.n_pair_loss)(rows, classes)
        assert_allclose(got, losses.n_pair_grad(*features), rtol=1e-6, atol=1e-9)

    def test_a_class_out_of_range_is_nan_under_vmap(self, torch, singles):
        z, _, t, k = (torch.asarray(a) for a in singles)
        t[0, 0, 0] = 7
        each = torch.func.vmap(losses.global_kernel_loss, in_dims=(0, 0, None))(z, t, k)
        assert each.isnan().tolist() == [True, False]

    def test_compile_in_one_graph(self, torch, singles, features):
        torch.compiler.reset()
        arrays = [torch.asarray(a) for a in singles]
        whole = torch.compile(four, backend="eager", fullgraph=True)
        same(whole(*arrays), four(*singles))
        rows, classes = (torch.asarray(a) for a in features)
        rows.requires_grad_()
        pairs = torch.compile(losses.n_pair_loss, backend="aot_eager", fullgraph=True)
        pairs(rows, classes).backward()
        want = losses.n_pair_grad(*features)
        assert_allclose(rows.grad, want, rtol=1e-6, atol=1e-9)
