"""`draft_card`: what a graph says goes into the card, the rest into its notes."""

import hashlib

import numpy as np
import pytest

from portraitkit.models import ModelCard, draft_card, load_model

pytest.importorskip("onnxruntime")
numpy_helper = pytest.importorskip("onnx").numpy_helper
PICTURE = np.random.default_rng(5).integers(0, 256, (23, 17, 3), np.uint8)


def note(card, field):
    """The one note on `field`."""
    [line] = [line for line in card.notes if line.startswith(f"{field}: ")]
    return line


def fields(part):
    return part.to_mapping()


class TestInput:
    @pytest.mark.parametrize(
        ("shape", "want"),
        [
            ((1, 3, 8, 6), {"size": [8, 6]}),
            ((1, 8, 6, 3), {"size": [8, 6], "layout": "NHWC"}),
            ((1, 3, "h", "w"), {"longest": 512, "multiple": 32}),
            (("n", "h", "w", 3), {"longest": 512, "multiple": 32, "layout": "NHWC"}),
            ((1, 3, 8, "w"), {"size": [8, 8]}),
            ((1, 5, 8, 6), {"size": [8, 6], "extras": ["x", "y"]}),
            (
                (1, 6, 8, 6),
                {
                    "size": [8, 6],
                    "extras": ["x", "y", "shape"],
                    "mean_mask": "mean_mask.npz",
                },
            ),
        ],
    )
    def test_sizes(self, shape, want, echo_file):
        card = draft_card(echo_file(shape))
        assert fields(card.input) == {"name": "x", "scale": 1 / 255, **want}
        for guessed in ("longest", "multiple", "extras", "mean_mask"):
            assert (guessed in want) == any(f"input.{guessed}" in n for n in card.notes)

    @pytest.mark.parametrize(("kind", "name"), [(1, "float32"), (10, "float16")])
    def test_kinds_of_number(self, kind, name, echo_file):
        card = draft_card(echo_file(kind=kind))
        assert card.input.dtype == name
        assert "1/255" in note(card, "input.scale")

    def test_bytes_are_not_scaled(self, echo_file, make_node):
        nodes = [make_node("Cast", ["x"], ["y"], to=1)]
        path = echo_file(kind=2, nodes=nodes, out=("y", 1, (1, 3, 4, 6)))
        card = draft_card(path)
        assert (card.input.dtype, card.input.scale) == ("uint8", 1)
        assert "guessed 1, for" in note(card, "input.scale")

    def test_an_input_that_no_card_feeds_is_noted(self, graph_file, make_node):
        path = graph_file(
            [make_node("Add", ["x", "k"], ["y"])],
            [("k", 1, (1,)), ("x", 1, (1, 3, 4, 6))],
            [("y", 1, (1, 3, 4, 6))],
        )
        card = draft_card(path)
        assert card.input.name == "x"
        assert "also takes k" in note(card, "branches")


def drafted(path):
    """A card that has been drafted, and that loads and runs."""
    card = draft_card(path)
    answer = load_model(path, card=card, device="cpu")(PICTURE)
    return card, fields(card.output), answer


def noted(card, *wanted):
    """Each of the fields has a note that says it is guessed."""
    return all("guessed" in note(card, field) for field in wanted)


MAPS = {
    "logits": (("Identity", {}), (1, 3, 8, 6), {"kind": "softmax"}),
    "shares": (("Softmax", {"axis": 1}), (1, 3, 8, 6), {"kind": "probability"}),
    "one channel": (
        ("ReduceMax", {"axes": [1]}),
        (1, 1, 8, 6),
        {"kind": "probability"},
    ),
    "one logit": (("ReduceSum", {}), (1, 1, 8, 6), {"kind": "sigmoid"}),
    "no channel": (
        ("ReduceMax", {"axes": [1], "keepdims": 0}),
        (1, 8, 6),
        {"kind": "probability", "layout": "NHW"},
    ),
    "classes": (
        ("ArgMax", {"axis": 1, "keepdims": 0}),
        (1, 8, 6),
        {"kind": "argmax", "layout": "NHW"},
    ),
}


