"""All persons of a run as one COCO document."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ..io import Annotation, person_annotation, read_labels, write_coco
from .manifest import Record

COCO = "coco.json"


def write_coco_of_run(folder: Path, records: Iterable[Record]) -> None:
    """Write ``coco.json`` from the label images of a run.

    Parameters
    ----------
    folder : Path
        The output folder.
    records : iterable of dict
        The manifest's records: an image each, in order, with one annotation for
        each person who owns a pixel. Failed ones are left out.
    """
    good = [record for record in records if record["status"] != "failed"]
    write_coco(
        folder / COCO,
        [(record["input"], tuple(reversed(record["size"]))) for record in good],
        [_persons(folder, record) for record in good],
    )


def _persons(folder: Path, record: Record) -> list[Annotation]:
    file = next(file for file in record["files"] if file.endswith(".instances.png"))
    labels = read_labels(folder / file)
    return [
        person_annotation(labels == person, score=record["scores"][person - 1])
        for person in np.unique(labels[labels > 0]).tolist()
    ]
