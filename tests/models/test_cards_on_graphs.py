"""Every value of every card field, on a graph, against the slow definition."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from oracles import networks as oracle

from portraitkit.models import ModelCard, load_model

pytest.importorskip("onnxruntime")

UNIT = {"scale": 1 / 255}
PICTURE = np.random.default_rng(5).integers(0, 256, (23, 17, 3), np.uint8)


def segment_card(given, answer):
    return ModelCard.from_mapping(
        {"name": "t", "task": "segment", "input": given, "output": answer}
    )


INPUTS = {
    "fixed size": {"size": [4, 6]},
    "larger": {"size": [40, 60]},
    "longest": {"longest": 12},
    "shortest": {"longest": 30, "shortest": 11, "multiple": 4},
    "multiple": {"longest": 20, "multiple": 8},
    "multiple above the image": {"longest": 64, "multiple": 32, "resize": "pad"},
    "multiple letterbox": {"longest": 20, "multiple": 8, "resize": "letterbox"},
    "stretch": {"size": [8, 8], "resize": "stretch"},
    "letterbox center": {"size": [16, 40], "resize": "letterbox", "pad_value": 114},
    "letterbox top-left": {
        "size": [40, 16],
        "resize": "letterbox",
        "anchor": "top-left",
        "pad_value": 255,
    },
    "pad": {"size": [32, 32], "resize": "pad"},
    "pad top-left": {"size": [32, 24], "resize": "pad", "anchor": "top-left"},
    "pad shrinks": {"size": [10, 10], "resize": "pad"},
    "bilinear": {"size": [4, 4], "interpolation": "bilinear"},
    "area": {"size": [9, 8], "interpolation": "area"},
    "auto": {"size": [4, 4], "interpolation": "auto"},
    "RGB": {"size": [8, 8], "channels": "RGB"},
    "BGR": {"size": [8, 8], "channels": "BGR"},
    "NCHW": {"size": [8, 6], "layout": "NCHW"},
    "NHWC": {"size": [8, 6], "layout": "NHWC"},
    "float16": {"size": [8, 8], "dtype": "float16"},
    "scale": {"size": [8, 8], "scale": 1 / 127.5},
    "mean": {"size": [8, 8], "mean": [0.485, 0.456, 0.406]},
    "std": {"size": [8, 8], "std": [0.229, 0.224, 0.225]},
    "BGR mean": {"size": [8, 8], "channels": "BGR", "mean": [0.1, 0.2, 0.3]},
}


@pytest.mark.parametrize("given", INPUTS.values(), ids=INPUTS)
def test_input(given, echo_file):
    given = {**UNIT, **given}
    planar = given.get("layout", "NCHW") == "NCHW"
    sides = given.get("size", ["h", "w"])
    shape = (1, 3, *sides) if planar else (1, *sides, 3)
    kind = 10 if given.get("dtype") == "float16" else 1
    answer = {"kind": "sigmoid", "layout": given.get("layout", "NCHW"), "person": [2]}
    card = segment_card(given, answer)
    model = load_model(echo_file(shape, kind), card=card, device="cpu")
    expected = oracle.probability(oracle.tensor(PICTURE, given), answer)
    expected = oracle.map_back(expected, PICTURE.shape[:2], given)
    got = model(PICTURE)
    assert got.dtype == np.float32
    assert got.shape == PICTURE.shape[:2]
    assert_allclose(got, expected, atol=0.006)


@pytest.mark.parametrize("scale", [1.0, 0.7])
def test_input_uint8(scale, echo_file, make_node):
    nodes = [
        make_node("Cast", ["x"], ["f"], to=1),
        make_node("Constant", [], ["k"], value_float=255.0),
        make_node("Div", ["f", "k"], ["y"]),
    ]
    path = echo_file((1, 3, 23, 17), 2, nodes=nodes, out=("y", 1, (1, 3, 23, 17)))
    answer = {"kind": "probability", "person": [0]}
    given = {"size": [23, 17], "dtype": "uint8", "scale": scale}
    got = load_model(path, card=segment_card(given, answer), device="cpu")(PICTURE)
    assert_allclose(got, np.rint(PICTURE[..., 0] * scale) / 255, atol=1e-6)


OUTPUTS = {
    "softmax": {"kind": "softmax"},
    "softmax several": {"kind": "softmax", "person": [0, 2]},
    "boundary ignored": {"kind": "softmax", "person": [0], "ignore": [1]},
    "sigmoid": {"kind": "sigmoid"},
    "probability": {"kind": "probability"},
    "probability several": {"kind": "probability", "person": [0, 1, 2]},
    "probability ignored": {"kind": "probability", "person": [0], "ignore": [1]},
    "person": {"kind": "probability", "person": [2]},
    "named": {"kind": "probability", "name": "y"},
}


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("answer", OUTPUTS.values(), ids=OUTPUTS)
def test_map(answer, layout, echo_file):
    given = {**UNIT, "size": [8, 6], "layout": layout}
    shape = (1, 3, 8, 6) if layout == "NCHW" else (1, 8, 6, 3)
    card = segment_card(given, {**answer, "layout": layout})
    model = load_model(echo_file(shape), card=card, device="cpu")
    expected = oracle.probability(oracle.tensor(PICTURE, given), answer)
    expected = oracle.map_back(expected, PICTURE.shape[:2], given)
    assert_allclose(model(PICTURE), expected, atol=0.02)


@pytest.mark.parametrize("keepdims", [0, 1])
def test_argmax(keepdims, echo_file, make_node):
    nodes = [make_node("ArgMax", ["x"], ["y"], axis=1, keepdims=keepdims)]
    shape = (1, 1, 23, 17) if keepdims else (1, 23, 17)
    path = echo_file((1, 3, 23, 17), nodes=nodes, out=("y", 7, shape))
    answer = {"kind": "argmax", "person": [0, 2]}
    card = segment_card(
        {"size": [23, 17]}, {**answer, "layout": "NCHW" if keepdims else "NHW"}
    )
    got = load_model(path, card=card, device="cpu")(PICTURE)
    assert_allclose(got, np.isin(PICTURE.argmax(-1), [0, 2]))


def test_map_without_a_channel_axis(echo_file, make_node):
    nodes = [make_node("ReduceMax", ["x"], ["y"], axes=[1], keepdims=0)]
    path = echo_file((1, 3, 23, 17), nodes=nodes, out=("y", 1, (1, 23, 17)))
    answer = {"kind": "probability", "person": [0], "layout": "NHW"}
    card = segment_card({"size": [23, 17], **UNIT}, answer)
    got = load_model(path, card=card, device="cpu")(PICTURE)
    assert_allclose(got, PICTURE.max(-1) / 255, atol=1e-6)


def test_map_of_half_size_covers_the_whole_letterbox(echo_file, make_node):
    nodes = [
        make_node("AveragePool", ["x"], ["y"], kernel_shape=[2, 2], strides=[2, 2])
    ]
    path = echo_file((1, 3, 24, 24), nodes=nodes, out=("y", 1, (1, 3, 12, 12)))
    given = {"size": [24, 24], "resize": "letterbox", **UNIT}
    card = segment_card(given, {"kind": "probability", "person": [0]})
    steps = np.repeat(np.arange(0, 240, 20, dtype=np.uint8), 2)
    image = np.broadcast_to(steps[:, None, None], (24, 12, 3)).copy()
    got = load_model(path, card=card, device="cpu")(image)
    expected = np.clip(10.0 * np.arange(24) - 5, 0, 220)
    assert_allclose(got[:, 6] * 255, expected, atol=1e-3)


def test_the_named_output_is_taken(make_node, graph_file):
    nodes = [make_node("Neg", ["x"], ["other"]), make_node("Identity", ["x"], ["y"])]
    shape = (1, 3, 4, 6)
    path = graph_file(nodes, [("x", 1, shape)], [("other", 1, shape), ("y", 1, shape)])
    given = {"size": [4, 6], **UNIT}
    full = np.full((4, 6, 3), 255, np.uint8)
    for name, expected in (("y", 1), (None, 0)):
        answer = {"kind": "sigmoid", "name": name}
        got = load_model(path, card=segment_card(given, answer), device="cpu")(full)
        assert ((got > 0.5) == expected).all()


@pytest.mark.parametrize("how", ["stretch", "letterbox", "pad"])
@pytest.mark.parametrize("pixels", [1, 3])
def test_mirroring_commutes(how, pixels, echo_file, make_node):
    """Centers at half pixels: a network without a side of its own gives none."""
    size = [16, 24] if how != "pad" else [30, 21]
    nodes = [
        make_node(
            "AveragePool",
            ["x"],
            ["y"],
            kernel_shape=[pixels, pixels],
            strides=[pixels, pixels] if how == "pad" else [1, 1],
            auto_pad="SAME_UPPER",
        )
    ]
    path = echo_file((1, 3, *size), nodes=nodes, out=("y", 1, (1, 3, "h", "w")))
    card = segment_card(
        {"size": size, "resize": how, **UNIT}, {"kind": "probability", "person": [0]}
    )
    model = load_model(path, card=card, device="cpu")
    image = PICTURE[:22]
    for flip in (np.s_[:, ::-1], np.s_[::-1], np.s_[::-1, ::-1]):
        got = model(image[flip])[flip]
        # Rounding to bytes is no even function: half a level, once or twice.
        assert_allclose(got, model(image), atol=1.01 / 255)
