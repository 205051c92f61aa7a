"""Figures of pictures drawn again, and what they are pooled from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portraitkit.batch.evaluate.bootstrap import Bootstrap
from portraitkit.batch.evaluate.estimate import (
    CellsEstimate,
    MeanEstimate,
    PrecisionEstimate,
)
from portraitkit.batch.evaluate.marks import Marks, count_classes
from portraitkit.metrics import ConfusionMatrix, average_precision
from portraitkit.metrics.pooling import best_overlaps, judge_instances, pool_verdicts


def cases(seed, count=7, *, tied=False):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        truths = list(rng.random((rng.integers(0, 4), 8, 9)) < 0.5)
        masks = [t ^ (rng.random(t.shape) < 0.2) for t in truths]
        masks += list(rng.random((rng.integers(0, 3), 8, 9)) < 0.4)
        scores = np.round(rng.random(len(masks)), 1) if tied else rng.random(len(masks))
        crowd = rng.random(len(truths)) < 0.2
        yield masks, scores, truths, crowd


@given(st.integers(0, 999))
def test_pooled_verdicts_are_average_precision(seed):
    found = list(cases(seed, tied=True))
    masks, scores, truths, crowd = zip(*found, strict=True)
    pairs = list(zip(masks, scores, strict=True))
    want = average_precision(pairs, truths, crowd=crowd)
    judged = [judge_instances(m, s, t, crowd=c) for m, s, t, c in found]
    ours = pool_verdicts(judged)
    np.testing.assert_equal(ours.ap, want.ap)
    np.testing.assert_equal(list(ours.at.values()), list(want.at.values()))


@given(st.integers(0, 999))
def test_a_picture_drawn_twice_counts_twice(seed):
    judged = [judge_instances(m, s, t, crowd=c) for m, s, t, c in cases(seed)]
    pick = np.random.default_rng(seed).integers(0, len(judged), len(judged))
    estimate = PrecisionEstimate(judged)
    want = pool_verdicts([judged[i] for i in pick])
    drawn = estimate.draw(pick[None])[0]
    np.testing.assert_allclose(drawn[0], want.ap, rtol=1e-12)
    np.testing.assert_allclose(drawn[2], want.at[0.6], rtol=1e-12)
    everyone = np.arange(len(judged))[None]
    np.testing.assert_allclose(estimate.draw(everyone)[0], estimate.value(), rtol=1e-12)


@given(st.integers(0, 999))
def test_class_figures_are_those_of_the_matrix(seed):
    rng = np.random.default_rng(seed)
    sides = [rng.integers(0, rng.integers(1, 6), (2, 5, 6)) for _ in range(4)]
    estimate = CellsEstimate([count_classes(*pair.astype(np.int32)) for pair in sides])
    pick = rng.integers(0, 4, 4)
    matrix = ConfusionMatrix(6)
    for i in pick:
        matrix.update(*sides[i])
    want = [
        matrix.pixel_accuracy,
        matrix.class_accuracy,
        matrix.mean_iou,
        matrix.frequency_weighted_iou,
    ]
    np.testing.assert_allclose(estimate.draw(pick[None])[0], want)


def test_pictures_without_a_value_take_no_part():
    marks = [Marks({"a": 1.0}), Marks({"a": np.nan}), Marks({"a": 3.0})]
    estimate = MeanEstimate(marks)
    assert estimate.value().tolist() == [2.0]
    picks = np.array([[0, 0, 1], [1, 1, 1]])
    np.testing.assert_equal(estimate.draw(picks)[:, 0], [1.0, np.nan])


def test_intervals_cover_the_true_mean_as_often_as_they_say():
    rng = np.random.default_rng(3)
    hits = 0
    for seed in range(200):
        marks = [Marks({"iou": float(v)}) for v in rng.normal(0.5, 0.1, 60)]
        interval = Bootstrap(resamples=300, seed=seed).intervals(marks)["iou"]
        hits += interval.low <= 0.5 <= interval.high
    assert 0.89 < hits / 200 < 0.99


def test_contest_of_errors_knows_that_less_is_better():
    low = [Marks({"sad": 1.0 + i / 10}) for i in range(8)]
    high = [Marks({"sad": 2.0 + i / 5}) for i in range(8)]
    contest = Bootstrap(resamples=100).contests(low, high)["sad"]
    assert (contest.verdict, contest.better, contest.worse) == ("first", 8, 0)
    assert contest.difference.value == pytest.approx(-1.35)


def test_best_overlaps_without_predictions():
    assert best_overlaps([], [np.eye(3, dtype=bool)]).tolist() == [0.0]
    assert best_overlaps([np.eye(3, dtype=bool)], []).size == 0


def test_best_overlaps_with_any_number_of_predictions():
    """Unlike average precision, which counts a hundred."""
    spots = np.eye(150, dtype=bool)[:, None]
    assert best_overlaps(list(spots), list(spots[120:])).tolist() == [1.0] * 30
