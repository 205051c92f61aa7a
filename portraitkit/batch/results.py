"""The files one input gives, all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from ..io import (
    atomic_write,
    write_alpha,
    write_cutout,
    write_image,
    write_labels,
    write_mask,
    write_trimap,
)


class Results:
    """Write an input's files below `folder`; on an error, take them back.

    Parameters
    ----------
    folder : Path
        The output folder.
    target : str
        The input's `Input.target`; endings are added to it.

    Attributes
    ----------
    files : list of str
        What was written, below `folder`, in order.
    """

    def __init__(self, folder: Path, target: str) -> None:
        self.folder = folder
        self.target = target
        self.files: list[str] = []

    def __enter__(self) -> Self:
        (self.folder / self.target).parent.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            for file in self.files:
                (self.folder / file).unlink(missing_ok=True)

    def mask(self, mask: Any) -> None:
        """Write ``TARGET.mask.png``."""
        self._write(write_mask, "mask", mask)

    def instances(self, labels: Any) -> None:
        """Write ``TARGET.instances.png``."""
        self._write(write_labels, "instances", labels)

    def trimap(self, trimap: Any, person: int | None = None) -> None:
        """Write ``TARGET.trimap.png``, or ``TARGET.person-N.trimap.png``."""
        self._write(write_trimap, _of("trimap", person), trimap)

    def cutout(self, image: Any, alpha: Any, person: int | None = None) -> None:
        """Write ``TARGET.cutout.png``, or ``TARGET.person-N.cutout.png``."""
        self._write(write_cutout, _of("cutout", person), image, alpha)

    def confidence(self, confidence: Any) -> None:
        """Write ``TARGET.confidence.png``, 0..1 as 0..255."""
        self._write(write_alpha, "confidence", confidence)

    def picture(self, kind: str, image: Any) -> None:
        """Write ``TARGET.KIND.png``, RGB."""
        self._write(write_image, kind, image)

    def arrays(self, kind: str, **arrays: Any) -> None:
        """Write ``TARGET.KIND.npz``."""
        file = f"{self.target}.{kind}.npz"
        self.files.append(file)
        write_arrays(self.folder / file, **arrays)

    def _write(self, write: Callable[..., object], kind: str, *arrays: Any) -> None:
        file = f"{self.target}.{kind}.png"
        self.files.append(file)
        write(self.folder / file, *arrays)


def write_arrays(path: Path, **arrays: Any) -> None:
    """Write an .npz file whole or not at all; equal arrays give equal bytes."""
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    atomic_write(path, buffer.getvalue())


def _of(kind: str, person: int | None) -> str:
    return kind if person is None else f"person-{person}.{kind}"
