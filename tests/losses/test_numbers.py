"""Dtypes in and out, extreme numbers, empty and full masks, precision."""

import warnings

import numpy as np
import pytest
from array_api_compat import array_namespace
from numpy.testing import assert_allclose
from oracles import losses as oracle

from portraitkit import losses


def floats(kind, *arrays):
    """Arrays of a library and float dtype."""
    xp, dtype = kind
    compat = array_namespace(xp.asarray(0.0))
    made = (xp.asarray(a.astype(np.float32)) for a in arrays)
    return [compat.astype(a, getattr(xp, dtype)) for a in made]


def read(array):
    """Any array as float64 of NumPy, which has no bfloat16 of its own."""
    compat = array_namespace(array)
    is_half = str(array.dtype).endswith("bfloat16")
    array = compat.astype(array, compat.float32) if is_half else array
    return np.asarray(array).astype(np.float64)


def every_loss(kind, case, features):
    xp, _ = kind
    z, s, k = floats(kind, case[0], case[1], case[3])
    t = xp.asarray(case[2])
    (f,) = floats(kind, features[0])
    c = xp.asarray(features[1])
    return {
        "soft": losses.soft_label_loss(z, s, weight=k),
        "global": losses.global_kernel_loss(z, t, k),
        "boundary": losses.boundary_sensitive_loss(z, s, t, k),
        "pairs": losses.n_pair_loss(f, c),
        "sampled": losses.sampled_n_pair_loss(f, c, seed=0, n_iter=2),
        "edge": losses.balanced_edge_loss(z[..., 0], t == 1),
        "consistency": losses.consistency_loss(z, s),
        "consensus": losses.consensus_labels(z, branch=0),
    }


class TestDtypes:
    def test_computed_in_float32_or_float64(self, kind, case, features):
        xp, dtype = kind
        exact = every_loss((np, "float64"), case, features)
        for name, got in every_loss(kind, case, features).items():
            assert got.dtype == (xp.float64 if dtype == "float64" else xp.float32), name
            assert array_namespace(got) is array_namespace(xp.asarray(0.0))
            tolerance = {"float16": 5e-3, "bfloat16": 5e-2}.get(dtype, 1e-5)
            assert_allclose(read(got), exact[name], tolerance, tolerance)

    def test_gradients_have_the_dtype_of_their_argument(self, kind, case, features):
        xp, _ = kind
        z, s, k = floats(kind, case[0], case[1], case[3])
        (f,) = floats(kind, features[0])
        grads = [
            losses.soft_label_grad(z, s, weight=k),
            losses.global_kernel_grad(z, xp.asarray(case[2]), k),
            losses.n_pair_grad(f, xp.asarray(features[1])),
        ]
        for grad, argument in zip(grads, (z, z, f), strict=True):
            assert grad.dtype == argument.dtype
            assert grad.shape == argument.shape

    def test_labels_may_be_of_another_precision(self, torch, case):
        logits, soft, target, kernel = (torch.tensor(a) for a in case)
        half = logits.half()
        got = losses.boundary_sensitive_loss(half, soft, target, kernel.float())
        same = losses.boundary_sensitive_loss(half.float(), soft, target, kernel)
        assert got.dtype == torch.float32
        assert_allclose(got, same, rtol=1e-6)


