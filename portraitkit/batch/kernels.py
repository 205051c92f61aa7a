"""A person mask to its boundary kernel, for a trainer to load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from .._core.typing import Bytes, Floats32, Mask
from ..io import read_mask, write_alpha
from ..kernels import MeanMask, global_kernel, individual_kernel, label_map
from .engine import Work
from .inputs import Input
from .manifest import Record
from .results import Results, write_arrays

PERSON, BOUNDARY, GROUND = (240, 240, 236), (230, 97, 1), (52, 60, 70)
"""Colors of the three classes in previews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelsJob:
    """What ``portraitkit kernels`` does to each mask.

    Attributes
    ----------
    output : Path
        The output folder.
    width, normalize
        As for `portraitkit.kernels.individual_kernel`.
    format : "npz" or "png"
        "npz" holds ``kernel`` (H, W, 3) float32 and ``labels`` (H, W) uint8;
        "png" the kernel as red, green, blue, rounded to 1/255.
    preview : bool
        Whether to write a picture to look at.
    """

    output: Path
    width: int = 10
    normalize: Literal["sum", "max", "proximity"] = "sum"
    format: Literal["npz", "png"] = "npz"
    preview: bool = False

    def prepare(self) -> Work:
        """Return the work: there is nothing to load."""
        individual_kernel(
            np.zeros((1, 1), bool), width=self.width, normalize=self.normalize
        )  # refuses bad settings before the first mask
        return self._work

    def _work(self, item: Input) -> Record:
        mask = read_mask(item.path)
        kernel = individual_kernel(mask, width=self.width, normalize=self.normalize)
        with Results(self.output, item.target) as results:
            if self.format == "npz":
                labels = label_map(mask, width=self.width)
                results.arrays("kernel", kernel=kernel, labels=labels)
            else:
                results.picture("kernel", np.rint(kernel * 255).astype(np.uint8))
            if self.preview:
                results.picture("preview", paint_kernel(kernel))
        return {
            "status": "ok" if mask.any() else "no-person",
            "size": [mask.shape[1], mask.shape[0]],
            "files": results.files,
        }


def paint_kernel(kernel: Floats32) -> Bytes:
    """Mix the classes' colors; the boundary class is scaled to be seen."""
    shown = kernel.astype(np.float64)
    top = shown[..., 1].max(initial=0)
    if top > 0:
        shown[..., 1] /= top
        rest = shown[..., 0] + shown[..., 2]
        share = np.zeros_like(rest)
        np.divide(1 - shown[..., 1], rest, out=share, where=rest > 0)
        shown[..., 0::2] *= share[..., None]
    colors = np.array([PERSON, BOUNDARY, GROUND], np.float64)
    return np.asarray(np.rint(shown @ colors), np.uint8)


def mean_of(inputs: Iterable[Input]) -> MeanMask:
    """Return the mean of all masks that can be read, at the first one's shape.

    Raises
    ------
    ValueError
        If none can be read.
    """
    mean: MeanMask | None = None
    for mask in _readable(inputs):
        if mean is None:
            mean = MeanMask(mask.shape)
        mean.update(mask)
    if mean is None:
        msg = "the mean mask needs at least one mask that can be read; got none"
        raise ValueError(msg)
    return mean


def _readable(inputs: Iterable[Input]) -> Iterator[Mask]:
    for item in inputs:
        try:
            yield read_mask(item.path)
        except (OSError, ValueError):
            continue  # it has its own record and its line on stderr


def write_global_kernel(folder: Path, mean: MeanMask) -> None:
    """Write ``global_kernel.npz`` and, to look at, ``global_kernel.png``.

    The array is ``kernel`` (H, W) float32 of the mean mask's shape; the picture is
    black where the boundary is least likely and white where most.
    """
    kernel = global_kernel(mean.mean)
    write_arrays(folder / "global_kernel.npz", kernel=kernel)
    low, high = float(kernel.min()), float(kernel.max())
    write_alpha(folder / "global_kernel.png", (kernel - low) / max(high - low, 1e-9))
