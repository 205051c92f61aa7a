"""Three public networks, from our cards alone, on real photographs."""

import json

import numpy as np
import pytest
from PIL import Image

from portraitkit.models import ModelCard, load_model

pytest.importorskip("onnxruntime")


def read(path):
    return np.asarray(Image.open(path).convert("RGB"))


def overlaps(truth, boxes):
    low = np.maximum(truth[:, None, :2], boxes[:, :2])
    high = np.minimum(truth[:, None, 2:], boxes[:, 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    area = (truth[:, 2:] - truth[:, :2]).prod(-1)[:, None]
    return shared / (area + (boxes[:, 2:] - boxes[:, :2]).prod(-1) - shared)


def found(truth, boxes):
    """How many are found at IoU 0.5, one box for each."""
    table, hits = overlaps(truth, boxes), 0
    while table.size and table.max() >= 0.5:
        row, column = np.unravel_index(table.argmax(), table.shape)
        table[row], table[:, column] = -1, -1
        hits += 1
    return hits


def test_sinet_reaches_its_iou(data):
    model = load_model(data / "models/portrait_sinet_320.onnx", threads=1)
    scores = []
    for path in sorted((data / "portraits/eval/images").iterdir()):
        truth = np.asarray(Image.open(data / f"portraits/eval/masks/{path.stem}.png"))
        mask = model(read(path)) >= 0.5
        scores.append((mask & (truth > 0)).sum() / (mask | (truth > 0)).sum())
    assert len(scores) == 60
    assert np.mean(scores) >= 0.965


def test_rfb_finds_the_face(data):
    model = load_model(data / "models/face_rfb_320.onnx", task="faces", threads=1)
    landmarks = json.loads((data / "portraits/eval/landmarks49.json").read_text())
    hits = []
    for name, points in landmarks.items():
        if points is not None:
            x, y = np.mean(points, axis=0)
            faces = model(read(data / f"portraits/eval/images/{name}.jpg"))
            x1, y1, x2, y2 = faces.boxes[0] if len(faces) else np.zeros(4)
            hits.append(x1 <= x < x2 and y1 <= y < y2)
    assert np.mean(hits) >= 0.97


def test_yolox_recalls_the_pedestrians(data):
    model = load_model(
        data / "models/person_yolox_nano_416.onnx", task="persons", threads=1
    )
    scenes = json.loads((data / "multi/instances.json").read_text())
    hits = total = 0
    for name, scene in scenes.items():
        if scene["source"] == "Penn-Fudan":
            truth = np.array(list(scene["boxes_xyxy"].values()), float)
            boxes = model(read(data / f"multi/images/{name}.png")).boxes
            hits, total = hits + found(truth, boxes), total + len(truth)
    assert total == 85
    assert hits / total >= 0.97


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (3, 2)])
def test_thin_images(shape, data):
    image = np.full((*shape, 3), 99, np.uint8)
    segment = load_model(data / "models/portrait_sinet_320.onnx")(image)
    assert segment.shape == shape
    for name in ("face_rfb_320", "person_yolox_nano_416"):
        boxes = load_model(data / f"models/{name}.onnx")(image).boxes
        assert boxes.shape[1] == 4


def test_runs_and_threads_do_not_matter(data):
    path = data / "models/portrait_sinet_320.onnx"
    image = read(min((data / "portraits/eval/images").iterdir()))
    first, one = (
        load_model(path, device="cpu"),
        load_model(path, threads=1, device="cpu"),
    )
    np.testing.assert_array_equal(first(image), first(image))
    np.testing.assert_array_equal(first(image), one(image))


def test_priors_in_the_card_equal_those_in_the_graph(data, tmp_path):
    """The face detector decodes its boxes itself; from its raw numbers we do."""
    onnx = pytest.importorskip("onnx")
    path = data / "models/face_rfb_320.onnx"
    model = onnx.load(path)
    nodes = model.graph.node
    [logits] = next(n.input for n in nodes if "scores" in n.output)
    raw = [logits, raw_boxes(nodes)]
    del model.graph.output[:]
    for name in raw:
        model.graph.output.append(onnx.helper.make_tensor_value_info(name, 1, None))
    onnx.save(model, tmp_path / "raw.onnx")
    whole = load_model(path, device="cpu")
    card = json.loads(whole.card.to_json())
    del card["sha256"]
    card["output"] |= {
        "boxes": raw[1],
        "scores": raw[0],
        "activation": "softmax",
        "unit": "pixels",
        "format": "ssd",
        "cells": [[30, 40], [15, 20], [8, 10], [4, 5]],
        "anchors": [
            [[size, size] for size in sizes]
            for sizes in ((10, 16, 24), (32, 48), (64, 96), (128, 192, 256))
        ],
    }
    ours = load_model(
        tmp_path / "raw.onnx", card=ModelCard.from_mapping(card), device="cpu"
    )
    for image in sorted((data / "portraits/eval/images").iterdir())[:6]:
        want, got = whole(read(image)), ours(read(image))
        assert len(want)
        np.testing.assert_allclose(got.boxes, want.boxes, atol=0.05)
        np.testing.assert_allclose(got.scores, want.scores, atol=1e-5)


def raw_boxes(nodes):
    """The tensor whose columns are scaled and go through exp, as log sizes do."""
    made = {name: node for node in nodes for name in node.output}
    [exp] = [node for node in nodes if node.op_type == "Exp"]
    scaled = made[exp.input[0]]
    return made[scaled.input[0]].input[0]


@pytest.mark.parametrize("name", ["portrait_sinet_320", "person_yolox_nano_416"])
def test_cuda_equals_the_cpu(name, data):
    """Where a CUDA device is at hand."""
    path = data / f"models/{name}.onnx"
    try:
        cuda = load_model(path, device="cuda")
    except RuntimeError as error:
        pytest.skip(f"no CUDA: {error}")
    cpu = load_model(path, device="cpu")
    images = [read(p) for p in sorted((data / "portraits/eval/images").iterdir())[:6]]
    for want, got in zip(cpu.many(images), cuda.many(images), strict=True):
        if name.startswith("portrait"):
            np.testing.assert_allclose(got, want, atol=1e-3)
        else:
            np.testing.assert_allclose(got.boxes, want.boxes, atol=0.5)