class TestExtremes:
    """Logits of 1e4 and, where the dtype has it, 1e30: finite, and right."""

    @pytest.mark.parametrize("top", [1e4, 1e30])
    def test_pixel_losses(self, kind, top):
        xp, dtype = kind
        top = min(top, 6e4) if dtype == "float16" else top
        logits = np.array([[[top, -top, 0], [-top, -top, -top]]])
        hard = np.array([[[1.0, 0, 0], [0, 1, 0]]])
        z, s, w = floats(kind, logits, hard, np.ones((1, 2)))
        target = xp.asarray(np.array([[0, 1]]))
        want = [0, np.log(3)]
        for got in (
            losses.soft_label_loss(z, s, reduction="none"),
            losses.global_kernel_loss(z, target, w, reduction="none"),
            losses.consistency_loss(z, s, reduction="none"),
        ):
            assert_allclose(read(got), [want], rtol=1e-6)
        wrong = losses.global_kernel_loss(z, target + 1, w, reduction="none")
        assert_allclose(float(wrong[0, 0]), 2 * top, rtol=1e-2)
        for grad in (
            losses.soft_label_grad(z, s),
            losses.global_kernel_grad(z, target, w),
        ):
            assert np.isfinite(read(grad)).all()
        edge = losses.balanced_edge_loss(z[..., 0], target == 0)
        assert float(edge) == 0
        edge = losses.balanced_edge_loss(z[..., 0], target == 1)
        assert_allclose(float(edge), top, rtol=1e-2)

    def test_sums_of_16_bits_do_not_overflow(self, torch):
        z = torch.full((64, 64), 1e4, dtype=torch.float16, requires_grad=True)
        loss = losses.balanced_edge_loss(z, torch.arange(4096).reshape(64, 64) < 99)
        loss.backward()
        assert torch.isfinite(loss)
        assert torch.isfinite(z.grad).all()

    @pytest.mark.parametrize("top", [1e-30, 1e4, 1e30])
    def test_features(self, kind, top):
        xp, dtype = kind
        top = 1e4 if dtype == "float16" else top
        rows = np.array([[top, 0], [-top, 0], [0, top], [0, top]])
        (f,) = floats(kind, rows)
        rows = read(f)
        loss, grad = losses.n_pair_loss_and_grad(f, xp.asarray(np.array([0, 0, 1, 0])))
        with np.errstate(over="ignore"):
            assert_allclose(float(loss), self.expected(rows, [0, 0, 1, 0]), rtol=1e-5)
        assert np.isfinite(read(grad)).all()
        assert abs(read(grad)).max() > 0.1

    @staticmethod
    def expected(rows, classes):
        total = 0
        for p, a in zip(rows, classes, strict=True):
            for q, b in zip(rows, classes, strict=True):
                d = np.hypot(*(p - q))
                same = np.logaddexp(0, d) - np.log(2)
                total += same if a == b else np.log1p(np.exp(-d) / 2)
        return total / len(rows)

    @pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
    def test_torch_gradient(self, torch, dtype):
        z = torch.tensor([[1e4, -1e4, 0]], dtype=getattr(torch, dtype))
        z.requires_grad_()
        losses.global_kernel_loss(z, torch.asarray([1]), torch.ones(1)).backward()
        assert_allclose(z.grad.float(), [[1, -1, 0]])


class TestEmptyAndFullMasks:
    @pytest.mark.parametrize("full", [False, True])
    def test_edge_loss_is_zero_with_zero_gradient(self, torch, full):
        z = torch.linspace(-9, 9, 12).reshape(3, 4).requires_grad_()
        loss = losses.balanced_edge_loss(z, torch.full((3, 4), full))
        loss.backward()
        assert loss == 0
        assert (z.grad == 0).all()

    @pytest.mark.parametrize("label", [0, 2])
    def test_kernels_of_an_empty_or_full_mask(self, xp, label):
        hard = np.eye(3, dtype=np.float32)[np.full((2, 2), label)]
        z = xp.asarray(np.zeros((2, 2, 3), np.float32))
        got = losses.boundary_sensitive_loss(
            z,
            xp.asarray(hard),
            xp.asarray(np.full((2, 2), label, np.uint8)),
            xp.asarray(np.ones((2, 2), np.float32)),
        )
        assert_allclose(float(got), 2 * np.log(3), rtol=1e-6)

    def test_one_class_of_pairs(self, features):
        rows, _ = features
        for classes in (np.zeros(20, int), np.arange(20)):
            want = oracle.n_pair(rows, classes, "printed")
            assert_allclose(losses.n_pair_loss(rows, classes), want)


