"""`load_model`: what it finds, what it refuses, and that it stays quiet."""

import hashlib
import json
import logging
import re
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

from portraitkit.models import (
    ImageInput,
    MapOutput,
    ModelCard,
    OnnxDetector,
    OnnxSegmenter,
    Segmenter,
    load_model,
)
from portraitkit.models.binding import inspected
from portraitkit.models.card import METADATA_KEY

ort = pytest.importorskip("onnxruntime")
IMAGE = np.full((5, 7, 3), 51, np.uint8)


def card(name="t", **fields):
    plain = {
        "task": "segment",
        "input": ImageInput(size=(4, 6), scale=1 / 255),
        "output": MapOutput(kind="probability"),
    }
    return ModelCard(name=name, **{**plain, **fields})


class TestCards:
    def test_same_height_and_width_come_back(self, echo_file):
        model = load_model(echo_file(), card=card())
        assert isinstance(model, OnnxSegmenter)
        assert isinstance(model, Segmenter)
        assert_allclose(model(IMAGE), np.full((5, 7), 0.2), atol=1e-6)

    def test_order_of_search(self, echo_file, tmp_path, monkeypatch):
        """The argument, then beside the file, then its metadata, then our own."""
        path = echo_file(metadata={METADATA_KEY: card("inside").to_json()})
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        ours = {sha256: card("ours")}
        monkeypatch.setattr("portraitkit.models.find_card.packaged_cards", lambda: ours)
        beside = path.with_name("net.card.json")
        beside.write_text(card("beside").to_json())
        given = tmp_path / "any.json"
        given.write_text(card("given").to_json())
        assert load_model(path, card=given).card.name == "given"
        assert load_model(str(path), card=card("object")).card.name == "object"
        assert load_model(path).card.name == "beside"
        beside.unlink()
        assert load_model(path).card.name == "inside"

    def test_our_own_card_is_found_by_hash(self, echo_file, monkeypatch):
        path = echo_file()
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        monkeypatch.setattr(
            "portraitkit.models.find_card.packaged_cards",
            lambda: {sha256: card("ours", sha256=sha256)},
        )
        assert load_model(path).card.name == "ours"

    def test_no_card_says_where_it_looked(self, echo_file):
        with pytest.raises(
            ValueError,
            match=r'card must be given for .*net\.onnx: .*net\.card\.json.*"p',
        ):
            load_model(echo_file())

    def test_bad_metadata_is_named(self, echo_file):
        path = echo_file(metadata={METADATA_KEY: "{"})
        with pytest.raises(
            ValueError, match=r"net\.onnx, metadata 'portraitkit.card': "
        ):
            load_model(path)

    def test_a_card_of_another_file_is_refused(self, echo_file):
        with pytest.raises(
            ValueError, match=r"card field sha256 must be that of .*net"
        ):
            load_model(echo_file(), card=card(sha256="0" * 64))

    def test_names_are_filled_in(self, echo_file):
        model = load_model(echo_file(), card=card())
        assert (model.card.input.name, model.card.output.name) == ("x", "y")

    def test_describe(self, echo_file):
        path = echo_file()
        model = load_model(path, card=card(license="MIT"), device="cpu")
        assert model.describe() == {
            "card": "t",
            "task": "segment",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "license": "MIT",
            "provider": "CPUExecutionProvider",
        }

    @pytest.mark.parametrize(
        ("shape", "fields", "match"),
        [
            ((1, 3, 4, 6), {"input": {"name": "z"}}, r"input.name must be .*\['x'\]"),
            (
                (1, 3, 4, 6),
                {"input": {"size": [4, 4]}},
                r"input.size must be .*\[4, 4\]",
            ),
            ((1, 3, 4, 6), {"input": {"size": None, "longest": 6}}, "input.size must"),
            ((1, 4, 4, 6), {}, r"input.layout must be .*of 3 channels"),
            ((1, 4, 6, 3), {}, "input.layout must be"),
            ((1, 3, 4), {}, "input.layout must be"),
            (
                (1, 3, 4, 6),
                {"input": {"dtype": "uint8"}},
                r"input.dtype must .*\(float\)",
            ),
            ((1, 3, 4, 6), {"output": {"name": "q"}}, r"output.name must be .*\['y'\]"),
        ],
    )
    def test_a_card_that_does_not_fit_the_graph(self, shape, fields, match, echo_file):
        values = json.loads(card().to_json())
        for section, changes in fields.items():
            values[section].update(changes)
            if changes.get("dtype") == "uint8":
                values[section]["scale"] = 1
        wrong = ModelCard.from_json(json.dumps(values))
        with pytest.raises(ValueError, match=f"card field {match}"):
            load_model(echo_file(shape), card=wrong)

    def test_boxes_and_scores_must_be_outputs(self, rows_file):
        for field in ("boxes", "scores"):
            values = {
                "name": "t",
                "task": "faces",
                "input": {"size": [8, 16]},
                "output": {
                    "format": "xyxy",
                    "score": "class",
                    "threshold": 0.5,
                    "iou": None,
                    field: "q",
                },
            }
            with pytest.raises(ValueError, match=f"output.{field} must be an output"):
                load_model(
                    rows_file(np.zeros((1, 1, 5))), card=ModelCard.from_mapping(values)
                )

    def test_a_class_is_made_for_its_task(self):
        with pytest.raises(
            ValueError, match="card field task must be one that OnnxDet"
        ):
            OnnxDetector(runtime=None, card=card(), provider="", sha256="")

    def test_a_class_needs_names(self):
        with pytest.raises(ValueError, match=r"card field input\.name must be given"):
            OnnxSegmenter(runtime=None, card=card(), provider="", sha256="")


