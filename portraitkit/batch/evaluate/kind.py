"""What a folder holds: masks, label images, alpha mattes, or a COCO file."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from .pairing import ENDINGS, OUR_ENDINGS, pictures

KINDS = ("mask", "labels", "alpha", "coco")
SAMPLE = 16
MOST_LABELS = 64
COCO = "coco.json"


def guess_kind(prediction: Path, truth: Path) -> str:
    """Tell the kind from names, and from the values of the first true pictures.

    A .json file is COCO's, .npy an alpha matte. Of our own endings (.mask.png and so
    on) the one that both folders hold decides. Otherwise pictures of 0 and 1, or 0
    and 255, are masks; indexed ones and those of few values below 64 are label
    images; the rest are alpha mattes.

    Raises
    ------
    ValueError
        If there is nothing to tell it from.
    """
    if truth.suffix.lower() == ".json" or prediction.suffix.lower() == ".json":
        return "coco"
    theirs = list(pictures(truth))
    if not theirs:
        if (truth / COCO).is_file():
            return "coco"
        msg = f"{truth}: holds no masks, label images or alpha mattes"
        raise ValueError(msg)
    ours = [path.name for path in pictures(prediction)]
    for kind in ("labels", "mask", "alpha"):
        end = ENDINGS[kind]
        if any(path.name.endswith(end) for path in theirs) and _has(ours, end):
            return kind
    return _by_values(theirs)


def coco_file(path: Path) -> Path:
    """Return the COCO file that `path` is, or holds."""
    return path / COCO if path.is_dir() else path


def _has(names: list[str], end: str) -> bool:
    """Whether files of an ending are there, or plain ones that could be."""
    plain = [name for name in names if not name.endswith(OUR_ENDINGS)]
    return any(name.endswith(end) for name in names) or bool(plain)


def _by_values(paths: list[Path]) -> str:
    if any(path.suffix == ".npy" for path in paths):
        return "alpha"
    plain = [path for path in paths if not path.name.endswith(OUR_ENDINGS)]
    values: set[int] = set()
    indexed = False
    for path in islice(plain or paths, SAMPLE):
        try:
            with Image.open(path) as image:
                indexed |= image.mode == "P"
                values |= set(np.unique(np.asarray(image)).tolist())
        except (OSError, ValueError):
            continue  # what is wrong with it is said when it is its turn
    if values <= {0, 1} or values <= {0, 255}:
        return "mask"
    return "labels" if indexed or max(values) < MOST_LABELS else "alpha"
