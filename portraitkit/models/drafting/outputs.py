"""What a graph's outputs, tried once, say of what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .boxes import guess_boxes, is_table
from .found import Found

_PERSONS = {1: 0, 2: 1, 19: 11, 21: 15, 150: 12}
"""Channel of the person by number of classes; 19, 21, 150: Cityscapes, VOC, ADE20K."""
_DEEP = 32
"""Channels from which a map that is no known set of classes is one of features."""
Guess = tuple[str, dict[str, Any], str]


def guess_output(path: Path, found: Sequence[Found], notes: list[str]) -> Guess:
    """Return task, output's section and way to resize; `notes` gets the guesses."""
    maps = [(out, *_map(out)) for out in found if _map(out)[0]]
    rows = [out for out in found if not _map(out)[0] and is_table(out)]
    flat = [out for out in found if not _map(out)[0] and _length(out)]
    shallow = [each for each in maps if each[2] < _DEEP or each[2] in _PERSONS]
    if shallow:
        return "segment", _segment(*shallow[0], notes), "stretch"
    if rows:
        task, output = guess_boxes(rows, notes)
        notes.append("input.resize: guessed letterbox, as most detectors want")
        return task, output, "letterbox"
    if maps:
        return "features", _features(*maps[0], notes), "stretch"
    if flat:
        return "attributes", _attributes(flat[0], notes), "stretch"
    shapes = ", ".join(f"{out.name} {out.shape}" for out in found)
    msg = (
        "source must be of a network that answers with a map, boxes or attributes; "
        f"{path} gives {shapes}"
    )
    raise ValueError(msg)


def _map(out: Found) -> tuple[str, int]:
    """Return the layout of a map of the input, or "" if it is none, and its depth."""
    shape = out.shape
    if len(shape) == 4:
        if _covers(shape[2:], out.canvas):
            return "NCHW", shape[1]
        if _covers(shape[1:3], out.canvas):
            return "NHWC", shape[3]
    if len(shape) == 3 and _covers(shape[1:], out.canvas):
        return "NHW", 1
    return "", 0


def _covers(sides: tuple[int, ...], canvas: tuple[int, int]) -> bool:
    """Say whether a map of `sides` has the aspect of `canvas`, at any stride to 64."""
    ratios = [
        whole / side if side else 0.0 for side, whole in zip(sides, canvas, strict=True)
    ]
    return 0.2 < ratios[0] <= 64 and abs(ratios[0] - ratios[1]) < 0.1 * ratios[0]


def _segment(out: Found, layout: str, depth: int, notes: list[str]) -> dict[str, Any]:
    notes.append(f"task: guessed segment, for {out.name!r} is a map, {out.shape}")
    person = _PERSONS.get(depth, 0 if depth == 3 else 1)
    fields: dict[str, Any] = {"name": out.name, "layout": layout}
    axis = {"NCHW": 1, "NHWC": 3, "NHW": 0}[layout]
    if out.values is not None and out.values.dtype.kind in "iub":
        person = 1
        fields["kind"] = "argmax"
        notes.append("output.kind: argmax, for it gives integers")
    elif depth == 1:
        fields["kind"] = "probability" if out.within(0, 1) else "sigmoid"
        notes.append(f"output.kind: guessed {fields['kind']} from the range on noise")
    else:
        fields["kind"] = "probability" if out.sums_to_one(axis) else "softmax"
        notes.append(f"output.kind: guessed {fields['kind']} from the sums on noise")
    fields["person"] = [person]
    notes.append(f"output.person: guessed {person}, for it has {depth} channels")
    if depth == 3 and fields["kind"] != "argmax":
        fields["ignore"] = [1]
        notes.append("output.ignore: guessed 1, a boundary between person and rest")
    return fields


def _features(out: Found, layout: str, depth: int, notes: list[str]) -> dict[str, Any]:
    side = out.shape[2 if layout == "NCHW" else 1]
    stride = max(round(out.canvas[0] / side), 1)
    notes.append(f"task: guessed features, for {out.name!r} has {depth} channels")
    return {"name": out.name, "layout": layout, "depth": depth, "stride": stride}


def _length(out: Found) -> int:
    """Return the number of entries of an output that is a vector, else 0."""
    longest = max(out.shape, default=0)
    return (
        longest
        if out.shape[1:] and sorted(out.shape)[:-1] == [1] * (len(out.shape) - 1)
        else 0
    )


def _attributes(out: Found, notes: list[str]) -> dict[str, Any]:
    n = _length(out)
    notes.append(f"task: guessed attributes, for {out.name!r} is {n} numbers")
    notes.append("output.labels: guessed; say what each number is")
    activation = "none" if out.within(0, 1) else "sigmoid"
    notes.append(f"output.activation: guessed {activation} from the range on noise")
    labels = [f"label {k}" for k in range(n)]
    return {"name": out.name, "labels": labels, "activation": activation}
