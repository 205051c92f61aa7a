"""Persons as COCO's instance annotations."""

import os
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import numpy as np

from .._core.checks import check_mask, check_number, check_shape
from .._core.typing import ArrayLike, Mask
from .document import write_json
from .rle import RLE, encode_rle

PERSON = 1
"""COCO's category id of persons."""


class Annotation(TypedDict):
    """One person, not yet numbered; keys as in COCO's files.

    Attributes
    ----------
    category_id : int
        Always 1, person.
    segmentation : RLE
        The mask.
    area : int
        Its pixels.
    bbox : [int, int, int, int]
        Left, top, width, height of its pixels; zeros for an empty mask.
    iscrowd : int
        1 for a group that stands for any number of persons.
    score : float
        Only in predictions.
    """

    category_id: int
    segmentation: RLE
    area: int
    bbox: list[int]
    iscrowd: int
    score: NotRequired[float]


def person_annotation(
    mask: ArrayLike, *, score: float | None = None, crowd: bool = False
) -> Annotation:
    """Describe one person's mask as COCO does.

    Parameters
    ----------
    mask : (H, W) bool, or 0/1, or 0/255
        The person.
    score : float, optional
        How sure the prediction is, 0..1. Default: no score, as for a truth.
    crowd : bool, default False
        Whether `mask` is a group of persons not told apart.

    Returns
    -------
    Annotation
        A dict, for `coco_document`.

    Raises
    ------
    ValueError, TypeError
        If `mask` is no mask or `score` leaves 0..1.

    Notes
    -----
    O(H W) time and memory.

    Examples
    --------
    >>> person_annotation([[0, 1], [0, 1]])["bbox"]
    [1, 0, 1, 2]
    """
    array = check_mask("mask", mask)
    annotation: Annotation = {
        "category_id": PERSON,
        "segmentation": encode_rle(array),
        "area": int(np.count_nonzero(array)),
        "bbox": _bounds(array),
        "iscrowd": int(crowd),
    }
    if score is not None:
        annotation["score"] = check_number("score", score, low=0, high=1)
    return annotation


def _bounds(mask: Mask) -> list[int]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if rows.size == 0:
        return [0, 0, 0, 0]
    left, top = int(columns[0]), int(rows[0])
    return [left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1]


def coco_document(
    images: Sequence[tuple[str, tuple[int, int]]],
    annotations: Sequence[Sequence[Annotation]],
) -> dict[str, list[dict[str, Any]]]:
    """Put images and their persons into one COCO dataset.

    Parameters
    ----------
    images : sequence of (name, (H, W))
        File name and shape of each image.
    annotations : sequence of sequences of Annotation
        The persons of each image, from `person_annotation`.

    Returns
    -------
    dict
        "images", "annotations" and "categories"; image and annotation ids count
        from 1 in the order given (COCO's scorer takes an annotation 0 for none).

    Raises
    ------
    ValueError, TypeError
        If the two differ in length or a mask is not as large as its image.

    Notes
    -----
    O(number of annotations).

    Examples
    --------
    >>> persons = [person_annotation([[0, 1]])]
    >>> document = coco_document([("a.jpg", (1, 2))], [persons])
    >>> document["images"]
    [{'id': 1, 'file_name': 'a.jpg', 'height': 1, 'width': 2}]
    """
    if len(images) != len(annotations):
        msg = (
            "annotations must hold one sequence of persons an image; got "
            f"{len(annotations)} for {len(images)} images"
        )
        raise ValueError(msg)
    listed: list[dict[str, Any]] = []
    persons: list[dict[str, Any]] = []
    for number, ((name, size), found) in enumerate(
        zip(images, annotations, strict=True), start=1
    ):
        height, width = check_shape("images", size)
        listed.append(
            {"id": number, "file_name": name, "height": height, "width": width}
        )
        for person in found:
            _check_size(name, (height, width), person)
            persons.append({"id": len(persons) + 1, "image_id": number, **person})
    category = {"id": PERSON, "name": "person", "supercategory": "person"}
    return {"images": listed, "annotations": persons, "categories": [category]}


def _check_size(name: str, size: tuple[int, int], person: Annotation) -> None:
    got = person["segmentation"]["size"]
    if list(size) != got:
        msg = f"annotations must have the size of image {name!r}, {size}; got {got}"
        raise ValueError(msg)


def write_coco(
    path: str | os.PathLike[str],
    images: Sequence[tuple[str, tuple[int, int]]],
    annotations: Sequence[Sequence[Annotation]],
) -> None:
    """Write a COCO dataset file, whole or not at all.

    Parameters
    ----------
    path : path
        The JSON file, see `atomic_write`.
    images : sequence of (name, (H, W))
        See `coco_document`.
    annotations : sequence of sequences of Annotation
        See `coco_document`.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError, TypeError
        See `coco_document`.

    Notes
    -----
    O(number of annotations).

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_coco(f"{folder}/coco.json", [("a.jpg", (1, 2))], [[]])
    """
    write_json(path, coco_document(images, annotations))
