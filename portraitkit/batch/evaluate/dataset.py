"""Persons from COCO files, decoded one image at a time."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..._core.typing import Array, Floats, Mask
from ...io import decode_rle
from .polygon import polygon_mask
from .read import MisSizedError


@dataclass(frozen=True, slots=True)
class Persons:
    """The persons of one image, still encoded.

    Attributes
    ----------
    file : str
        The COCO file, for messages.
    image : str
        The image's name.
    shape : (int, int), optional
        Height and width as the file gives them.
    rows : tuple
        COCO annotations.
    """

    file: str
    image: str
    shape: tuple[int, int] | None
    rows: tuple[Mapping[str, Any], ...] = ()

    def masks(self, shape: tuple[int, int] | None = None) -> list[Mask]:
        """Decode every person; `shape` stands in where the file gives no size."""
        return [self._mask(row, self.shape or shape) for row in self.rows]

    @property
    def scores(self) -> Floats:
        """(N,) float64; 1 where the file has none."""
        return np.array([self._score(row) for row in self.rows])

    @property
    def crowd(self) -> Array:
        """(N,) bool: groups that stand for any number of persons."""
        return np.array([bool(row.get("iscrowd", 0)) for row in self.rows], bool)

    def _where(self, row: Mapping[str, Any]) -> str:
        return f"{self.file}: {self.image}: annotation {row.get('id', '(no id)')}"

    def _score(self, row: Mapping[str, Any]) -> float:
        score = row.get("score", 1.0)
        if not (isinstance(score, int | float) and math.isfinite(score)):
            msg = (
                f"{self._where(row)}: score must be a finite number; got {score!r:.60}"
            )
            raise ValueError(msg)
        return float(score)

    def _mask(self, row: Mapping[str, Any], shape: tuple[int, int] | None) -> Mask:
        where = self._where(row)
        shown = row.get("segmentation")
        try:
            if isinstance(shown, Mapping):
                _check_size(where, shown, shape)
                return decode_rle(shown)
            if isinstance(shown, list) and shown:
                return polygon_mask(_corners(shown), _known(shape))
        except MisSizedError:
            raise
        except (ValueError, TypeError) as error:
            msg = f"{where}: {error}"
            raise ValueError(msg) from None
        msg = f"{where}: segmentation must be RLE or polygons; got {shown!r:.60}"
        raise ValueError(msg)


def _check_size(
    where: str, rle: Mapping[str, Any], shape: tuple[int, int] | None
) -> None:
    """Refuse runs of another size than the image's, before there is room for them."""
    size = rle.get("size")
    if shape and isinstance(size, list) and len(size) == 2 and tuple(size) != shape:
        msg = (
            f"{where}: must be as large as its image, {shape[1]}x{shape[0]}; "
            f"got {size[1]}x{size[0]}"
        )
        raise MisSizedError(msg)


def _known(shape: tuple[int, int] | None) -> tuple[int, int]:
    if shape is None:
        msg = "polygons need their image's height and width, which the file lacks"
        raise ValueError(msg)
    return shape


def _corners(polygons: Iterable[Any]) -> list[Floats]:
    corners = []
    for polygon in polygons:
        flat = np.asarray(polygon, dtype=np.float64)
        if flat.ndim != 1 or flat.size < 6 or flat.size % 2:
            msg = (
                f"a polygon must be x, y of three corners or more; got {polygon!r:.60}"
            )
            raise ValueError(msg)
        if not (np.isfinite(flat).all() and np.abs(flat).max() < 1e6):
            msg = (
                f"polygon corners must be finite and on the image; got {polygon!r:.60}"
            )
            raise ValueError(msg)
        corners.append(flat.reshape(-1, 2))
    return corners


@dataclass(slots=True)
class Dataset:
    """A COCO file's persons by image id."""

    path: Path
    images: dict[Any, Persons]
    person_ids: frozenset[Any] = frozenset()

    def by_name(self) -> dict[str, Persons]:
        """Return them by the image's name, in the order of ids, as pycocotools has it.

        Of persons with equal scores the first counts first.
        """
        try:
            ids = sorted(self.images)
        except TypeError:  # of several types
            ids = list(self.images)
        return {self.images[key].image: self.images[key] for key in ids}


