"""Shot grades and faces of photographs, from what earlier runs wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..._core.checks import check_boxes
from ...instance import Shot
from .dataset import read_json
from .pairing import align, stem_of

SHOTS = tuple(shot.value for shot in Shot)


@dataclass(frozen=True, slots=True)
class Grade:
    """A photograph's grade and faces, boxes in its pixels."""

    shot: str = ""
    faces: tuple[tuple[float, float, float, float], ...] = ()


def read_grades(path: Path) -> dict[str, Grade]:
    """Read grades by the photograph's name without extension.

    Parameters
    ----------
    path : Path
        What ``portraitkit grade --json`` prints (without --max-size: faces are in
        pixels of the truth); a manifest.jsonl of ``portraitkit split``, for grades
        only; or JSON {name: shot} or {name: [x1, y1, x2, y2]}, a face.

    Raises
    ------
    ValueError
        Naming the file, if it is none of these.
    """
    if path.suffix == ".jsonl":
        return _of_records(path, _lines(path), faces=False)
    document = read_json(path)
    if isinstance(document, dict) and isinstance(document.get("records"), list):
        return _of_records(path, document["records"], faces=True)
    if isinstance(document, dict):
        return {stem_of(name): _grade(path, name, v) for name, v in document.items()}
    msg = f"{path}: must hold grades: grade --json output, a manifest or {{name: shot}}"
    raise ValueError(msg)


def grades_for(names: Iterable[str], grades: Mapping[str, Grade]) -> dict[str, Grade]:
    """Return the grade of each pair that has one."""
    matched = align(names, grades)
    return {name: grades[other] for name, other in matched.items()}


def _lines(path: Path) -> list[Any]:
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    except ValueError as error:
        msg = f"{path}: is not JSON, line by line: {error}"
        raise ValueError(msg) from None


def _of_records(path: Path, records: Sequence[Any], *, faces: bool) -> dict[str, Grade]:
    try:
        return {
            stem_of(record["input"]): Grade(
                _shot(path, record["shot"]),
                _boxes(path, record.get("boxes", ()) if faces else ()),
            )
            for record in records
            if record.get("status") != "failed"
        }
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"{path}: has a record without grade ({type(error).__name__}: {error})"
        raise ValueError(msg) from None


def _grade(path: Path, name: str, value: Any) -> Grade:
    if isinstance(value, str):
        return Grade(_shot(path, value))
    if isinstance(value, list):
        return Grade("", _boxes(path, [value]))
    msg = f"{path}: {name} must have a shot grade or a face box; got {value!r:.60}"
    raise ValueError(msg)


def _shot(path: Path, shot: str) -> str:
    if shot not in SHOTS:
        msg = f"{path}: a grade must be one of {', '.join(SHOTS)}; got {shot!r:.60}"
        raise ValueError(msg)
    return shot


def _boxes(
    path: Path, rows: Sequence[Any]
) -> tuple[tuple[float, float, float, float], ...]:
    msg = f"{path}: faces must be x1, y1, x2, y2 with x1 < x2, y1 < y2"
    try:
        table = check_boxes("faces", rows)
    except (ValueError, TypeError):
        raise ValueError(msg) from None
    return tuple((a, b, c, d) for a, b, c, d in table.tolist())
