"""Attributes and features, on graphs, against the definition."""

import math

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from oracles import networks as oracle

from portraitkit.models import (
    AttributeClassifier,
    AttributeOutput,
    FeatureExtractor,
    FeatureOutput,
    ModelCard,
    OnnxAttributes,
    OnnxFeatures,
    load_model,
)
from portraitkit.models.heads import decode_attributes

pytest.importorskip("onnxruntime")
numpy_helper = pytest.importorskip("onnx").numpy_helper

PICTURE = np.random.default_rng(5).integers(0, 256, (23, 17, 3), np.uint8)
HAIR = ["long hair", "short hair", "no hair"]


def card(task, output, **given):
    return ModelCard.from_mapping(
        {
            "name": "t",
            "task": task,
            "input": {"size": [8, 16], **given},
            "output": output,
        }
    )


class TestAttributes:
    @pytest.mark.parametrize("activation", ["none", "sigmoid", "softmax"])
    @pytest.mark.parametrize("shape", [(1, 3), (3,), (1, 3, 1, 1)])
    def test_each_label_has_its_number(self, activation, shape, rows_file):
        values = [0.125, 0.75, 0.5]
        output = {"labels": HAIR, "activation": activation}
        path = rows_file(np.reshape(values, shape))
        model = load_model(path, card=card("attributes", output), task="attributes")
        assert isinstance(model, OnnxAttributes)
        assert isinstance(model, AttributeClassifier)
        got = model(PICTURE)
        assert list(got) == HAIR
        assert {type(value) for value in got.values()} == {float}
        assert_allclose(list(got.values()), oracle.squash(values, activation))

    def test_heads_of_their_own_are_joined(self, rows_file):
        path = rows_file([[0.25]], [[0.5, 0.75]], [[0.0]])
        output = {"labels": HAIR, "name": ["y1", "y0"]}
        got = load_model(path, card=card("attributes", output))(PICTURE)
        assert got == {"long hair": 0.5, "short hair": 0.75, "no hair": 0.25}

    def test_one_head_of_a_network_with_a_map(self, graph_file, make_node):
        """As BSN: a map and attributes from one graph, by two cards, one session."""
        shape = (1, 3, 8, 16)
        nodes = [
            make_node("Identity", ["x"], ["map"]),
            make_node("ReduceMean", ["x"], ["hair"], axes=[2, 3], keepdims=0),
        ]
        path = graph_file(
            nodes, [("x", 1, shape)], [("map", 1, shape), ("hair", 1, (1, 3))]
        )
        one = {"kind": "softmax", "name": "map", "person": [0], "ignore": [1]}
        two = {"labels": HAIR, "name": "hair"}
        given = {"scale": 1 / 255}
        segment = load_model(path, card=card("segment", one, **given))
        attributes = load_model(path, card=card("attributes", two, **given))
        assert segment.runtime is attributes.runtime
        assert segment(PICTURE).shape == PICTURE.shape[:2]
        mean = oracle.tensor(PICTURE, {"size": [8, 16], **given}).mean(axis=(1, 2))
        assert_allclose(list(attributes(PICTURE).values()), mean, atol=2e-3)

    @given(hnp.arrays(np.float32, 3, elements=st.floats(-700, 700, width=32)))
    def test_softmax_sums_to_one(self, values):
        spec = AttributeOutput(labels=HAIR, activation="softmax")
        assert math.isclose(sum(decode_attributes([values], spec).values()), 1)

    @pytest.mark.parametrize(
        ("values", "match"),
        [
            (
                [0.5, 0.5],
                "must give 3 numbers, one for each of card field output.label",
            ),
            ([0.5, np.nan, 0], "output must be finite; got NaN"),
            ([0.5, 7, -1], r"in 0\.\.1, for card field output\.activation is 'none'"),
        ],
    )
    def test_what_is_no_probability(self, values, match):
        spec = AttributeOutput(labels=HAIR)
        with pytest.raises(ValueError, match=f"the network.*{match}"):
            decode_attributes([np.array(values)], spec)

    @pytest.mark.parametrize(
        ("fields", "match"),
        [
            ({"labels": []}, "labels must be a list of 1 or more"),
            ({"labels": ["a", "a"]}, "labels must be .*no two alike"),
            ({"labels": "abc"}, "labels must be a list"),
            ({"labels": [""]}, "labels must be .*a string, not empty"),
            (
                {"labels": ["a"], "name": 3},
                "name must be a string, .*or a list of such",
            ),
            (
                {"labels": ["a"], "activation": "relu"},
                'activation must be one of "none"',
            ),
            ({}, "labels is missing"),
        ],
    )
    def test_refusals(self, fields, match):
        with pytest.raises(ValueError, match=f"card field output.{match}"):
            card("attributes", fields)

    def test_an_output_that_there_is_not(self, rows_file):
        output = {"labels": HAIR, "name": ["y0", "q"]}
        with pytest.raises(
            ValueError, match=r"output.name must be an .*\['y0'\]; got 'q'"
        ):
            load_model(rows_file([[1, 2, 3]]), card=card("attributes", output))


