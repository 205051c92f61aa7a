"""Raw outputs to probabilities and boxes: oracle, laws and refusals."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import networks as oracle

from portraitkit.models import BoxOutput, MapOutput
from portraitkit.models.boxes import decode_boxes
from portraitkit.models.maps import decode_map
from portraitkit.models.suppression import suppress

SCORES = hnp.arrays(np.float32, (1, 3, 2, 3), elements=st.floats(-50, 50, width=32))


class TestMaps:
    @given(SCORES, st.sampled_from([(0,), (1,), (0, 2)]), st.sampled_from([(), (1,)]))
    def test_softmax_equals_slow_definition(self, raw, person, ignore):
        if set(person) & set(ignore):
            ignore = ()
        spec = MapOutput(kind="softmax", person=person, ignore=ignore)
        expected = oracle.probability(raw[0], {**vars_of(spec)})
        assert_allclose(decode_map(raw, spec), expected, atol=1e-5)

    @given(SCORES)
    def test_boundary_class_is_ignored(self, raw):
        """BSN: P(fg) = exp(z_fg) / (exp(z_fg) + exp(z_bg))."""
        spec = MapOutput(kind="softmax", person=(0,), ignore=(1,))
        fg, bg = raw[0, 0].astype(float), raw[0, 2].astype(float)
        assert_allclose(decode_map(raw, spec), 1 / (1 + np.exp(bg - fg)), atol=1e-5)

    @given(SCORES, st.floats(-30, 30, width=32))
    def test_softmax_does_not_change_with_an_offset(self, raw, offset):
        spec = MapOutput(kind="softmax")
        assert_allclose(
            decode_map(raw + np.float32(offset), spec), decode_map(raw, spec), atol=1e-4
        )

    @pytest.mark.parametrize("kind", ["softmax", "sigmoid"])
    def test_huge_scores_do_not_overflow(self, kind):
        raw = np.zeros((1, 2, 1, 2), np.float32)
        raw[0, 1] = [[3e38, -3e38]]
        assert_array_equal(decode_map(raw, MapOutput(kind=kind)), [[1, 0]])

    def test_no_contrast_is_invented(self):
        raw = np.full((1, 2, 3, 3), 0.1, np.float32)
        raw[0, 1, 1, 1] = 0.11
        got = decode_map(raw, MapOutput(kind="probability"))
        assert_array_equal(got, raw[0, 1])

    @pytest.mark.parametrize(
        ("shape", "fields", "match"),
        [
            ((1, 1, 2, 2), {}, r"\(1, C, h, w\) with C >= 2, .*got \(1, 1, 2, 2\)"),
            ((2, 2, 2, 2), {}, r"got \(2, 2, 2, 2\)"),
            ((2, 2, 2), {}, r"got \(2, 2, 2\)"),
            ((1, 2, 0, 2), {}, r"got \(1, 2, 0, 2\)"),
            (
                (1, 2, 2, 2),
                {"layout": "NHWC", "person": (2,)},
                r"\(1, h, w, C\).*C >= 3",
            ),
            ((1, 2, 2, 2), {"ignore": (5,)}, "C >= 6"),
        ],
    )
    def test_wrong_shape_is_named(self, shape, fields, match):
        with pytest.raises(ValueError, match=f"the network's output must be .*{match}"):
            decode_map(np.zeros(shape, np.float32), MapOutput(kind="softmax", **fields))

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    def test_no_class_is_refused(self, bad):
        raw = np.array([[[[1, bad], [0, 1]]]], np.float32)
        with pytest.raises(ValueError, match="output must be finite; got NaN"):
            decode_map(raw, MapOutput(kind="argmax"))

    def test_logits_are_no_classes(self):
        raw = np.zeros((1, 2, 2, 2), np.float32)
        with pytest.raises(
            ValueError, match=r"one channel.*'argmax'; got \(1, 2, 2, 2"
        ):
            decode_map(raw, MapOutput(kind="argmax"))

    @pytest.mark.parametrize("kind", ["softmax", "sigmoid", "probability"])
    def test_nan_is_refused(self, kind):
        raw = np.full((1, 2, 2, 2), np.nan, np.float32)
        with pytest.raises(ValueError, match="output must be finite; got NaN"):
            decode_map(raw, MapOutput(kind=kind))

    def test_scores_are_no_probabilities(self):
        raw = np.array([[[[0.0]], [[7.0]]]], np.float32)
        with pytest.raises(ValueError, match=r"lie in 0\.\.1.*got values 0\.\.7"):
            decode_map(raw, MapOutput(kind="probability"))

    def test_rounding_beyond_one_is_clipped(self):
        raw = np.array([[[[-0.01]], [[1.01]]]], np.float32)
        assert_array_equal(decode_map(raw, MapOutput(kind="probability")), [[1]])


def vars_of(spec):
    return {"kind": spec.kind, "person": spec.person, "ignore": spec.ignore}


@st.composite
def scored_boxes(draw):
    n = draw(st.integers(0, 12))
    low = draw(hnp.arrays(float, (n, 2), elements=st.integers(0, 12)))
    size = draw(hnp.arrays(float, (n, 2), elements=st.integers(1, 9)))
    scores = draw(hnp.arrays(float, n, elements=st.sampled_from([0.2, 0.5, 0.5, 0.9])))
    return np.hstack([low, low + size]), scores


class TestSuppression:
    @given(scored_boxes(), st.sampled_from([0, 0.3, 0.5, 1]))
    def test_equals_slow_definition(self, case, iou):
        boxes, scores = case
        assert suppress(boxes, scores, iou=iou).tolist() == oracle.suppress(
            boxes.tolist(), scores.tolist(), iou
        )

    @given(scored_boxes(), st.sampled_from([0.3, 0.5]))
    def test_what_is_kept_stays_kept(self, case, iou):
        boxes, scores = case
        kept = suppress(boxes, scores, iou=iou)
        again = suppress(boxes[kept], scores[kept], iou=iou)
        assert_array_equal(again, np.arange(len(kept)))

    def test_ties_go_to_the_earlier_row(self):
        boxes = np.array([[0, 0, 4, 4], [0, 0, 4, 4.1]])
        assert suppress(boxes, np.array([0.5, 0.5]), iou=0.5).tolist() == [0]


def box_output(**fields):
    plain = {"format": "xyxy", "score": "class", "threshold": 0.5, "iou": 0.5}
    return BoxOutput(**{**plain, **fields})


class TestBoxes:
    def test_a_score_must_exceed_the_threshold(self):
        raw = np.array([[[0, 0, 1, 1, 0.5], [4, 4, 5, 5, 0.75]]])
        boxes, scores, _ = decode_boxes([raw], box_output(), (8, 8))
        assert_array_equal(boxes, [[4, 4, 5, 5]])
        assert_array_equal(scores, [0.75])

    def test_empty_boxes_are_left_out(self):
        raw = np.array([[[4, 4, 4, 9, 0.9], [5, 5, 3, 3, 0.9], [0, 0, 1, 1, 0.9]]])
        boxes, _, _ = decode_boxes([raw], box_output(), (8, 8))
        assert_array_equal(boxes, [[0, 0, 1, 1]])

    def test_landmarks_stay_with_their_box(self):
        """Through the threshold, empty boxes, suppression and the order by score."""
        rows = [
            [0, 0, 1, 1, 10, 11, 0.1],
            [5, 5, 3, 3, 20, 21, 0.9],
            [0, 0, 4, 4, 30, 31, 0.6],
            [0, 0, 4, 5, 40, 41, 0.7],
            [6, 6, 8, 8, 50, 51, 0.8],
        ]
        spec = box_output(points=1)
        _, scores, spots = decode_boxes([np.array([rows])], spec, (8, 8))
        assert_array_equal(scores, [0.8, 0.7])
        assert_array_equal(spots, [[[50, 51]], [[40, 41]]])

    def test_no_rows(self):
        boxes, scores, _ = decode_boxes([np.zeros((1, 0, 5))], box_output(), (8, 8))
        assert boxes.shape == (0, 4)
        assert scores.shape == (0,)

    @pytest.mark.parametrize("shape", [(2,), (1, 2), (2, 1), (1, 2, 1)])
    def test_one_score_a_box_comes_in_any_shape(self, shape):
        boxes = np.array([[[0, 0, 1, 1], [4, 4, 5, 5]]])
        raw = [boxes, np.array([0.6, 0.7]).reshape(shape)]
        assert_array_equal(
            decode_boxes(raw, box_output(scores="s"), (8, 8))[1], [0.7, 0.6]
        )

    def test_weak_rows_may_hold_anything(self):
        raw = np.array([[[1e9, 0, 1e9, 1e9, 0.1], [0, 0, 0, 0, 0.9]]], np.float32)
        spec = box_output(format="yolox", strides=(4, 4))
        boxes, _, _ = decode_boxes([raw], spec, (4, 4))
        assert_array_equal(boxes, [[-2, -2, 2, 2]])

    @pytest.mark.parametrize(
        ("raw", "fields", "match"),
        [
            ([(1, 2, 3)], {}, r"must be \(1, N, 4 or more\).*got \(1, 2, 3\)"),
            ([(2, 2, 5)], {}, r"got \(2, 2, 5\)"),
            ([(1, 3, 9)], {"transposed": True}, r"got \(1, 3, 9\)"),
            ([(1, 2, 4)], {}, "must give 1 or more marks .*got 0"),
            ([(1, 2, 5)], {"score": "labeled"}, "must give 2 or more marks .*got 1"),
            ([(1, 2, 5)], {"class_index": 1}, "must give 2 or more marks .*got 1"),
            ([(1, 2, 5)], {"score": "objectness*class"}, "2 or more marks .*got 1"),
            (
                [(1, 2, 4), (1, 3, 2)],
                {"scores": "s"},
                r"each of its 2 boxes; got \(1, 3, 2\)",
            ),
            ([(1, 9, 5)], {"format": "yolox", "strides": (4,)}, "the 4 cells .*got 9"),
        ],
    )
    def test_wrong_shape_is_named(self, raw, fields, match):
        with pytest.raises(ValueError, match=f"the network('s)? .*{match}"):
            decode_boxes([np.ones(s) for s in raw], box_output(**fields), (8, 8))

    def test_nan_is_refused(self):
        raw = np.array([[[0, 0, 1, np.nan, 0.9]]])
        with pytest.raises(ValueError, match="boxes must be finite"):
            decode_boxes([raw], box_output(), (8, 8))
        with pytest.raises(ValueError, match="scores must be finite; got NaN"):
            decode_boxes([np.full((1, 1, 5), np.nan)], box_output(), (8, 8))

    @pytest.mark.parametrize(
        ("marks", "fields"),
        [
            ([7.0], {}),
            ([-7.0], {}),
            ([np.inf], {}),
            ([-3.0, -2.0], {"score": "objectness*class"}),
            ([0.9, 5.0], {"score": "sqrt(objectness*class)"}),
            ([5.0, 0.0], {"score": "labeled"}),
        ],
    )
    def test_scores_are_no_probabilities(self, marks, fields):
        raw = np.array([[[0, 0, 1, 1, *marks]]])
        with pytest.raises(
            ValueError, match=r"0\.\.1, for card field output.activation"
        ):
            decode_boxes([raw], box_output(**fields), (8, 8))

    def test_rounding_beyond_one_is_clipped(self):
        raw = np.array([[[0, 0, 1, 1, 1.01], [4, 4, 5, 5, -0.01]]])
        _, scores, _ = decode_boxes([raw], box_output(threshold=0), (8, 8))
        assert_array_equal(scores, [1])

    def test_overflow_is_refused(self):
        raw = np.array([[[0, 0, 999, 999, 0.9]]])
        with pytest.raises(ValueError, match="boxes must be finite"):
            decode_boxes([raw], box_output(format="yolox", strides=(8,)), (8, 8))
