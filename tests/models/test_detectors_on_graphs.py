"""Every value of every field of `BoxOutput`, on a graph, against the definition."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from oracles import networks as oracle

from portraitkit.models import ModelCard, OnnxDetector, load_model

pytest.importorskip("onnxruntime")

RNG = np.random.default_rng(3)
PICTURE = RNG.integers(0, 256, (23, 17, 3), np.uint8)
SIZE = [8, 16]
INPUT = {"size": SIZE, "resize": "letterbox"}
N = 12
SIZES = RNG.uniform(1, 6, (N, 2))
LOWS = RNG.uniform(0, 1, (N, 2)) * [12, 4]
HIGHS = LOWS + SIZES
BOXES = {
    "xyxy": np.hstack([LOWS, HIGHS]),
    "yxyx": np.hstack([LOWS[:, ::-1], HIGHS[:, ::-1]]),
    "xywh": np.hstack([LOWS, SIZES]),
    "cxcywh": np.hstack([LOWS + SIZES / 2, SIZES]),
    "yolox": np.hstack([RNG.uniform(0, 1, (N, 2)), RNG.uniform(-1, 1, (N, 2))]),
    "distances": RNG.uniform(0.2, 1, (N, 4)),
    "ssd": np.hstack([RNG.uniform(-5, 5, (N, 2)), RNG.uniform(-1, 3, (N, 2))]),
}
MARKS = RNG.uniform(0, 1, (N, 3))
SPOTS = RNG.uniform(-1, 1, (N, 4))
BASE = {"format": "xyxy", "score": "class", "threshold": 0.2, "iou": 0.45}
# An 8 x 16 input has 8 cells of stride 4 and 2 of stride 8.
GRIDS = {"strides": [4, 8, 8]}
YOLOX = {"format": "yolox", **GRIDS}
DISTANCES = {"format": "distances", **GRIDS}
ANCHORS = [[[3, 4]], [[6, 5], [4, 9]]]
SSD = {"format": "ssd", "strides": [4, 8], "anchors": ANCHORS}
DETECTORS = {
    "xyxy": {},
    "yxyx": {"format": "yxyx"},
    "xywh": {"format": "xywh"},
    "cxcywh": {"format": "cxcywh"},
    "normalized": {"unit": "normalized"},
    "normalized yxyx": {"format": "yxyx", "unit": "normalized"},
    "pixels": {"unit": "pixels"},
    "yolox": YOLOX,
    "yolox at centers": {**YOLOX, "offset": 0.5},
    "yolox, fractions": {"format": "yolox", "strides": [6.5, 6.5]},
    "cells": {"format": "yolox", "cells": [[2, 4], [2, 2]]},
    "cells and strides": {**YOLOX, "strides": [4, 3], "cells": [[2, 4], [1, 4]]},
    "three a cell": {"format": "distances", "cells": [[2, 2]], "per_cell": 3},
    "distances": DISTANCES,
    "distances from centers": {**DISTANCES, "offset": 0.5},
    "ssd": SSD,
    "ssd variances": {**SSD, "variances": [0.2, 0.4]},
    "ssd linear": {**SSD, "variances": [0.1, 1], "log_sizes": False},
    "ssd at corners": {**SSD, "offset": 0},
    "ssd cells": {
        "format": "ssd",
        "cells": [[2, 3], [1, 3]],
        "anchors": [[[3, 4]], [[6, 5], [4, 9]]],
    },
    "objectness": {"score": "objectness"},
    "objectness*class": {"score": "objectness*class", "class_index": 1},
    "sqrt": {"score": "sqrt(objectness*class)", "class_index": 1},
    "labeled": {"score": "labeled", "class_index": 2},
    "class 2": {"class_index": 2},
    "threshold 0": {"threshold": 0},
    "threshold 1": {"threshold": 1},
    "no suppression": {"iou": None},
    "strict suppression": {"iou": 0},
    "loose suppression": {"iou": 1},
    "sigmoid": {"activation": "sigmoid", "threshold": 0.55},
    "sigmoid product": {
        "activation": "sigmoid",
        "score": "objectness*class",
        "threshold": 0.3,
    },
    "sigmoid labeled": {"activation": "sigmoid", "score": "labeled", "class_index": 2},
    "softmax": {"activation": "softmax", "threshold": 0.3},
}


def card(answer, task="persons"):
    return ModelCard.from_mapping(
        {"name": "t", "task": task, "input": INPUT, "output": answer}
    )


def written(answer):
    """What a network writes for boxes and marks under `answer`."""
    boxes, marks = BOXES[answer["format"]], MARKS
    if answer.get("unit") == "normalized":
        boxes = boxes / oriented(answer)
    if answer["score"] == "labeled":
        marks = np.stack([MARKS[:, 0], np.arange(N) % 3], axis=1)
    return boxes.astype(np.float32), marks.astype(np.float32)


def oriented(answer):
    return [8, 16, 8, 16] if answer["format"] == "yxyx" else [16, 8, 16, 8]


def check(model, boxes, marks, answer, landmarks=None):
    """The model finds what the slow definition does."""
    want, scores, spots = oracle.detections(boxes, marks, SIZE, answer, landmarks)
    shown = oracle.boxes_back(want, PICTURE.shape[:2], INPUT)
    solid = [i for i, b in enumerate(shown) if b[0] < b[2] and b[1] < b[3]]
    got = model(PICTURE)
    assert_allclose(
        got.boxes, np.reshape([shown[i] for i in solid], (-1, 4)), atol=1e-4
    )
    assert_allclose(got.scores, [scores[i] for i in solid], atol=1e-6)
    if landmarks is None:
        assert got.landmarks is None
        return
    spots = oracle.points_back(spots, PICTURE.shape[:2], INPUT)
    assert_allclose(got.landmarks, [spots[i] for i in solid], atol=1e-4)


@pytest.mark.parametrize("way", ["one output", "two outputs", "transposed"])
@pytest.mark.parametrize("answer", DETECTORS.values(), ids=DETECTORS)
def test_boxes(answer, way, rows_file):
    answer = {**BASE, **answer}
    boxes, marks = written(answer)
    arrays, fields = [np.hstack([boxes, marks])[None]], {}
    if way == "two outputs":
        arrays, fields = [boxes[None], marks[None]], {"boxes": "y0", "scores": "y1"}
    elif way == "transposed":
        arrays, fields = [arrays[0].transpose(0, 2, 1)], {"transposed": True}
    model = load_model(
        rows_file(*arrays), card=card({**answer, **fields}), device="cpu"
    )
    assert len(model(PICTURE)) or answer["threshold"] == 1
    check(model, boxes, marks, answer)


def test_bins(rows_file):
    """The mean of 0..2 under a softmax, for each side."""
    bins = RNG.normal(0, 2, (N, 12)).astype(np.float32)
    answer = {**BASE, **DISTANCES, "bins": 3}
    path = rows_file(np.hstack([bins, MARKS])[None])
    check(load_model(path, card=card(answer), device="cpu"), bins, MARKS, answer)


FOUR = ["xyxy", "cxcywh", "yolox", "distances", "ssd"]
MORE = {"yolox": GRIDS, "distances": GRIDS, "ssd": SSD}


class TestLandmarks:
    @pytest.mark.parametrize("kind", FOUR)
    @pytest.mark.parametrize("apart", [False, True])
    def test_beside_the_box(self, kind, apart, rows_file):
        answer = {**BASE, **MORE.get(kind, {}), "format": kind, "points": 2}
        boxes, marks = written(answer)
        arrays = [np.hstack([boxes, SPOTS, marks])[None]]
        fields = {}
        if apart:
            arrays = [np.hstack([boxes, marks])[None], SPOTS[None]]
            fields = {"boxes": "y0", "landmarks": "y1"}
        model = load_model(
            rows_file(*arrays), card=card({**answer, **fields}, "faces"), device="cpu"
        )
        check(model, boxes, marks, answer, SPOTS)

    def test_normalized(self, rows_file):
        answer = {**BASE, "unit": "normalized", "points": 2}
        boxes, marks = written(answer)
        path = rows_file(np.hstack([boxes, SPOTS, marks])[None])
        model = load_model(path, card=card(answer, "faces"), device="cpu")
        check(model, boxes, marks, answer, SPOTS)

    def test_columns_in_any_order(self, rows_file):
        """As in YOLO-face: box, objectness, landmarks, classes; or marks first."""
        answer = {**BASE, "score": "objectness*class", "points": 2}
        boxes, marks = written(answer)
        late = np.hstack([boxes, marks[:, :1], SPOTS, marks[:, 1:]])
        first = np.hstack([marks, SPOTS, boxes])
        for rows, fields in (
            (late, {"landmark_column": 5}),
            (first, {"box_column": 7, "landmark_column": 3}),
        ):
            model = load_model(
                rows_file(rows[None]),
                card=card({**answer, **fields}, "faces"),
                device="cpu",
            )
            check(model, boxes, marks, answer, SPOTS)

    def test_too_few_columns(self, rows_file):
        answer = {**BASE, "points": 5}
        path = rows_file(np.hstack([BOXES["xyxy"], MARKS])[None])
        model = load_model(path, card=card(answer, "faces"), device="cpu")
        with pytest.raises(ValueError, match="must give 10 numbers for the landmarks"):
            model(PICTURE)


def test_an_output_for_each_grid_and_kind(rows_file):
    """As YuNet writes them: boxes, classes, objectness and landmarks of each grid."""
    answer = {
        **BASE,
        **YOLOX,
        "score": "sqrt(objectness*class)",
        "points": 2,
    }
    boxes, marks = written(answer)
    marks = marks[:, :2]
    parts = [slice(0, 8), slice(8, 10), slice(10, 12)]
    kinds = {
        "boxes": boxes,
        "scores": marks[:, 1:],
        "objectness": marks[:, :1],
        "landmarks": SPOTS,
    }
    arrays = [table[part][None] for table in kinds.values() for part in parts]
    names = iter(f"y{k}" for k in range(12))
    fields = {kind: [next(names) for _ in parts] for kind in kinds}
    model = load_model(
        rows_file(*arrays), card=card({**answer, **fields}, "faces"), device="cpu"
    )
    check(model, boxes, marks, answer, SPOTS)


def test_objectness_apart_from_several_classes(rows_file):
    answer = {**BASE, "score": "objectness*class", "class_index": 1}
    boxes, marks = written(answer)
    arrays = [boxes[None], marks[:, :1][None], marks[:, 1:][None]]
    fields = {"boxes": "y0", "objectness": "y1", "scores": "y2"}
    model = load_model(rows_file(*arrays), card=card({**answer, **fields}))
    check(model, boxes, marks, answer)
    arrays = [np.hstack([boxes, marks[:, 1:]])[None], marks[:, 0]]
    fields = {"boxes": "y0", "objectness": "y1"}
    model = load_model(rows_file(*arrays), card=card({**answer, **fields}))
    check(model, boxes, marks, answer)


def test_boxes_labels_and_scores_apart(rows_file):
    """As torchvision writes them, without a batch axis."""
    answer = {**BASE, "score": "labeled", "class_index": 1, "iou": None}
    boxes, marks = written(answer)
    fields = {"boxes": "y0", "labels": "y1", "scores": "y2"}
    model = load_model(
        rows_file(boxes, marks[:, 1], marks[:, 0]),
        card=card({**answer, **fields}),
        device="cpu",
    )
    check(model, boxes, marks, answer)


def test_tasks_give_the_right_class(rows_file):
    rows = rows_file(np.zeros((1, 3, 5)))
    for task in ("persons", "faces"):
        model = load_model(rows, card=card(BASE, task), task=task)
        assert isinstance(model, OnnxDetector)
        assert len(model(PICTURE)) == 0
