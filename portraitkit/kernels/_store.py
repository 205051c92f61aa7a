"""Sums of masks as files: .npz with a name and a version, whole or absent."""

import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.lib.npyio import NpzFile

from .._core.checks import describe
from .._core.typing import Array
from ._sums import UNIT, Units

FORMAT = "portraitkit.MeanMask"
VERSION = 1
MOST_MASKS = 2**32
"""Where `MaskSum` would overflow."""


def save_units(path: str | os.PathLike[str], units: Units, count: int) -> None:
    """Write a sum of `count` masks, in units of 2**-UNIT, to exactly `path`."""
    target = _as_path(path)
    try:
        _replace(Path(os.path.realpath(target)), units, count)
    except OSError as error:  # which names the temporary file: name the target
        raise OSError(error.errno, error.strerror, os.fspath(target)) from error


def _as_path(path: str | os.PathLike[str]) -> Path:
    try:
        return Path(path)
    except TypeError:
        msg = f"path must be a str or a path; got {type(path).__name__}"
        raise TypeError(msg) from None


def _replace(target: Path, units: Units, count: int) -> None:
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
    source = _as_path(path)
    try:
        with source.open("rb") as file, NpzFile(file, allow_pickle=False) as parts:
            return _checked({name: parts[name] for name in parts.files})
    except (
        TypeError,
        ValueError,
        EOFError,
        KeyError,
        RuntimeError,
        BadZipFile,
        zlib.error,
    ) as error:
        msg = (
            f"path must be a file written by MeanMask.save (version {VERSION}); "
            f"got {source}: {error}"
        )
        raise ValueError(msg) from error


def _checked(parts: Mapping[str, Array]) -> tuple[Units, int]:
    if str(parts.get("format")) != FORMAT:
        msg = "it holds something else"
        raise ValueError(msg)
    if (version := _integer(parts, "version")) != VERSION:
        msg = f"it is of version {version}"
        raise ValueError(msg)
    units, count = np.asarray(parts["units"]), _integer(parts, "count")
    if units.dtype != np.uint64 or units.ndim != 2 or units.size == 0:
        msg = f"it is damaged: its sums are {describe(units)}"
        raise ValueError(msg)
    if not 0 <= count < MOST_MASKS:
        msg = f"it is damaged: its count is {count}"
        raise ValueError(msg)
    if int(units.max()) > count << UNIT:
        msg = "it is damaged: a pixel is in more masks than there are"
        raise ValueError(msg)
    return units, count


def _integer(parts: Mapping[str, Array], name: str) -> int:
    value = np.asarray(parts[name])
    if value.shape != () or value.dtype.kind not in "iu":
        shown = value.item() if value.shape == () else describe(value)
        msg = f"its {name} is no single integer but {shown!r:.40}"
        raise ValueError(msg)
    return int(value)
