"""Sums of masks as files: .npz with a name and a version, whole or absent."""

import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.lib.npyio import NpzFile

from .._core.typing import Array
from ._sums import UNIT, Units

FORMAT = "portraitkit.MeanMask"
VERSION = 1


def save_units(path: str | os.PathLike[str], units: Units, count: int) -> None:
    """Write a sum of `count` masks, in units of 2**-UNIT, to exactly `path`."""
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".portraitkit-{os.urandom(8).hex()}.tmp")
    try:
        with temporary.open("xb") as file:
            np.savez_compressed(
                file, format=FORMAT, version=VERSION, count=count, units=units
            )
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def load_units(path: str | os.PathLike[str]) -> tuple[Units, int]:
    """Read what `save_units` wrote, or say what is wrong with the file."""
    try:
        with Path(path).open("rb") as file, NpzFile(file, allow_pickle=False) as parts:
            return _checked({name: parts[name] for name in parts.files})
    except (
        ValueError,
        EOFError,
        KeyError,
        RuntimeError,
        BadZipFile,
        zlib.error,
    ) as error:
        msg = (
            f"path must be a file written by MeanMask.save (version {VERSION}); "
            f"got {os.fspath(path)}: {error}"
        )
        raise ValueError(msg) from error


def _checked(parts: Mapping[str, Array]) -> tuple[Units, int]:
    if str(parts.get("format")) != FORMAT:
        msg = "it holds something else"
        raise ValueError(msg)
    if int(parts["version"]) != VERSION:
        msg = f"it is of version {int(parts['version'])}"
        raise ValueError(msg)
    units, count = parts["units"], int(parts["count"])
    if units.dtype != np.uint64 or units.ndim != 2 or units.size == 0 or count < 0:
        msg = "it is damaged"
        raise ValueError(msg)
    if int(units.max()) > count << UNIT:
        msg = "it is damaged: a pixel is in more masks than there are"
        raise ValueError(msg)
    return units, count