class TestPrecisionOfPairs:
    """Clusters far tighter than they are apart, against float64 by definition."""

    @staticmethod
    def clusters(rng, spread):
        centers = rng.normal(size=(3, 16)) * 10
        rows = np.repeat(centers, 6, axis=0) + spread * rng.normal(size=(18, 16))
        return rows.astype(np.float32), np.repeat([0, 1, 2], 6)

    @pytest.mark.parametrize(
        ("spread", "loss_tolerance", "grad_tolerance"),
        [(1e-1, 1e-6, 1e-5), (1e-3, 1e-6, 1e-3), (1e-5, 1e-6, 0.1)],
    )
    def test_numpy(self, rng, spread, loss_tolerance, grad_tolerance):
        rows, classes = self.clusters(rng, spread)
        loss, grad = losses.n_pair_loss_and_grad(rows, classes)
        want = oracle.n_pair(rows, classes, "printed")
        assert_allclose(loss, want, atol=loss_tolerance, rtol=1e-6)
        want = oracle.n_pair_grad(rows, classes, "printed")
        assert_allclose(grad, want, atol=grad_tolerance)

    @pytest.mark.parametrize("spread", [1e-1, 1e-3, 1e-5])
    def test_torch_autograd_runs_in_float64_inside(self, torch, rng, spread):
        rows, classes = self.clusters(rng, spread)
        x = torch.tensor(rows, requires_grad=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses.n_pair_loss(x, torch.tensor(classes)).backward()
        want = oracle.n_pair_grad(rows, classes, "printed")
        assert_allclose(x.grad, want, atol=1e-3)

    def test_jax_without_float64_is_right_to_its_stated_error(self, jax, rng):
        rows, classes = self.clusters(rng, 1e-1)
        put = jax.numpy.asarray
        loss, grad = losses.n_pair_loss_and_grad(put(rows), put(classes))
        want = oracle.n_pair(rows, classes, "printed")
        assert_allclose(loss, want, rtol=1e-3)
        assert_allclose(grad, oracle.n_pair_grad(rows, classes, "printed"), atol=2e-2)

    def test_a_common_offset_costs_nothing(self, jax, rng):
        rows, classes = rng.normal(size=(9, 4)), np.arange(9) % 2
        put = jax.numpy.asarray
        near = losses.n_pair_loss(put(rows), put(classes))
        far = losses.n_pair_loss(put(rows + 1000), put(classes))
        assert_allclose(near, far, rtol=1e-4)


def test_inputs_are_not_changed_and_views_work(case, features):
    arrays = [np.asfortranarray(a) for a in (*case, *features)]
    before = [a.copy() for a in arrays]
    for a in arrays:
        a.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = every_loss((np, "float64"), arrays[:4], arrays[4:])
    want = every_loss((np, "float64"), case, features)
    for name in got:
        assert_allclose(got[name], want[name], rtol=1e-12)
    for a, b in zip(arrays, before, strict=True):
        assert np.array_equal(a, b)


@pytest.mark.parametrize(
    ("dtype", "top"),
    [("float16", 65504), ("bfloat16", 1.6e38), ("float32", 1.7e38), ("float64", 8e307)],
)
def test_finite_up_to_the_stated_size(torch, dtype, top):
    z = torch.tensor([[top, 0.0, -top]], dtype=getattr(torch, dtype))
    far = torch.tensor([[0.0, 0.0, 1.0]], dtype=z.dtype)
    loss = losses.soft_label_loss(z, far, reduction="none")
    assert_allclose(loss.double(), 2 * z[:, 0].double(), rtol=1e-6)


def test_beyond_it_is_infinite(torch):
    z = torch.tensor([[3e38, -3e38]], dtype=torch.bfloat16)
    assert losses.soft_label_loss(z, torch.tensor([[0.5, 0.5]])).isinf()
