"""Probability of the foreground, over every array library."""

import importlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import expit

from portraitkit.kernels import foreground_probability

BACKENDS = ["numpy", "array_api_strict", "torch", "jax.numpy"]
LOGITS = st.floats(-700, 700)


@pytest.fixture(params=BACKENDS)
def xp(request):
    pytest.importorskip(request.param.partition(".")[0])
    return importlib.import_module(request.param)


@given(LOGITS, LOGITS, LOGITS)
def test_equals_the_logistic_of_the_difference(fg, boundary, bg):
    got = foreground_probability(np.array([fg, boundary, bg]))
    assert_allclose(got, expit(fg - bg), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("axis", [-1, 1, 0])
def test_any_library_and_axis(xp, axis):
    logits = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype(np.float32)
    moved = np.ascontiguousarray(np.moveaxis(logits, -1, axis))
    got = foreground_probability(xp.asarray(moved), axis=axis)
    want = expit(logits[..., 0] - logits[..., 2])
    assert_allclose(np.asarray(got), want, rtol=1e-5)
    assert type(got) is type(xp.asarray(moved))
    assert got.dtype == xp.asarray(moved).dtype


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_extremes_neither_overflow_nor_warn(dtype):
    top = np.finfo(dtype).max
    logits = np.array([[top, 0, -top], [-top, top, top], [top, 0, top]], dtype)
    got = foreground_probability(logits)
    assert got.dtype == dtype
    assert got.tolist() == [1, 0, 0.5]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_torch_half_precision(dtype):
    torch = pytest.importorskip("torch")
    logits = torch.tensor(
        [[60000.0, 0, -60000], [1, 0, 0]], dtype=getattr(torch, dtype)
    )
    got = foreground_probability(logits)
    assert got.dtype == logits.dtype
    assert_allclose(got.double().numpy(), [1, expit(1)], rtol=2e-2)


@pytest.mark.parametrize("gap", [0.0, 1.0, -30.0])
def test_gradient_is_the_logistics(gap):
    torch = pytest.importorskip("torch")
    logits = torch.tensor([gap, 5.0, 0.0], dtype=torch.float64, requires_grad=True)
    foreground_probability(logits).backward()
    p = expit(gap)
    want = [p * (1 - p), 0, -p * (1 - p)]
    assert_allclose(logits.grad.numpy(), want, rtol=1e-10, atol=1e-30)


def test_traces_under_jax_jit():
    jax = pytest.importorskip("jax")
    logits = jax.numpy.asarray([[0.0, 1.0, 0.0], [2.0, 9.0, 1.0]])
    got = jax.jit(foreground_probability)(logits)
    assert_allclose(got, expit([0.0, 1.0]), rtol=1e-6)


@pytest.mark.filterwarnings("error")
def test_torch_compile_has_nothing_to_say():
    torch = pytest.importorskip("torch")
    compiled = torch.compile(foreground_probability, backend="eager", fullgraph=True)
    got = compiled(torch.tensor([[0.0, 1.0, 0.0], [2.0, 9.0, 1.0]]))
    assert_allclose(got.numpy(), expit([0.0, 1.0]), rtol=1e-6)


def test_one_minus_infinity_is_certain():
    logits = np.array([[-np.inf, 0, 0], [0, -np.inf, -np.inf]])
    assert foreground_probability(logits).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("logits", "axis", "error", "match"),
    [
        ([[0.0, 1, 2]], -1, TypeError, r"logits must be an Array API array; got list"),
        (np.array([0, 1, 2]), -1, TypeError, r"logits must be of a floating.*int64"),
        (np.zeros((3, 2)), -1, ValueError, r"logits must have 3 classes.*\(3, 2\)"),
        (np.zeros((3, 2)), 2, ValueError, r"axis must be an axis of logits.*got 2"),
        (np.zeros((3, 2)), -3, ValueError, r"axis must be an axis of logits.*got -3"),
        (np.array(1.0), -1, ValueError, r"axis must be an axis of logits"),
        (np.zeros((2, 3)), 1.5, TypeError, r"axis must be an integer; got 1\.5"),
        (np.zeros((2, 3)), "x", TypeError, r"axis must be an integer; got 'x'"),
        (np.zeros((2, 3)), None, TypeError, r"axis must be an integer; got None"),
        (np.zeros((2, 3)), True, TypeError, r"axis must be an integer; got True"),
    ],
)
def test_refusals(logits, axis, error, match):
    with pytest.raises(error, match=match):
        foreground_probability(logits, axis=axis)
