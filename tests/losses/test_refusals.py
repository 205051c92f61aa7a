"""What is wrong is said before anything is computed, with the argument's name."""

import numpy as np
import pytest

from portraitkit import losses

Z = np.zeros((2, 4, 5, 3))
K = np.full((2, 4, 5, 3), 1 / 3)
T = np.zeros((2, 4, 5), np.int64)
G = np.ones((4, 5))
F, C = np.zeros((6, 2)), np.zeros(6, int)
B = np.zeros((3, 4, 2))


def soft(logits=Z, labels=K, **knobs):
    losses.soft_label_grad(logits, labels, **knobs)


def hard(logits=Z, target=T, kernel=G, **knobs):
    losses.global_kernel_grad(logits, target, kernel, **knobs)


def both(logits=Z, labels=K, target=T, kernel=G, **knobs):
    losses.boundary_sensitive_loss(logits, labels, target, kernel, **knobs)


def pairs(features=F, classes=C, **knobs):
    losses.n_pair_loss(features, classes, **knobs)


def drawn(features=F, classes=C, **knobs):
    losses.sampled_n_pair_loss(features, classes, **{"seed": 0, **knobs})


def edge(logits=Z, on=Z == 1, **knobs):
    losses.balanced_edge_loss(logits, on, **knobs)


def agree(logits=B, **knobs):
    losses.consensus_labels(logits, **{"branch": 0, **knobs})


def consistent(logits=Z, consensus=K, **knobs):
    losses.consistency_loss(logits, consensus, **knobs)


