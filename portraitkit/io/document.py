"""JSON files that are whole, strict and always the same."""

import json
import os
from typing import Any

import numpy as np

from .atomic import atomic_write


def encode_json(document: Any, *, indent: int | None = None) -> bytes:
    r"""Return `document` as the bytes of a JSON file.

    Parameters
    ----------
    document : any
        Mappings, sequences, strings, numbers; NumPy numbers and arrays become plain
        numbers and lists.
    indent : int, optional
        Spaces a level. Default: one line.

    Returns
    -------
    bytes
        ASCII with a newline at the end; keys in the order given.

    Raises
    ------
    ValueError
        If a number is NaN or infinite, which JSON does not know.
    TypeError
        If a value has no JSON form.

    Notes
    -----
    O(size of the document).

    Examples
    --------
    >>> import numpy as np
    >>> encode_json({"box": np.arange(2), "score": np.float32(0.5)})
    b'{"box": [0, 1], "score": 0.5}\n'
    """
    text = json.dumps(document, indent=indent, allow_nan=False, default=_plain)
    return text.encode("ascii") + b"\n"


def write_json(
    path: str | os.PathLike[str], document: Any, *, indent: int | None = None
) -> None:
    """Write `document` as a JSON file, whole or not at all.

    Parameters
    ----------
    path : path
        The file, see `atomic_write`.
    document : any
        See `encode_json`.
    indent : int, optional
        Spaces a level. Default: one line.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError, TypeError
        If `document` has no JSON form.

    Notes
    -----
    O(size of the document).

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_json(f"{folder}/a.json", {"persons": 2})
    """
    atomic_write(path, encode_json(document, indent=indent))


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    msg = f"document must hold JSON values; got {type(value).__name__}"
    raise TypeError(msg)