class TestMaps:
    @pytest.mark.parametrize(("node", "out", "want"), MAPS.values(), ids=MAPS)
    def test_kinds(self, node, out, want, echo_file, make_node):
        name, more = node
        given, tensors = ["x"], ()
        if name == "ReduceSum":
            given, tensors = (
                ["x", "axes"],
                (numpy_helper.from_array(np.array([1]), "axes"),),
            )
        nodes = [make_node(name, given, ["y"], **more)]
        out = ("y", 7 if name == "ArgMax" else 1, out)
        path = echo_file((1, 3, 8, 6), nodes=nodes, out=out, tensors=tensors)
        card, output, answer = drafted(path)
        person = {} if name == "ArgMax" else {"person": [0]}
        boundary = {"ignore": [1]} if out[2][1] == 3 else {}
        assert card.task == "segment"
        assert output == {"name": "y", **want, **person, **boundary}
        assert answer.shape == PICTURE.shape[:2]
        assert noted(card, "task", "output.person")

    @pytest.mark.parametrize(
        ("depth", "person"), [(2, 1), (3, 0), (4, 1), (19, 11), (21, 15), (150, 12)]
    )
    def test_the_person_of_known_sets_of_classes(
        self, depth, person, echo_file, make_node
    ):
        weights = np.zeros((depth, 3, 1, 1), np.float32)
        tensors = [numpy_helper.from_array(weights, "w")]
        nodes = [make_node("Conv", ["x", "w"], ["y"])]
        out = ("y", 1, (1, depth, 4, 6))
        card, _, _ = drafted(echo_file(nodes=nodes, out=out, tensors=tensors))
        assert card.output.person == (person,)
        assert str(person) in note(card, "output.person")

    def test_many_channels_are_features(self, echo_file, make_node):
        weights = np.zeros((64, 3, 2, 2), np.float32)
        tensors = [numpy_helper.from_array(weights, "w")]
        nodes = [make_node("Conv", ["x", "w"], ["y"], strides=[2, 2])]
        out = ("y", 1, (1, 64, 2, 3))
        card, output, answer = drafted(echo_file(nodes=nodes, out=out, tensors=tensors))
        assert card.task == "features"
        assert output == {"name": "y", "depth": 64, "stride": 2}
        assert answer.shape == (*PICTURE.shape[:2], 64)


RNG = np.random.default_rng(0)
SHARES = RNG.uniform(0.1, 0.4, (1, 5, 1))
ROWS = {
    "normalized and scores": (
        (RNG.uniform(0, 1, (1, 5, 4)), np.concatenate([SHARES, 1 - SHARES], 2)),
        "faces",
        {"format": "xyxy", "score": "class", "class_index": 1, "unit": "normalized"},
    ),
    "pixels and logits": (
        (RNG.uniform(0, 9, (1, 5, 4)), RNG.uniform(-5, 5, (1, 5, 80))),
        "persons",
        {"format": "xyxy", "score": "class", "activation": "sigmoid"},
    ),
    "cells": (
        # A 32 x 32 input has 16 cells of stride 8, 4 of 16 and 1 of 32.
        (RNG.uniform(0, 1, (1, 21, 6)),),
        "persons",
        {"format": "yolox", "score": "objectness*class", "strides": [8, 16, 32]},
    ),
    "columns": (
        (RNG.uniform(0, 1, (1, 6, 21)),),
        "persons",
        {"format": "cxcywh", "score": "class", "transposed": True},
    ),
    "rows": (
        (RNG.uniform(0, 1, (1, 25, 7)),),
        "persons",
        {"format": "cxcywh", "score": "objectness*class"},
    ),
    "one mark": (
        (RNG.uniform(0, 1, (1, 25, 5)),),
        "persons",
        {"format": "cxcywh", "score": "objectness"},
    ),
    "suppressed": (
        (RNG.uniform(0, 1, (1, 25, 6)),),
        "persons",
        {"format": "xyxy", "score": "labeled", "iou": None},
    ),
}


