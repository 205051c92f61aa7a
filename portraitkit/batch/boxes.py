"""Person boxes from a file: our own JSON, or COCO's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from .inputs import Input

BoxTable: TypeAlias = dict[str, list[Any]]


def read_boxes(path: Path) -> BoxTable:
    """Read ``{input: [[x1, y1, x2, y2], ...]}`` or a COCO document.

    Parameters
    ----------
    path : Path
        JSON. In COCO's form, ``file_name`` is the input's name and ``bbox`` is
        x, y, width, height; only the category named "person" counts, if there
        is one.

    Returns
    -------
    dict of str to list
        Rows of xyxy pixels. What a row holds is checked where it is used, so
        that one bad row fails one input.

    Raises
    ------
    ValueError
        If the file is neither form.
    """
    try:
        document = json.loads(path.read_bytes())
    except ValueError as error:
        msg = f"--boxes must be JSON; {path} is not: {error}"
        raise ValueError(msg) from None
    if isinstance(document, dict) and {"images", "annotations"} <= document.keys():
        return _from_coco(path, document)
    if isinstance(document, dict) and all(
        isinstance(rows, list) for rows in document.values()
    ):
        return document
    msg = (
        f"--boxes must hold {{input: [[x1, y1, x2, y2], ...]}} or a COCO document; "
        f"{path} holds neither"
    )
    raise ValueError(msg)


def unknown_inputs(boxes: BoxTable, inputs: Iterable[Input], path: Path) -> list[Input]:
    """Return one failed input for each name in `boxes` that no input has."""
    names = {item.name for item in inputs}
    return [
        Input(Path(name), name, name, f"{path} has boxes for {name!r}, not an input")
        for name in boxes
        if name not in names
    ]


def _from_coco(path: Path, document: dict[str, Any]) -> BoxTable:
    try:
        names = {image["id"]: image["file_name"] for image in document["images"]}
        persons = {
            category["id"]
            for category in document.get("categories", [])
            if category["name"] == "person"
        }
        table: BoxTable = {name: [] for name in names.values()}
        for annotation in document["annotations"]:
            if not persons or annotation.get("category_id") in persons:
                x, y, width, height = annotation["bbox"]
                table[names[annotation["image_id"]]].append(
                    [x, y, x + width, y + height]
                )
    except (KeyError, TypeError, ValueError) as error:
        msg = f"--boxes: {path} is not valid COCO ({type(error).__name__}: {error})"
        raise ValueError(msg) from None
    return table
