"""What holds whatever the numbers."""

import hypothesis.extra.numpy as hnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from portraitkit import losses

SCORES = st.floats(-50, 50)


@st.composite
def pictures(draw):
    """Logits, soft labels, hard labels and a kernel for 1..4 x 1..4 pixels."""
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    k = draw(st.integers(1, 4))
    shape = (height, width, k)
    logits = draw(hnp.arrays(float, shape, elements=SCORES))
    counts = draw(hnp.arrays(float, shape, elements=st.integers(0, 9)))
    counts[..., 0] += counts.sum(-1) == 0
    soft = counts / counts.sum(-1, keepdims=True)
    target = draw(hnp.arrays(int, shape[:2], elements=st.integers(0, k - 1)))
    kernel = draw(hnp.arrays(float, shape[:2], elements=st.floats(0, 1)))
    return logits, soft, target, kernel


@st.composite
def point_sets(draw):
    n, d = draw(st.integers(1, 8)), draw(st.integers(1, 3))
    grid = st.integers(-3, 3).map(float)  # equal features are not rare
    features = draw(
        hnp.arrays(float, (n, d), elements=grid | st.floats(-9, 9, width=16))
    )
    return features, draw(hnp.arrays(int, n, elements=st.integers(0, 2)))


def bits(p):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=-1)


class TestPixelLosses:
    @given(pictures())
    def test_a_shift_of_all_logits_changes_nothing(self, picture):
        z, s, t, k = picture
        moved = z + np.arange(z.shape[1])[:, None] * 7
        for a, b in zip(
            self.every(z, s, t, k), self.every(moved, s, t, k), strict=True
        ):
            assert_allclose(a, b, atol=1e-10)

    @staticmethod
    def every(z, s, t, k):
        return (
            losses.boundary_sensitive_loss(z, s, t, k),
            losses.soft_label_grad(z, s),
            losses.consistency_loss(z, s),
        )

    @given(pictures())
    def test_renaming_classes_changes_nothing(self, picture):
        z, s, t, k = picture
        last = z.shape[-1] - 1
        a = losses.boundary_sensitive_loss(z, s, t, k)
        b = losses.boundary_sensitive_loss(z[..., ::-1], s[..., ::-1], last - t, k)
        assert_allclose(a, b, atol=1e-10)

    @given(pictures())
    def test_sum_is_mean_times_count_and_none_holds_both(self, picture):
        z, s, t, k = picture

        def run(reduction):
            knobs = {"reduction": reduction}
            return (
                losses.soft_label_loss(z, s, weight=k, **knobs),
                losses.global_kernel_loss(z, t, k, **knobs),
                losses.balanced_edge_loss(z[..., 0], t == 0, **knobs),
            )

        for mean, total, each in zip(*map(run, ("mean", "sum", "none")), strict=True):
            assert each.shape == t.shape
            assert (each >= 0).all()
            assert_allclose(total, mean * t.size, atol=1e-9)
            assert_allclose(total, each.sum(), atol=1e-9)

    @given(pictures())
    def test_entropy_of_the_label_is_the_least_soft_label_loss(self, picture):
        z, s, _, _ = picture
        best = losses.soft_label_loss(np.log(s + 1e-300), s, reduction="none")
        assert_allclose(best, bits(s), atol=1e-9)
        other = losses.soft_label_loss(z, s, reduction="none")
        assert (other >= bits(s) - 1e-9).all()
        assert_allclose(losses.soft_label_grad(np.log(s + 1e-300), s), 0, atol=1e-12)

    @given(pictures())
    def test_gradients_of_a_pixel_sum_to_zero_and_are_bounded(self, picture):
        z, s, t, k = picture
        for grad in (
            losses.soft_label_grad(z, s, weight=k, reduction="none"),
            losses.global_kernel_grad(z, t, k, reduction="none"),
        ):
            assert_allclose(grad.sum(-1), 0, atol=1e-12)
            assert (abs(grad) <= k[..., None] + 1e-12).all()

    @given(pictures())
    def test_a_hard_label_is_a_soft_label_and_a_kernel_a_weight(self, picture):
        z, s, t, k = picture
        hot = np.eye(z.shape[-1])[t]
        assert_allclose(
            losses.global_kernel_loss(z, t, k),
            losses.soft_label_loss(z, hot, weight=k),
            atol=1e-12,
        )
        batch = losses.global_kernel_loss(np.stack([z, -z]), np.stack([t, t]), k)
        alone = [losses.global_kernel_loss(each, t, k) for each in (z, -z)]
        assert_allclose(batch, np.mean(alone), atol=1e-12)
        assert_allclose(losses.consistency_loss(z, s), losses.soft_label_loss(z, s))

    @given(pictures())
    def test_sign_and_edge_flip_together(self, picture):
        z, _, t, _ = picture
        edge = t == 0
        a = losses.balanced_edge_loss(z[..., 0], edge)
        assert_allclose(a, losses.balanced_edge_loss(-z[..., 0], ~edge), atol=1e-9)
        share = edge.mean()
        flat = losses.balanced_edge_loss(np.zeros(t.shape), edge)
        assert_allclose(flat, 2 * np.log(2) * share * (1 - share) * t.size, atol=1e-12)


@given(hnp.arrays(float, (3, 5, 4), elements=SCORES), st.integers(0, 2))
def test_a_consensus_is_a_distribution_blind_to_its_pupil(logits, branch):
    labels = losses.consensus_labels(logits, branch=branch)
    assert_allclose(labels.sum(-1), 1)
    other = logits.copy()
    other[branch] = 9
    assert np.array_equal(losses.consensus_labels(other, branch=branch), labels)


class TestPairs:
    @given(point_sets(), st.sampled_from(["printed", "softplus"]))
    def test_order_place_and_names_of_classes_do_not_matter(self, points, form):
        f, c = points
        loss, grad = losses.n_pair_loss_and_grad(f, c, form=form)
        back, back_grad = losses.n_pair_loss_and_grad(f[::-1], c[::-1], form=form)
        assert_allclose(back, loss, atol=1e-6)
        assert_allclose(back_grad[::-1], grad, atol=1e-6)
        moved, moved_grad = losses.n_pair_loss_and_grad(f + 3, 5 - 2 * c, form=form)
        assert_allclose(moved, loss, atol=1e-6)
        assert_allclose(moved_grad, grad, atol=1e-5)

    @given(point_sets())
    def test_range_and_balance(self, points):
        f, c = points
        loss, grad = losses.n_pair_loss_and_grad(f, c)
        assert loss >= 0
        assert_allclose(grad.sum(0), 0, atol=1e-6)
        assert (np.linalg.norm(grad, axis=1) <= 2 + 1e-6).all()

    @given(point_sets())
    def test_twins_feel_the_same_and_the_loss_doubles(self, points):
        f, c = points
        loss, grad = losses.n_pair_loss_and_grad(f, c)
        twice, both = losses.n_pair_loss_and_grad(np.tile(f, (2, 1)), np.tile(c, 2))
        assert_allclose(twice, 2 * loss, atol=1e-6)
        assert_allclose(both, np.tile(grad, (2, 1)), atol=1e-6)

    @given(st.integers(2, 9))
    def test_optimum_is_tight_classes_far_apart(self, n):
        classes = np.arange(n) % 2
        loss, grad = losses.n_pair_loss_and_grad(classes[:, None] * 1e3, classes)
        assert abs(loss) < 1e-12
        assert abs(grad).max() < 1e-12