def read_json(path: Path) -> Any:
    """Read a JSON file; what is wrong with it is a ValueError that names it."""
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        msg = f"{path}: is not JSON: {error}"
        raise ValueError(msg) from None


def read_dataset(path: Path) -> Dataset:
    """Read a COCO document: images, annotations and, perhaps, categories.

    Only the category named "person" counts, if there is one.

    Raises
    ------
    ValueError
        Naming the file, if it is no such document or an annotation belongs to an
        image that is not listed.
    """
    document = read_json(path)
    if not (isinstance(document, dict) and {"images", "annotations"} <= set(document)):
        msg = f"{path}: must be a COCO document with images and annotations"
        raise ValueError(msg)
    try:
        images = _images(path, document["images"])
        persons = _person_ids(document)
        rows = _persons_only(document["annotations"], persons)
        return _fill(Dataset(path, images, persons), rows)
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"{path}: is not valid COCO ({type(error).__name__}: {error})"
        raise ValueError(msg) from None


def read_predictions(path: Path, truth: Dataset) -> dict[str, Persons]:
    """Read predicted persons by image name.

    Parameters
    ----------
    path : Path
        A COCO document of its own, whose images go by name, or COCO's list of
        results, whose rows go by the truth's image ids.
    truth : Dataset
        The truth.

    Raises
    ------
    ValueError
        Naming the file, also for results of an image that the truth does not list.
    """
    results = read_json(path)
    if not isinstance(results, list):
        return read_dataset(path).by_name()
    file = str(path)
    empty = {
        key: Persons(file, persons.image, persons.shape)
        for key, persons in truth.images.items()
    }
    try:
        rows = [row for row in results if _is_mask(path, row)]
        wanted = _persons_only(rows, truth.person_ids)
        return _fill(Dataset(path, empty), wanted).by_name()
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"{path}: is no list of COCO results ({type(error).__name__}: {error})"
        raise ValueError(msg) from None


def _is_mask(path: Path, row: Mapping[str, Any]) -> bool:
    if "segmentation" not in row or "score" not in row:
        msg = f"{path}: every result must have a segmentation and a score; got {row!r:.80}"
        raise ValueError(msg)
    return True


def _person_ids(document: Mapping[str, Any]) -> frozenset[Any]:
    named = document.get("categories") or []
    return frozenset(one["id"] for one in named if one.get("name") == "person")


def _persons_only(
    rows: Iterable[Mapping[str, Any]], persons: frozenset[Any]
) -> list[Mapping[str, Any]]:
    return [row for row in rows if not persons or row.get("category_id") in persons]


def _images(path: Path, rows: Iterable[Mapping[str, Any]]) -> dict[Any, Persons]:
    images: dict[Any, Persons] = {}
    names: set[str] = set()
    for row in rows:
        key, image = row["id"], _image(path, row)
        if key in images or image.image in names:
            what = f"id {key!r}" if key in images else f"name {image.image!r}"
            msg = f"{path}: two images have the {what}"
            raise ValueError(msg)
        images[key] = image
        names.add(image.image)
    return images


def _image(path: Path, image: Mapping[str, Any]) -> Persons:
    size = image.get("height"), image.get("width")
    known = all(isinstance(side, int) and side > 0 for side in size)
    shape = (int(size[0]), int(size[1])) if known else None  # type: ignore[arg-type]
    return Persons(str(path), str(image["file_name"]), shape)


def _fill(dataset: Dataset, rows: Iterable[Mapping[str, Any]]) -> Dataset:
    held: dict[Any, list[Mapping[str, Any]]] = {key: [] for key in dataset.images}
    for row in rows:
        key = row["image_id"]
        if key not in held:
            msg = (
                f"{dataset.path}: annotation {row.get('id', '(no id)')} is of image "
                f"{key!r}, which is not listed"
            )
            raise ValueError(msg)
        held[key].append(row)
    dataset.images = {
        key: Persons(one.file, one.image, one.shape, tuple(held[key]))
        for key, one in dataset.images.items()
    }
    return dataset
