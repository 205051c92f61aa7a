"""What a graph's input says of how it wants its pixels, and what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..card_input import ImageInput
from ..fit import TYPES

_EXTRAS = {3: (), 4: ("shape",), 5: ("x", "y"), 6: ("x", "y", "shape")}
"""Channels after the colors, by the number of all."""


def guess_input(path: Path, nodes: Sequence[Any], notes: list[str]) -> ImageInput:
    """Return the input's section; `notes` gets a line for each guess."""
    layouts = [(node, *_layout(node.shape)) for node in nodes]
    images = [found for found in layouts if found[1]]
    if not images:
        shapes = ", ".join(f"{node.name} {node.shape}" for node in nodes)
        msg = f"source must be of a network that takes an image; {path} takes {shapes}"
        raise ValueError(msg)
    node, layout, depth = images[0]
    dtypes = {kind: dtype for dtype, kind in TYPES.items()}
    if node.type not in dtypes:
        msg = (
            f"source must be of a network that takes {', '.join(TYPES)}; {path} takes "
            f"{node.name} of {node.type}"
        )
        raise ValueError(msg)
    notes.extend(
        f"branches: the graph also takes {other.name}, which only branches.input feeds"
        for other in nodes
        if other is not node
    )
    fields: dict[str, Any] = {
        "name": node.name,
        "layout": layout,
        "dtype": dtypes[node.type],
        **_size(node.shape, layout, notes),
        **_extras(depth, notes),
    }
    notes.append("input.channels: guessed RGB; BGR where OpenCV read the pictures")
    if fields["dtype"] == "uint8":
        notes.append("input.scale: guessed 1, for the graph takes bytes")
    else:
        fields["scale"] = 1 / 255
        notes.append("input.scale: guessed 1/255, as most networks want")
        notes.append(
            "input.mean, input.std: guessed none; often (0.485, 0.456, 0.406) and "
            "(0.229, 0.224, 0.225)"
        )
    return ImageInput.from_mapping(fields)


def _layout(shape: Sequence[Any]) -> tuple[str, int]:
    """Return a layout and the number of channels, or "" if this is no image."""
    if len(shape) != 4:
        return "", 0
    for depths in ((3,), (4, 5, 6)):
        if shape[1] in depths:
            return "NCHW", shape[1]
        if shape[3] in depths:
            return "NHWC", shape[3]
    return ("", 0) if isinstance(shape[1], int) else ("NCHW", 3)


def _size(shape: Sequence[Any], layout: str, notes: list[str]) -> dict[str, Any]:
    sides = shape[2:] if layout == "NCHW" else shape[1:3]
    fixed = [side for side in sides if isinstance(side, int)]
    if len(fixed) == 2:
        return {"size": fixed}
    if fixed:
        notes.append(f"input.size: guessed square, for one side must be {fixed[0]}")
        return {"size": fixed * 2}
    notes.append("input.longest: guessed 512, for the graph takes any size")
    notes.append("input.multiple: guessed 32, as most encoders halve five times")
    return {"longest": 512, "multiple": 32}


def _extras(depth: int, notes: list[str]) -> dict[str, Any]:
    extras = _EXTRAS[depth]
    if not extras:
        return {}
    notes.append(f"input.extras: guessed {list(extras)}, for {depth} channels")
    if "shape" not in extras:
        return {"extras": extras}
    notes.append("input.mean_mask: guessed; name the file of the training masks' mean")
    return {"extras": extras, "mean_mask": "mean_mask.npz"}
