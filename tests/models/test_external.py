"""A model file reads nothing outside its own folder."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from portraitkit.models import ImageInput, MapOutput, ModelCard, load_model
from portraitkit.models.external import _locations, check_external_files

onnx = pytest.importorskip("onnx")
h = onnx.helper
CARD = ModelCard(
    name="t",
    task="segment",
    input=ImageInput(size=(1, 1), scale=1 / 255),
    output=MapOutput(kind="probability", person=(0,)),
)


def outside(location, name="w"):
    """A tensor of one number that lives in another file."""
    tensor = onnx.TensorProto(name=name, data_type=1, dims=[1], data_location=1)
    for key, value in (("offset", "0"), ("location", location)):
        tensor.external_data.add(key=key, value=value)
    return tensor


def model_with(location, place="initializer"):
    tensors, nodes = [], [h.make_node("Add", ["x", "w"], ["y"])]
    if place == "initializer":
        tensors = [outside(location)]
    elif place == "constant":
        nodes.insert(0, h.make_node("Constant", [], ["w"], value=outside(location)))
    elif place == "branch":
        inner = [h.make_node("Constant", [], ["o"], value=outside(location))]
        out = [h.make_tensor_value_info("o", 1, [1])]
        branch = h.make_graph(inner, "b", [], out)
        nodes.insert(
            0, h.make_node("If", ["c"], ["w"], then_branch=branch, else_branch=branch)
        )
        tensors = [h.make_tensor("c", onnx.TensorProto.BOOL, [], [True])]
    elif place == "sparse":
        nodes.insert(0, h.make_node("Constant", [], ["w"]))
        values, where = outside(location), h.make_tensor("i", 7, [1], [0])
        sparse = h.make_sparse_tensor(values, where, [1])
        nodes[0].attribute.append(h.make_attribute("sparse_value", sparse))
    graph = h.make_graph(
        nodes,
        "g",
        [h.make_tensor_value_info("x", 1, [1, 3, 1, 1])],
        [h.make_tensor_value_info("y", 1, [1, 3, 1, 1])],
        tensors,
    )
    return h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    for path in (inside / "w.bin", tmp_path / "secret.bin"):
        np.array([0.5], np.float32).tofile(path)
    (inside / "link.bin").symlink_to(tmp_path / "secret.bin")
    return inside


def test_data_beside_the_model_is_read(folder):
    path = folder / "net.onnx"
    path.write_bytes(model_with("w.bin").SerializeToString())
    got = load_model(path, card=CARD)(np.zeros((2, 2, 3), np.uint8))
    assert_allclose(got, 0.5)


def test_data_that_changed_is_read_anew(folder):
    path = folder / "net.onnx"
    path.write_bytes(model_with("w.bin").SerializeToString())
    held = load_model(path, card=CARD)
    (folder / "w.bin").unlink()
    np.array([0.25], np.float32).tofile(folder / "w.bin")
    assert_allclose(load_model(path, card=CARD)(np.zeros((2, 2, 3), np.uint8)), 0.25)
    assert_allclose(held(np.zeros((2, 2, 3), np.uint8)), 0.5)


@pytest.mark.parametrize("place", ["initializer", "constant", "branch", "sparse"])
@pytest.mark.parametrize("kind", ["up", "absolute", "link", "hidden"])
def test_data_elsewhere_is_refused(kind, place, folder):
    secret = folder.parent / "secret.bin"
    location = {
        "up": "../secret.bin",
        "absolute": str(secret),
        "link": "link.bin",
        "hidden": "./x/../../secret.bin",
    }[kind]
    path = folder / "net.onnx"
    path.write_bytes(model_with(location, place).SerializeToString())
    with pytest.raises(ValueError, match=r"inside its own folder; .*net\.onnx reads '"):
        load_model(path, card=CARD)


def test_functions_are_searched():
    node = h.make_node("Constant", [], ["o"], value=outside("../a"))
    function = h.make_function("d", "f", [], ["o"], [node], [h.make_opsetid("", 17)])
    model = model_with("w.bin")
    model.functions.append(function)
    data = model.SerializeToString()
    assert sorted(_locations(data, 0, len(data), "model", 0)) == ["../a", "w.bin"]


def test_endless_nesting_is_refused(tmp_path):
    data = b""
    for _ in range(200):
        graph = data
        for tag in (0x32, 0x2A, 0x0A):  # attribute.g, node.attribute, graph.node
            graph = bytes([tag]) + _varint(len(graph)) + graph
        data = graph
    path = tmp_path / "deep.onnx"
    path.write_bytes(b"\x3a" + _varint(len(data)) + data)
    with pytest.raises(ValueError, match=r"deep\.onnx is damaged or is none"):
        check_external_files(path)


def _varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


@pytest.mark.parametrize("bits", [32, 33, 40])
def test_a_field_number_that_others_cut_to_32_bits_hides_nothing(bits, tmp_path):
    graph = model_with("../secret.bin").graph.SerializeToString()
    path = tmp_path / "net.onnx"
    path.write_bytes(_varint(1 << bits | 0x3A) + _varint(len(graph)) + graph)
    with pytest.raises(ValueError, match=r"net\.onnx is damaged or is none"):
        check_external_files(path)


def test_a_name_that_no_file_can_have(tmp_path):
    path = tmp_path / "net.onnx"
    path.write_bytes(model_with("a\0b").SerializeToString())
    with pytest.raises(ValueError, match=r"net\.onnx is damaged or is none"):
        check_external_files(path)


@given(st.binary(min_size=1, max_size=60))
def test_any_bytes_end_well(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.onnx"
    path.write_bytes(data)
    try:
        check_external_files(path)
    except ValueError as error:
        assert str(path) in str(error)  # noqa: PT017
