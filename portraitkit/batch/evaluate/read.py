"""One side of a pair, as arrays."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from ..._core.typing import Bytes, Floats32, Labels
from ...io import read_alpha, read_labels
from ...metrics.mattes import UNKNOWN

MOST_CLASSES = 256


class MisSizedError(ValueError):
    """A prediction is not as large as its truth."""


def read_matte(path: Path) -> Floats32:
    """Read an alpha matte from a picture or from a .npy file of floats in 0..1.

    Raises
    ------
    ValueError
        Naming the file, if it is none or has NaN.
    """
    if path.suffix != ".npy":
        return read_alpha(path)
    try:
        values = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        msg = f"{str(path)!r} is no .npy file of numbers: {error}"
        raise ValueError(msg) from None
    if values.ndim != 2 or not np.issubdtype(values.dtype, np.floating):
        got = f"{values.dtype} of shape {values.shape}"
        msg = f"{str(path)!r} must be a float array of shape (H, W); got {got}"
        raise ValueError(msg)
    if np.isnan(values).any():
        count = int(np.isnan(values).sum())
        msg = f"{str(path)!r} must be an alpha matte in 0..1; {count} pixels are NaN"
        raise ValueError(msg)
    if values.size == 0 or values.min() < 0 or values.max() > 1:
        span = f"{values.min():g}..{values.max():g}" if values.size else "none"
        msg = f"{str(path)!r} must be an alpha matte in 0..1; got values {span}"
        raise ValueError(msg)
    return np.asarray(values, np.float32)


def read_classes(path: Path) -> Labels:
    """Read a label image whose labels are classes, of which there are few."""
    labels = read_labels(path)
    top = int(labels.max(initial=0))
    if top >= MOST_CLASSES:
        msg = f"{path}: as classes, labels must be below {MOST_CLASSES}; got {top}"
        raise ValueError(msg)
    return labels


def read_trimap(path: Path, shape: tuple[int, ...]) -> Bytes:
    """Read a trimap of a truth's size, with unknown pixels to judge."""
    trimap = read_labels(path).clip(0, 255).astype(np.uint8)
    check_size(path, trimap.shape, shape)
    if not (trimap == UNKNOWN).any():
        msg = f"{path}: must hold unknown pixels ({UNKNOWN}); it has none"
        raise ValueError(msg)
    return trimap


def check_size(path: object, shape: tuple[int, ...], truth: tuple[int, ...]) -> None:
    """Refuse a prediction of another size than its truth's."""
    if shape != truth:
        msg = (
            f"{path}: must be as large as its truth, {truth[1]}x{truth[0]}; "
            f"got {shape[1]}x{shape[0]}"
        )
        raise MisSizedError(msg)


def read_scores(folder: Path) -> dict[str, list[float]]:
    """Return persons' scores by input, from a ``split`` folder's manifest, if any."""
    path = folder / "manifest.jsonl"
    if not path.is_file():
        return {}
    table = {}
    for line in path.read_text("utf-8").splitlines():
        try:
            record = json.loads(line)
            table[str(record["input"])] = [float(x) for x in record.get("scores", ())]
        except (ValueError, KeyError, TypeError) as error:
            msg = f"{path}: holds a line that is no record: {error}"
            raise ValueError(msg) from None
    return table