class TestArguments:
    @pytest.mark.parametrize(
        ("more", "error", "match"),
        [
            ({"task": "dance"}, ValueError, 'task must be one of "segment", "persons"'),
            ({"task": "faces"}, ValueError, "task must be that of card 't', 'segment'"),
            ({"task": "features"}, ValueError, "task must be that of card"),
            (
                {"device": "gpu"},
                ValueError,
                'device must be "auto", "cpu".*got \'gpu\'',
            ),
            ({"device": "cuda:x"}, ValueError, "device must be"),
            ({"device": 0}, ValueError, "device must be .*got 0"),
            ({"threads": 0}, ValueError, "threads must be an integer >= 1; got 0"),
            ({"threads": 1.5}, TypeError, "threads must be an integer"),
            ({"card": "absent.json"}, OSError, r"absent\.json"),
            ({"card": {"name": "t"}}, TypeError, "card must be a ModelCard .*got {'n"),
            ({"card": 3}, TypeError, "card must be a ModelCard or the path .*got 3"),
        ],
    )
    def test_refusals(self, more, error, match, echo_file):
        with pytest.raises(error, match=match):
            load_model(echo_file(), **{"card": card(), **more})

    @pytest.mark.parametrize("source", ["sinet", "absent.onnx", "", "a/b.onnx"])
    def test_no_file(self, source, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(
            OSError, match="source must be .*" + re.escape(repr(source))
        ):
            load_model(source)

    def test_no_path(self):
        with pytest.raises(TypeError, match=r"source must be .*path.*; got 3"):
            load_model(3)

    def test_folder(self, tmp_path):
        folder = tmp_path / "a.onnx"
        folder.mkdir()
        with pytest.raises(
            IsADirectoryError, match=r"an ONNX file; got .*a\.onnx.*folder"
        ):
            load_model(folder)

    def test_builtin(self):
        assert isinstance(load_model("builtin", task="segment"), Segmenter)

    @pytest.mark.parametrize(
        ("more", "match"),
        [
            ({}, 'task must be given for source "builtin"; got None'),
            ({"task": "faces", "device": "cuda"}, "device must be .* got 'cuda'"),
            ({"task": "faces", "card": "x"}, "card must be left out .*; got 'x'"),
            ({"task": "features"}, "task must be .*'features'"),
        ],
    )
    def test_builtin_refusals(self, more, match):
        with pytest.raises(ValueError, match=match):
            load_model("builtin", **more)


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "match"),
        [
            (b"", "net.onnx is empty"),
            (b"hello, this is text\n" * 20, "net.onnx is damaged or is none"),
            (b"\xff" * 100, "damaged"),
            (b"\x89PNG\r\n\x1a\n" + bytes(50), "damaged or|can run"),
            (b"\x08\x08", "can run; .*net.onnx"),
        ],
    )
    def test_no_onnx(self, content, match, tmp_path):
        path = tmp_path / "net.onnx"
        path.write_bytes(content)
        with pytest.raises(ValueError, match=f"source must be an ONNX file.*{match}"):
            load_model(path, card=card())

    def test_truncated_anywhere(self, echo_file):
        path = echo_file()
        whole = path.read_bytes()
        for length in range(len(whole)):
            path.write_bytes(whole[:length])
            with pytest.raises(ValueError, match=r"(source must|card field) .*"):
                load_model(path, card=card())

    def test_unknown_operator(self, echo_file, make_node):
        path = echo_file(nodes=[make_node("Dance", ["x"], ["y"])])
        with pytest.raises(
            ValueError, match=r"onnxruntime can run; .*net\.onnx.*Dance"
        ):
            load_model(path, card=card())

    def test_unreadable_image(self, echo_file):
        model = load_model(echo_file(), card=card())
        with pytest.raises(TypeError, match="image must be uint8 RGB"):
            model(IMAGE.astype(float))


