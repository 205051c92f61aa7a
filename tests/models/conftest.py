"""Small ONNX files made on the spot: no weights, no downloads, no mocks."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
h = onnx.helper
KINDS = {np.float32: 1, np.uint8: 2, np.int64: 7, np.float16: 10}


def save_graph(path, nodes, inputs, outputs, tensors=(), metadata=None):
    """Write a graph; inputs and outputs are (name, type, shape)."""
    graph = h.make_graph(
        nodes,
        "made in a test",
        [h.make_tensor_value_info(*each) for each in inputs],
        [h.make_tensor_value_info(*each) for each in outputs],
        list(tensors),
    )
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    if metadata:
        h.set_model_props(model, metadata)
    path.write_bytes(model.SerializeToString())
    return path


@pytest.fixture
def graph_file(tmp_path):
    """Write an ONNX file and return its path."""

    def write(nodes, inputs, outputs, *, name="net.onnx", **more):
        return save_graph(tmp_path / name, nodes, inputs, outputs, **more)

    return write


@pytest.fixture
def echo_file(graph_file):
    """Write a network that answers with its own input, named x -> y."""

    def write(shape=(1, 3, 4, 6), kind=1, *, nodes=None, out=None, **more):
        out = out or ("y", kind, shape)
        nodes = nodes or [h.make_node("Identity", ["x"], ["y"])]
        return graph_file(nodes, [("x", kind, shape)], [out], **more)

    return write


@pytest.fixture
def rows_file(graph_file):
    """Write a detector that answers with given arrays, whatever it sees."""

    def write(*arrays, size=(8, 16), **more):
        names = [f"y{i}" for i in range(len(arrays))]
        nodes = [h.make_node("Identity", [f"c{i}"], [n]) for i, n in enumerate(names)]
        tensors = [
            onnx.numpy_helper.from_array(np.asarray(a, np.float32), f"c{i}")
            for i, a in enumerate(arrays)
        ]
        outputs = [(n, 1, np.shape(a)) for n, a in zip(names, arrays, strict=True)]
        return graph_file(
            nodes, [("x", 1, (1, 3, *size))], outputs, tensors=tensors, **more
        )

    return write


@pytest.fixture
def make_node():
    return h.make_node
