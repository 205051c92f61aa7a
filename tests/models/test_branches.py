"""Several segmenters in one graph: heads, or an input that picks one."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from portraitkit.models import Branches, ModelCard, Segmenter, load_model

pytest.importorskip("onnxruntime")
numpy_helper = pytest.importorskip("onnx").numpy_helper

SHOTS = ("HEAD_SHOT", "CLOSE_SHOT", "HALF_BODY", "WHOLE_BODY", "FAR_SHOT", "NO_FACE")
SHAPE = (1, 3, 4, 6)
BLACK = np.zeros((5, 7, 3), np.uint8)


def card(branches, **output):
    return ModelCard.from_mapping(
        {
            "name": "six",
            "task": "segment",
            "input": {"name": "x", "size": SHAPE[2:], "scale": 1 / 255},
            "output": {"kind": "probability", "person": [0], **output},
            "branches": branches,
        }
    )


@pytest.fixture
def six_heads(graph_file, make_node):
    """A graph whose head k answers x + k / 10."""
    nodes, tensors, outputs = [], [], []
    for k in range(6):
        nodes.append(make_node("Add", ["x", f"c{k}"], [f"head{k}"]))
        value = np.array([k / 10], np.float32)
        tensors.append(numpy_helper.from_array(value, f"c{k}"))
        outputs.append((f"head{k}", 1, SHAPE))
    return graph_file(nodes, [("x", 1, SHAPE)], outputs, tensors=tensors)


HEADS = {
    "outputs": {shot: f"head{k}" for k, shot in enumerate(SHOTS)},
    "fallback": "WHOLE_BODY",
}


@pytest.fixture
def branch_input(graph_file, make_node):
    """A graph that answers x + b / 10, `b` an input of the given kind and shape."""

    def write(kind=7, shape=(1,)):
        nodes = [
            make_node("Cast", ["b"], ["f"], to=1),
            make_node("ReduceSum", ["f"], ["s"], keepdims=0),
            make_node("Mul", ["s", "tenth"], ["t"]),
            make_node("Add", ["x", "t"], ["y"]),
        ]
        tenth = numpy_helper.from_array(np.array(0.1, np.float32), "tenth")
        inputs = [("b", kind, shape), ("x", 1, SHAPE)]
        return graph_file(nodes, inputs, [("y", 1, SHAPE)], tensors=[tenth])

    return write


PICKED = {
    "input": "b",
    "values": {shot: k for k, shot in enumerate(SHOTS)},
    "fallback": "NO_FACE",
}


class TestHeads:
    def test_each_branch_reads_its_head(self, six_heads):
        model = load_model(six_heads, card=card(HEADS), device="cpu")
        assert tuple(model.branches) == SHOTS
        for k, shot in enumerate(SHOTS):
            assert isinstance(model.branches[shot], Segmenter)
            assert_allclose(model.branches[shot](BLACK), k / 10, atol=1e-6)

    def test_the_model_itself_runs_the_fallback(self, six_heads):
        model = load_model(six_heads, card=card(HEADS), task="segment", device="cpu")
        assert isinstance(model, Segmenter)
        assert model.fallback == "WHOLE_BODY"
        assert_allclose(model(BLACK), 0.3, atol=1e-6)

    def test_all_share_one_session(self, six_heads):
        model = load_model(six_heads, card=card(HEADS), device="cpu")
        assert {id(b.runtime) for b in model.branches.values()} == {id(model.runtime)}

    def test_a_few_branches_will_do(self, six_heads):
        few = {"outputs": {"FAR_SHOT": "head4"}, "fallback": "FAR_SHOT"}
        model = load_model(six_heads, card=card(few), device="cpu")
        assert list(model.branches) == ["FAR_SHOT"]
        assert_allclose(model(BLACK), 0.4, atol=1e-6)

    def test_a_head_that_there_is_not(self, six_heads):
        wrong = {"outputs": {"FAR_SHOT": "q"}, "fallback": "FAR_SHOT"}
        match = r"branches.outputs.FAR_SHOT must be an output .*'head0'.*; got 'q'"
        with pytest.raises(ValueError, match=match):
            load_model(six_heads, card=card(wrong))


class TestInput:
    @pytest.mark.parametrize("kind", [1, 6, 7, 10, 11])
    @pytest.mark.parametrize("shape", [(), (1,), ("n",), (1, 1)])
    def test_each_branch_gives_its_value(self, kind, shape, branch_input):
        path = branch_input(kind, shape)
        model = load_model(path, card=card(PICKED), device="cpu")
        assert tuple(model.branches) == SHOTS
        for k, shot in enumerate(SHOTS):
            assert_allclose(model.branches[shot](BLACK), k / 10, atol=1e-6)
        assert model.fallback == "NO_FACE"
        assert_allclose(model(BLACK), 0.5, atol=1e-6)

    def test_a_list_gives_each_entry(self, branch_input):
        values = {"HEAD_SHOT": [1, 0, 0], "FAR_SHOT": [0, 2, 5]}
        branches = {"input": "b", "values": values, "fallback": "FAR_SHOT"}
        model = load_model(branch_input(1, (1, 3)), card=card(branches), device="cpu")
        assert_allclose(model.branches["HEAD_SHOT"](BLACK), 0.1, atol=1e-6)
        assert_allclose(model(BLACK), 0.7, atol=1e-6)

    @pytest.mark.parametrize(
        ("changes", "match"),
        [
            (
                {"input": "c"},
                r"branches.input must be an input .*\['b', 'x'\]; got 'c'",
            ),
            ({"input": "x"}, "input.name must be"),
            (
                {"values": {"NO_FACE": [1, 2]}},
                r"values.NO_FACE must be a number, or as",
            ),
            ({"values": {"NO_FACE": 0.5}}, r"NO_FACE must be what tensor\(int64\) can"),
        ],
    )
    def test_what_the_graph_does_not_take(self, changes, match, branch_input):
        with pytest.raises(ValueError, match=f"card field .*{match}"):
            load_model(branch_input(), card=card({**PICKED, **changes}))

    def test_an_input_that_the_card_leaves_out(self, branch_input):
        plain = json.loads(card(PICKED).to_json())
        del plain["branches"]
        match = r"input.name must be the graph's only input, of \['b', 'x'\]; got 'x'"
        with pytest.raises(ValueError, match=match):
            load_model(branch_input(), card=ModelCard.from_mapping(plain))


@pytest.mark.parametrize("branches", [HEADS, PICKED])
def test_json_and_back(branches):
    first = card(branches)
    again = ModelCard.from_json(first.to_json())
    assert again == first
    assert hash(again) == hash(first)
    assert again.branches.names == SHOTS


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"fallback": "SIDE"}, "branches.fallback must be one of HEAD_SHOT, .*'SIDE'"),
        ({"fallback": 3}, "branches.fallback must be a string"),
        ({"outputs": None}, "branches.outputs must be .*or null with branches.input"),
        ({"outputs": {}}, "branches.outputs must be a JSON object, not empty"),
        ({"outputs": {"NO_FACE": 3}}, "branches.outputs must be .*each value a string"),
        ({"input": "b"}, "branches.outputs must be a JSON object, or null with"),
        ({"outputs": None, "input": "b"}, "branches.values must be given with"),
        ({"values": {"NO_FACE": 1}}, "branches.values must be given with branches.in"),
        (
            {"outputs": None, "input": "b", "values": {"NO_FACE": "1"}},
            "branches.values must be .*a finite number or a list of 1 or more",
        ),
        ({"shots": 1}, "branches.shots must be one of fallback, input, outputs"),
    ],
)
def test_refusals(changes, match):
    with pytest.raises(ValueError, match=f"card field {match}"):
        card({**HEADS, **changes})


def test_a_fallback_is_asked_for():
    with pytest.raises(ValueError, match=r"card field branches\.fallback is missing"):
        card({"outputs": {"NO_FACE": "y"}})


def test_heads_are_named_once():
    with pytest.raises(ValueError, match=r"output\.name must be left out where branch"):
        card(HEADS, name="head0")


def test_only_segmenters_branch():
    with pytest.raises(ValueError, match="branches must be left out but for task"):
        ModelCard.from_mapping(
            {
                "name": "t",
                "task": "attributes",
                "input": {"size": [4, 4]},
                "output": {"labels": ["a"]},
                "branches": {"outputs": {"NO_FACE": "y"}, "fallback": "NO_FACE"},
            }
        )


def test_without_branches(echo_file):
    plain = ModelCard.from_mapping(
        {
            "name": "t",
            "task": "segment",
            "input": {"size": [4, 6]},
            "output": {"kind": "softmax"},
        }
    )
    model = load_model(echo_file(), card=plain)
    assert (dict(model.branches), model.fallback) == ({}, None)


def test_the_table_of_branches_does_not_change():
    table = Branches(outputs={"A": "y"}, fallback="A").outputs
    assert repr(table) == "{'A': 'y'}"
    with pytest.raises(TypeError):
        table["A"] = "z"