class TestDevices:
    def test_cpu(self, echo_file):
        model = load_model(echo_file(), card=card(), device="cpu")
        assert model.provider == "CPUExecutionProvider"
        assert model.runtime.get_providers() == ["CPUExecutionProvider"]

    def test_auto_says_what_it_took(self, echo_file):
        model = load_model(echo_file(), card=card(), device="auto")
        assert model.provider == inspected(model.runtime).get_providers()[0]

    @pytest.mark.parametrize("device", ["cuda", "cuda:0", "cuda:97"])
    def test_a_device_that_cannot_be_had_is_an_error(self, device, echo_file):
        path = echo_file()
        auto = load_model(path, card=card()).provider
        if auto != "CPUExecutionProvider" and device != "cuda:97":
            assert load_model(path, card=card(), device=device).provider == auto
            return
        with pytest.raises(
            RuntimeError, match=f"device must be .*; got '{device}': .*pip"
        ):
            load_model(path, card=card(), device=device)

    def test_a_session_that_slipped_to_the_cpu_is_not_taken(
        self, echo_file, monkeypatch
    ):
        """Onnxruntime lists CUDA as available, then computes without it."""
        monkeypatch.setattr(
            ort, "get_available_providers", lambda: ["CUDAExecutionProvider"]
        )
        real = ort.InferenceSession

        def slips(path, options, *, enable_fallback, **_providers):
            assert enable_fallback == 0
            return real(path, options, providers=["CPUExecutionProvider"])

        monkeypatch.setattr(ort, "InferenceSession", slips)
        path = echo_file()
        with pytest.raises(
            RuntimeError, match=r"could not load CUDA's libraries.*\[cuda\]"
        ):
            load_model(path, card=card(), device="cuda")
        assert load_model(path, card=card()).provider == "CPUExecutionProvider"

    def test_threads(self, echo_file):
        model = load_model(echo_file(), card=card(), device="cpu", threads=1)
        options = model.runtime.get_session_options()
        assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)

    def test_missing_runtime_names_the_extras(self, echo_file, monkeypatch):
        path = echo_file()
        monkeypatch.setitem(sys.modules, "onnxruntime", None)
        with pytest.raises(ImportError) as caught:
            load_model(path, card=card())
        message = str(caught.value)
        assert 'pip install "portraitkit[cpu]"' in message
        assert '"portraitkit[gpu]"' in message
        assert "\n" not in message

    def test_builtin_needs_no_runtime(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "onnxruntime", None)
        assert load_model("builtin", task="faces")


def run_quietly(path, card_path, *, level):
    code = (
        "import logging, sys; from portraitkit.models import load_model;"
        f"logging.getLogger('portraitkit').setLevel({level});"
        "load_model(sys.argv[1], card=sys.argv[2]);"
        "load_model(sys.argv[1], card=sys.argv[2], device='cpu')"
    )
    command = [sys.executable, "-c", code, str(path), str(card_path)]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_the_runtime_is_silent_unless_asked(graph_file, make_node, tmp_path):
    """A graph whose initializer is also an input makes onnxruntime warn."""
    from onnx import helper

    shape = (1, 3, 4, 6)
    path = graph_file(
        [make_node("Add", ["x", "w"], ["y"])],
        [("x", 1, shape), ("w", 1, (1,))],
        [("y", 1, shape)],
        tensors=[helper.make_tensor("w", 1, [1], [0.0])],
    )
    given = tmp_path / "c.json"
    given.write_text(card().to_json())
    quiet = run_quietly(path, given, level=logging.INFO)
    assert quiet.stdout + quiet.stderr == ""
    chatty = run_quietly(path, given, level=logging.DEBUG)
    assert "onnxruntime" in chatty.stderr


def test_a_graph_that_fails_says_on_what_and_nothing_else(graph_file, make_node, capfd):
    from onnx import helper

    path = graph_file(
        [make_node("Add", ["x", "w"], ["y"])],
        [("x", 1, ("n", 3, "h", "w"))],
        [("y", 1, ("n", 3, None, None))],
        tensors=[helper.make_tensor("w", 1, [1, 3, 5, 5], [0.0] * 75)],
    )
    model = load_model(path, card=card(input=ImageInput(longest=8)))
    match = r"network 't' failed on its input, x \(1, 3, 8, 8\): .*Add"
    with pytest.raises(RuntimeError, match=match):
        model(np.zeros((8, 8, 3), np.uint8))
    assert capfd.readouterr() == ("", "")


def test_only_arrays_of_numbers_are_outputs(tmp_path):
    """A list of arrays, as a loop gives it, or text can't be read by any card."""
    onnx = pytest.importorskip("onnx")
    from onnx.helper import make_node, make_tensor_sequence_value_info

    def write(*outputs):
        given = onnx.helper.make_tensor_value_info("x", 1, (1, 3, 4, 6))
        nodes = [make_node("SequenceConstruct", ["x"], ["list"])]
        nodes.append(make_node("Identity", ["x"], ["y"]))
        graph = onnx.helper.make_graph(nodes, "g", [given], list(outputs))
        opset = [onnx.helper.make_opsetid("", 17)]
        model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8)
        onnx.save(model, tmp_path / "net.onnx")
        return tmp_path / "net.onnx"

    several = make_tensor_sequence_value_info("list", 1, None)
    array = onnx.helper.make_tensor_value_info("y", 1, (1, 3, 4, 6))
    with pytest.raises(
        ValueError, match=r"gives arrays of numbers; it gives \['list: "
    ):
        load_model(write(several), card=card())
    assert load_model(write(several, array), card=card()).card.output.name == "y"
    named = MapOutput(kind="probability", name="list")
    with pytest.raises(
        ValueError, match=r"output\.name must be an output of the graph"
    ):
        load_model(write(several, array), card=card(output=named))
