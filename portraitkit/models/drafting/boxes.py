"""Whether a graph's outputs are boxes, and how they seem to be written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .found import Found

_STRIDES = (8, 16, 32)


def is_table(out: Found) -> bool:
    """Say whether an output could be one row for each of many boxes."""
    return len(out.shape) == 3 and min(out.shape[1:]) >= 1 and max(out.shape[1:]) > 1


def guess_boxes(found: Sequence[Found], notes: list[str]) -> tuple[str, dict[str, Any]]:
    """Return task and output's section; `notes` gets a line for each guess."""
    fours = [out for out in found if out.shape[2] == 4]
    beside = [out for out in found if fours and _rows_of(out, fours[0])]
    if beside:
        task, fields = _two(fours[0], beside[0], notes)
    else:
        task, fields = _one(found[0], notes)
    fields |= {"threshold": 0.5}
    notes.append("output.threshold: guessed 0.5")
    if "iou" not in fields:
        fields["iou"] = 0.45
        notes.append("output.iou: guessed 0.45; null where the graph suppresses")
    return task, fields


def _rows_of(out: Found, boxes: Found) -> bool:
    return out is not boxes and out.shape[1] == boxes.shape[1]


def _two(boxes: Found, scores: Found, notes: list[str]) -> tuple[str, dict[str, Any]]:
    classes = scores.shape[2]
    task = "faces" if classes <= 2 else "persons"
    notes.append(
        f"task: guessed {task}, for {boxes.name!r} is boxes and {scores.name!r} scores "
        f"of {classes} classes"
    )
    shares = classes > 1 and scores.sums_to_one(axis=2)
    unit = "normalized" if boxes.within(-1, 2) else "pixels"
    index = 1 if classes == 2 or shares else 0
    notes.append(f"output.class_index: guessed {index}")
    notes.append(f"output.unit: guessed {unit} from the range on noise")
    notes.append("output.format: guessed xyxy; ssd where the boxes are raw")
    fields = {
        "boxes": boxes.name,
        "scores": scores.name,
        "format": "xyxy",
        "unit": unit,
        "score": "class",
        "class_index": index,
        **_activation(scores, 0, notes),
    }
    return task, fields


def _one(out: Found, notes: list[str]) -> tuple[str, dict[str, Any]]:
    notes.append(f"task: guessed persons, for {out.name!r} is rows, {out.shape}")
    transposed = out.shape[1] < out.shape[2]
    columns, n = sorted(out.shape[1:])
    fields: dict[str, Any] = {"boxes": out.name, "transposed": transposed}
    if n == sum(_cells(out, stride) for stride in _STRIDES) and not transposed:
        fields |= {"format": "yolox", "strides": _STRIDES, "score": "objectness*class"}
        why = f"{n} rows are the cells of strides {list(_STRIDES)}"
    elif columns == 6 and not transposed:
        fields |= {"format": "xyxy", "score": "labeled", "iou": None}
        why = "6 columns are often corners, score and class, suppressed in the graph"
    elif transposed:
        fields |= {"format": "cxcywh", "score": "class"}
        why = "a box is a column"
    else:
        fields |= {"format": "cxcywh", "score": "objectness*class"}
        why = f"{columns} columns are often box, objectness and classes"
    if columns == 5:
        fields["score"] = "class" if transposed else "objectness"
    notes.append(f"output.format: guessed {fields['format']}, for {why}")
    notes.append(f"output.score: guessed {fields['score']}")
    if fields["score"] != "labeled":
        fields |= _activation(out, 4, notes)
    return "persons", fields


def _cells(out: Found, stride: int) -> int:
    height, width = out.canvas
    return math.ceil(height / stride) * math.ceil(width / stride)


def _activation(out: Found, first: int, notes: list[str]) -> dict[str, Any]:
    """Guess what to apply to the columns from `first`."""
    marks = out.values
    if marks is not None:
        marks = marks[:, first:] if out.shape[1] < out.shape[2] else marks[..., first:]
    kind = (
        "none"
        if Found(out.name, out.shape, marks, out.canvas).within(0, 1)
        else "sigmoid"
    )
    notes.append(f"output.activation: guessed {kind} from the range on noise")
    return {"activation": kind}