@pytest.fixture
def features_file(graph_file, make_node):
    """A network of 70 channels at a quarter of the size."""

    def write(layout="NCHW", side=None):
        weights = np.random.default_rng(0).normal(0, 1, (70, 3, 4, 4))
        tensors = [numpy_helper.from_array(weights.astype(np.float32), "w")]
        nodes = [make_node("Conv", ["x", "w"], ["planes"], strides=[4, 4])]
        out = (1, 70, "h", "w")
        if layout == "NHWC":
            nodes.append(make_node("Transpose", ["planes"], ["y"], perm=[0, 2, 3, 1]))
            out = (1, "h", "w", 70)
        else:
            nodes.append(make_node("Identity", ["planes"], ["y"]))
        sides = (8, 16) if side is None else (side, side)
        return graph_file(
            nodes, [("x", 1, (1, 3, *sides))], [("y", 1, out)], tensors=tensors
        ), weights

    return write


class TestFeatures:
    @pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
    @pytest.mark.parametrize("resize", ["stretch", "letterbox"])
    def test_each_pixel_has_its_features(self, layout, resize, features_file):
        path, weights = features_file(layout)
        given = {"resize": resize, "scale": 1 / 255}
        output = {"depth": 70, "stride": 4, "layout": layout}
        model = load_model(path, card=card("features", output, **given), device="cpu")
        assert isinstance(model, OnnxFeatures)
        assert isinstance(model, FeatureExtractor)
        got = model(PICTURE)
        assert got.shape == (*PICTURE.shape[:2], 70)
        assert got.dtype == np.float32
        x = oracle.tensor(PICTURE, {"size": [8, 16], **given})
        blocks = x.reshape(3, 2, 4, 4, 4)
        maps = np.einsum("kcij,cyixj->yxk", weights, blocks)
        want = oracle.map_back(maps, PICTURE.shape[:2], {"size": [8, 16], **given})
        assert_allclose(got, want, atol=0.05)
        assert np.abs(want).max() > 1

    def test_any_size(self, features_file):
        path, _ = features_file(side="s")
        spec = {"size": None, "longest": 16, "multiple": 8}
        output = {"depth": 70, "stride": 4}
        model = load_model(path, card=card("features", output, **spec))
        for shape in ((9, 30, 3), (1, 1, 3)):
            assert model(np.zeros(shape, np.uint8)).shape == (*shape[:2], 70)

    @pytest.mark.parametrize(
        ("output", "match"),
        [
            (
                {"depth": 71, "stride": 4},
                r"must be \(1, 71, 2, 4\) for an input of \(8, 1",
            ),
            ({"depth": 70, "stride": 2}, r"\(1, 70, 4, 8\).*got \(1, 70, 2, 4\)"),
            ({"depth": 70, "stride": 4, "layout": "NHWC"}, r"\(1, 2, 4, 70\)"),
        ],
    )
    def test_a_card_that_does_not_fit(self, output, match, features_file):
        model = load_model(features_file()[0], card=card("features", output))
        with pytest.raises(ValueError, match=f"the network's output .*{match}"):
            model(PICTURE)

    def test_nan(self, rows_file):
        path = rows_file(np.full((1, 1, 8, 16), np.nan))
        model = load_model(path, card=card("features", {"depth": 1, "stride": 1}))
        with pytest.raises(ValueError, match="output must be finite; got NaN"):
            model(PICTURE)

    @pytest.mark.parametrize(
        ("fields", "given", "match"),
        [
            ({"depth": 0}, {}, "output.depth must be an integer >= 1"),
            ({"stride": 0}, {}, "output.stride must be an integer >= 1"),
            ({"layout": "NHW"}, {}, 'output.layout must be one of "NCHW", "NHWC"'),
            ({"name": 3}, {}, "output.name must be a string"),
            (
                {"stride": 5},
                {},
                r"input.size must be a multiple of output.stride, 5; got",
            ),
            ({"stride": 16}, {"size": [16, 8]}, "input.size must be a multiple of out"),
            (
                {},
                {"size": None, "longest": 9, "multiple": 2},
                "input.multiple must be a multiple of output.stride, 4; got 2",
            ),
        ],
    )
    def test_refusals(self, fields, given, match):
        with pytest.raises(ValueError, match=f"card field {match}"):
            card("features", {"depth": 8, "stride": 4, **fields}, **given)

    def test_both_are_asked_for(self):
        for field, rest in (("depth", {"stride": 4}), ("stride", {"depth": 3})):
            with pytest.raises(
                ValueError, match=f"card field output.{field} is missing"
            ):
                FeatureOutput.from_mapping(rest)