CASES = [
    (soft, {"logits": [[0.0, 1.0]]}, TypeError, "logits must be an array.*got list"),
    (
        soft,
        {"logits": T},
        TypeError,
        "logits must be of a real floating dtype; got int",
    ),
    (soft, {"logits": Z + 0j}, TypeError, "logits must be .*floating.*complex128"),
    (soft, {"logits": np.zeros((0, 3))}, ValueError, "logits must hold at least one"),
    (soft, {"labels": None}, TypeError, "soft_labels must be an array.*NoneType"),
    (
        soft,
        {"labels": K[..., :2]},
        ValueError,
        r"soft_labels must have the shape of log",
    ),
    (soft, {"labels": K > 0}, TypeError, "soft_labels must be .*floating.*got bool"),
    (soft, {"axis": 4}, ValueError, r"axis must be an axis of logits, -4..3; got 4"),
    (soft, {"axis": 1.0}, TypeError, "axis must be an integer; got 1.0"),
    (pairs, {"features": F + np.inf}, ValueError, "features must be finite; got NaN"),
    (drawn, {"features": F * np.nan}, ValueError, "features must be finite; got NaN"),
    (soft, {"axis": True}, TypeError, "axis must be an integer; got True"),
    (soft, {"axis": 1, "weight": G}, ValueError, r"weight must have .*\(2, 5, 3\)"),
    (soft, {"weight": 2.0}, TypeError, "weight must be an array.*got float"),
    (soft, {"weight": G.T}, ValueError, r"weight must .*pixels, \(2, 4, 5\).*\(5, 4\)"),
    (soft, {"weight": G[0]}, ValueError, r"weight must have .*got \(5,\)"),
    (soft, {"weight": G[None, None]}, ValueError, r"weight .*got \(1, 1, 4, 5\)"),
    (soft, {"reduction": "avg"}, ValueError, 'reduction must be .*"none"; got .avg.'),
    (
        hard,
        {"target": T * 1.0},
        TypeError,
        "target must hold integer classes; got float",
    ),
    (hard, {"target": T[:1]}, ValueError, r"target must have the shape of logits with"),
    (
        hard,
        {"target": T + 3},
        ValueError,
        r"target must hold classes 0..2.*values 3..3",
    ),
    (hard, {"target": T - 1}, ValueError, r"target must hold classes 0..2.*-1..-1"),
    (
        hard,
        {"target": T.astype("u1") + 255},
        ValueError,
        "target must.*values 255..255",
    ),
    (hard, {"kernel": G[:3]}, ValueError, r"kernel must have the shape.*got \(3, 5\)"),
    (hard, {"kernel": G.astype(int)}, TypeError, "kernel must be .*floating"),
    (hard, {"reduction": None}, ValueError, "reduction must be one of"),
    (both, {"labels": K[:1]}, ValueError, "soft_labels must have the shape"),
    (both, {"target": T[0]}, ValueError, "target must have the shape"),
    (both, {"kernel": G.T}, ValueError, "kernel must have the shape"),
    (both, {"target": T + 9}, ValueError, "target must hold classes"),
    (pairs, {"features": F[0]}, ValueError, r"features must be of shape \(N, D\)"),
    (pairs, {"features": F[:0]}, ValueError, r"features must be .*not empty.*\(0, 2\)"),
    (pairs, {"features": C}, TypeError, "features must be of a real floating"),
    (
        pairs,
        {"classes": C[:5]},
        ValueError,
        r"classes must have one class per .*\(6,\)",
    ),
    (
        pairs,
        {"classes": C > 0},
        TypeError,
        "classes must hold integer classes; got bool",
    ),
    (
        pairs,
        {"form": "square"},
        ValueError,
        'form must be one of "printed", "softplus"',
    ),
    (drawn, {"classes": F}, TypeError, "classes must hold integer"),
    (drawn, {"seed": None}, TypeError, "seed must be an integer; got None"),
    (drawn, {"seed": 0.5}, TypeError, "seed must be an integer; got 0.5"),
    (drawn, {"seed": True}, TypeError, "seed must be an integer; got True"),
    (drawn, {"n_iter": 0}, ValueError, "n_iter must be an integer >= 1; got 0"),
    (drawn, {"n_inst": -1}, ValueError, "n_inst must be an integer >= 1; got -1"),
    (drawn, {"n_samp": 2.5}, TypeError, "n_samp must be an integer; got 2.5"),
    (edge, {"logits": Z[0, 0, 0]}, ValueError, r"logits must be .*\(..., H, W\)"),
    (edge, {"on": Z[0] == 1}, ValueError, "edge must have the shape of logits"),
    (edge, {"on": Z + 2}, ValueError, "edge must hold only 0 and 1"),
    (edge, {"on": Z - 1}, ValueError, "edge must hold only 0 and 1"),
    (edge, {"on": Z * np.nan}, ValueError, "edge must hold only 0 and 1"),
    (edge, {"reduction": "all"}, ValueError, "reduction must be one of"),
    (agree, {"logits": B[:1]}, ValueError, "logits must be .*at least 2 branches"),
    (agree, {"axis": 0}, ValueError, "logits must be .*axis not the first"),
    (
        agree,
        {"branch": 3},
        ValueError,
        "branch must be an integer >= 0 and <= 2; got 3",
    ),
    (agree, {"branch": -1}, ValueError, "branch must be .*got -1"),
    (agree, {"branch": 1.0}, TypeError, "branch must be an integer; got 1.0"),
    (consistent, {"consensus": K[0]}, ValueError, "consensus must have the shape of"),
    (consistent, {"consensus": T}, TypeError, "consensus must be of a real floating"),
]


@pytest.mark.parametrize(("call", "arguments", "error", "match"), CASES)
def test_refused(call, arguments, error, match):
    call()
    with pytest.raises(error, match=match):
        call(**arguments)


def test_values_are_checked_in_every_library_on_the_cpu(xp):
    z, k = xp.asarray(Z.astype("f4")), xp.asarray(G.astype("f4"))
    with pytest.raises(ValueError, match=r"target must hold classes 0..2.*0..3"):
        losses.global_kernel_loss(z, xp.asarray(T + 3 * (np.arange(5) == 2)), k)
    with pytest.raises(ValueError, match="edge must hold only"):
        losses.balanced_edge_loss(z, z + 3)


def test_libraries_are_not_mixed(torch):
    with pytest.raises(
        TypeError, match=r"soft_labels must .*same library as logits.*to"
    ):
        losses.soft_label_loss(torch.asarray(Z), K)
    with pytest.raises(
        TypeError, match=r"kernel must be .*same library as logits.*num"
    ):
        losses.global_kernel_loss(Z, T, torch.asarray(G))
    with pytest.raises(TypeError, match=r"classes must be .*same library as features"):
        losses.n_pair_loss(F, torch.asarray(C))


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int32", "uint64"])
def test_more_classes_than_a_small_dtype_holds(dtype):
    z = np.zeros((2, 2, 300))
    loss = losses.global_kernel_loss(z, np.ones((2, 2), dtype), np.ones((2, 2)))
    assert abs(loss - np.log(300)) < 1e-9