@pytest.mark.parametrize(("arrays", "task", "want"), ROWS.values(), ids=ROWS)
def test_boxes(arrays, task, want, rows_file):
    card, output, answer = drafted(rows_file(*arrays, size=(32, 32)))
    assert card.task == task
    names = {"boxes": ["y0"], **({"scores": ["y1"]} if len(arrays) == 2 else {})}
    assert output == {"threshold": 0.5, "iou": 0.45, **names, **want}
    assert answer.boxes.shape[1] == 4
    assert noted(card, "task", "output.threshold", "input.resize")
    assert card.input.resize == "letterbox"


@pytest.mark.parametrize(
    ("values", "activation"), [([0.2, 0.9], "none"), ([-3.0, 4.0], "sigmoid")]
)
@pytest.mark.parametrize("shape", [(1, 2), (1, 2, 1, 1)])
def test_attributes(values, activation, shape, rows_file):
    path = rows_file(np.reshape(values, shape), size=(300, 32))
    card, output, answer = drafted(path)
    assert card.task == "attributes"
    assert list(answer) == output["labels"] == ["label 0", "label 1"]
    assert card.output.activation == activation
    assert noted(card, "task", "output.labels", "output.activation")


class TestWhole:
    def test_the_file_is_named_and_hashed(self, echo_file):
        path = echo_file(name="my net.onnx", metadata={"license": "MIT"})
        card = draft_card(str(path))
        assert card.name == "my net"
        assert card.license == "MIT"
        assert card.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert card.notes[0] == (
            "the graph takes x float [1, 3, 4, 6] and gives y float [1, 3, 4, 6]"
        )
        assert ModelCard.from_json(card.to_json()) == card

    def test_a_card_inside_is_noted(self, echo_file):
        card = draft_card(echo_file(metadata={"portraitkit.card": "{}"}))
        assert any("has a card already" in line for line in card.notes)

    def test_a_card_of_our_own_is_noted(self, echo_file, monkeypatch):
        drafted = draft_card(echo_file())
        assert not any("portraitkit's own" in line for line in drafted.notes)
        monkeypatch.setattr(
            "portraitkit.models.drafting.draft.packaged_cards",
            lambda: {drafted.sha256: drafted},
        )
        assert (
            f"portraitkit's own: {drafted.name}." in draft_card(echo_file()).notes[-1]
        )

    def test_a_graph_that_fails_on_noise_is_drafted_all_the_same(
        self, echo_file, make_node
    ):
        tensors = [numpy_helper.from_array(np.array([1, 2, 64, 64]), "s")]
        nodes = [make_node("Reshape", ["x", "s"], ["y"])]
        out = ("y", 1, (1, 2, 64, 64))
        card = draft_card(
            echo_file((1, 3, "h", "w"), nodes=nodes, out=out, tensors=tensors)
        )
        assert card.task == "segment"
        [line] = [line for line in card.notes if "without trying" in line]
        assert "Reshape" in line

    @pytest.mark.parametrize(
        ("given", "out", "match"),
        [
            ((1, 8), (1, 8), r"takes an image; .*net\.onnx takes x \[1, 8\]"),
            ((1, 7, 9, 9), (1, 7, 9, 9), "takes an image"),
            ((1, 3, 4, 6), None, r"answers with a map, .* gives y \(3,\)"),
        ],
    )
    def test_no_network_for_pictures(self, given, out, match, echo_file, make_node):
        nodes = None
        if out is None:
            nodes = [make_node("ReduceMean", ["x"], ["y"], axes=[0, 2, 3], keepdims=0)]
            out = (3,)
        path = echo_file(given, nodes=nodes, out=("y", 1, out))
        with pytest.raises(
            ValueError, match=f"source must be of a network that {match}"
        ):
            draft_card(path)

    def test_kinds_of_number_that_no_card_can_say(self, echo_file):
        path = echo_file((1, 3, 4, 6), 7, out=("y", 7, (1, 3, 4, 6)))
        with pytest.raises(
            ValueError, match=r"takes float32, .* takes x of tensor\(int64"
        ):
            draft_card(path)

    def test_no_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="no file"):
            draft_card(tmp_path / "absent.onnx")

    def test_damaged(self, tmp_path):
        path = tmp_path / "net.onnx"
        path.write_bytes(b"no network at all")
        with pytest.raises(ValueError, match="source must be an ONNX file"):
            draft_card(path)
