"""COCO's run-length masks, from and to text."""

from collections.abc import Mapping
from typing import Any, TypedDict

import numpy as np

from .._core.checks import check_mask, check_shape
from .._core.typing import ArrayLike, Ints, Mask

_BITS, _MORE, _SIGN, _FIRST = 5, 32, 16, 48


class RLE(TypedDict):
    """A mask as COCO's JSON files hold it.

    Attributes
    ----------
    size : [int, int]
        Height and width.
    counts : str
        Lengths of the runs, column by column, beginning with background, in COCO's
        compressed text.
    """

    size: list[int]
    counts: str


def encode_rle(mask: ArrayLike) -> RLE:
    """Encode a mask as COCO does.

    Parameters
    ----------
    mask : (H, W) bool, or 0/1, or 0/255
        True = person.

    Returns
    -------
    RLE
        ``{"size": [H, W], "counts": str}``, equal to pycocotools' byte for byte (its
        counts are bytes; these are str, as JSON needs).

    Raises
    ------
    ValueError, TypeError
        If `mask` is no mask.

    Notes
    -----
    O(H W) time and memory.

    References
    ----------
    .. [1] Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014; the
       text is that of ``rleToString`` in the COCO API.

    Examples
    --------
    >>> encode_rle([[0, 1], [0, 1]])
    {'size': [2, 2], 'counts': '22'}
    """
    array = check_mask("mask", mask)
    return {"size": list(array.shape), "counts": _to_text(_run_lengths(array))}


def decode_rle(rle: Mapping[str, Any]) -> Mask:
    """Decode a mask encoded as COCO does.

    Parameters
    ----------
    rle : mapping
        "size": [H, W]; "counts": compressed text (str or bytes) or a list of run
        lengths, as in COCO's crowd annotations.

    Returns
    -------
    (H, W) bool
        The mask.

    Raises
    ------
    ValueError, TypeError
        If a key is missing, the text is no COCO text, or the runs do not add up to
        H W.

    Notes
    -----
    O(H W) time and memory.

    Examples
    --------
    >>> decode_rle({"size": [2, 2], "counts": "22"})
    array([[False,  True],
           [False,  True]])
    """
    if not isinstance(rle, Mapping) or not {"size", "counts"} <= rle.keys():
        msg = f"rle must be a mapping with size and counts; got {rle!r:.80}"
        raise TypeError(msg)
    height, width = check_shape("rle size", rle["size"])
    runs = _runs(rle["counts"])
    if runs.min(initial=0) < 0 or sum(runs.tolist()) != height * width:
        msg = f"rle counts must be >= 0 and add up to {height} * {width}; they do not"
        raise ValueError(msg)
    inside = np.arange(runs.size) % 2 == 1
    return np.ascontiguousarray(np.repeat(inside, runs).reshape(width, height).T)


def _runs(counts: Any) -> Ints:
    if isinstance(counts, str | bytes):
        return _from_text(counts.encode() if isinstance(counts, str) else counts)
    runs = np.asarray(counts)
    if runs.ndim != 1 or not np.issubdtype(runs.dtype, np.integer):
        msg = f"rle counts must be text or a list of integers; got {counts!r:.80}"
        raise TypeError(msg)
    return runs.astype(np.int64)


def _run_lengths(mask: Mask) -> Ints:
    """Return lengths of the runs down the columns, background first."""
    flat = mask.ravel(order="F")
    starts = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    lengths = np.diff(starts, prepend=0, append=flat.size)
    return np.insert(lengths, 0, 0) if flat[:1].any() else lengths


def _to_text(runs: Ints) -> str:
    """Write each run, less the one two before it, in groups of five bits."""
    steps = runs.copy()
    steps[3:] -= runs[1:-2]
    groups: list[Ints] = []
    rest, alive = steps, np.ones(steps.size, bool)
    while alive.any():
        low = rest & (_MORE - 1)
        rest = rest >> _BITS
        more = np.where(low & _SIGN, rest != -1, rest != 0)
        groups.append(np.where(alive, low + _MORE * more + _FIRST, 0))
        alive = alive & more
    table = np.stack(groups, axis=1).astype(np.uint8)
    return table[table > 0].tobytes().decode("ascii")


def _from_text(text: bytes) -> Ints:
    code = np.frombuffer(text, np.uint8).astype(np.int64) - _FIRST
    last = np.flatnonzero(code < _MORE)
    first = np.concatenate([[0], last[:-1] + 1])
    width = last - first[: last.size] + 1
    whole = code.size > 0 and last.size > 0 and last[-1] == code.size - 1
    if not whole or code.min() < 0 or code.max() >= 2 * _MORE or width.max() > 12:
        msg = f"rle counts must be COCO's compressed text; got {text[:40]!r}"
        raise ValueError(msg)
    place = np.arange(code.size) - np.repeat(first, width)
    steps: Ints = np.add.reduceat((code & (_MORE - 1)) << (_BITS * place), first)
    negative = (code[last] & _SIGN) > 0
    runs: Ints = steps - (negative.astype(np.int64) << (_BITS * width))
    runs[1::2] = np.cumsum(runs[1::2])
    runs[2::2] = np.cumsum(runs[2::2])
    return runs
