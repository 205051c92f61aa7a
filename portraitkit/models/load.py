"""Get a model from a file, or the embedded default."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, overload

from .._core.checks import check_choice, check_count
from .cache import locate
from .card import OUTPUTS, ModelCard
from .open import open_network
from .protocol import (
    AttributeClassifier,
    FaceDetector,
    FeatureExtractor,
    PersonDetector,
    Segmenter,
)
from .runtime import check_device


@overload
def load_model(
    source: str | Path,
    *,
    task: Literal["segment"],
    device: str = ...,
    card: ModelCard | str | Path | None = ...,
    threads: int | None = ...,
) -> Segmenter: ...
@overload
def load_model(
    source: str | Path,
    *,
    task: Literal["persons"],
    device: str = ...,
    card: ModelCard | str | Path | None = ...,
    threads: int | None = ...,
) -> PersonDetector: ...
@overload
def load_model(
    source: str | Path,
    *,
    task: Literal["faces"],
    device: str = ...,
    card: ModelCard | str | Path | None = ...,
    threads: int | None = ...,
) -> FaceDetector: ...
@overload
def load_model(
    source: str | Path,
    *,
    task: Literal["attributes"],
    device: str = ...,
    card: ModelCard | str | Path | None = ...,
    threads: int | None = ...,
) -> AttributeClassifier: ...
@overload
def load_model(
    source: str | Path,
    *,
    task: Literal["features"],
    device: str = ...,
    card: ModelCard | str | Path | None = ...,
    threads: int | None = ...,
) -> FeatureExtractor: ...
@overload
def load_model(
    source: str | Path,
    *,
    task: str | None = ...,
    device: str = ...,
    card: ModelCard | str | Path | None = ...,
    threads: int | None = ...,
) -> Any: ...


def load_model(
    source: str | Path,
    *,
    task: str | None = None,
    device: str = "auto",
    card: ModelCard | str | Path | None = None,
    threads: int | None = None,
) -> Any:
    """Load a model: a network from its file, or the embedded default.

    Parameters
    ----------
    source : str or Path
        "builtin", the path of an ONNX file that has a card, or the name of a network
        of the catalogue that has been fetched: see `known_models`, `fetch_model`.
    task : "segment", "persons", "faces", "attributes" or "features", optional
        What the model must be for. May be left out for a file: its card says.
    device : "auto", "cpu", "cuda" or "cuda:N", default "auto"
        "auto" takes CUDA where it works, else the CPU. Any other is that or an error.
    card : ModelCard or path of a JSON card, optional
        What the network wants and gives. Default: ``name.card.json`` beside
        ``name.onnx``, else the file's metadata, else portraitkit's own cards.
    threads : int, optional
        CPU threads a network computes with; default: one for each core.

    Returns
    -------
    callable
        `OnnxSegmenter`, `OnnxDetector`, `OnnxAttributes` or `OnnxFeatures` for a
        file, which also have ``card``, ``provider``, ``many(images)`` and
        ``describe()``; else the embedded default for `task`.

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        If there is no file at `source`, or it has not been fetched.
    ImportError
        If onnxruntime is not installed and `source` is a file.
    RuntimeError
        If `device` cannot be had.
    TypeError, ValueError
        If an argument or a card field is wrong, the file is damaged or reads files
        outside its folder, or the card speaks of another file.

    See Also
    --------
    fetch_model : Download a network of the catalogue; loading never does.

    Notes
    -----
    The file's sha256 is computed: O(size). A file that is loaded already, for the
    same device and threads, shares its session: a graph of several heads, each with
    a card, is in memory once.

    Examples
    --------
    >>> load_model("sinet.onnx")
    Traceback (most recent call last):
        ...
    FileNotFoundError: source must be "builtin", a catalogue name or an ONNX file; \
got 'sinet.onnx', no file
    """
    check_device(device)
    if task is not None:
        check_choice("task", task, tuple(OUTPUTS))
    if threads is not None:
        threads = check_count("threads", threads)
    if source == "builtin":
        return _builtin(task, device, card)
    path = locate(source) or existing_file(source)
    return open_network(path, task, device, _card(card), threads)


def _card(card: Any) -> ModelCard | None:
    if isinstance(card, str | Path):
        return ModelCard.from_file(card)
    if card is not None and not isinstance(card, ModelCard):
        msg = f"card must be a ModelCard or the path of a JSON card; got {card!r}"
        raise TypeError(msg)
    return card


def _builtin(task: str | None, device: str, card: object) -> Any:
    if task is None:
        msg = 'task must be given for source "builtin"; got None'
        raise ValueError(msg)
    if device not in ("auto", "cpu"):
        msg = f'device must be "auto" or "cpu" for source "builtin"; got {device!r}'
        raise ValueError(msg)
    if card is not None:
        msg = f'card must be left out for source "builtin"; got {card!r}'
        raise ValueError(msg)
    from .builtin import load

    return load(task)


def existing_file(source: str | Path) -> Path:
    """Return `source` as the path of a file, or say what it is instead."""
    if not isinstance(source, str | Path):
        msg = f'source must be "builtin" or the path of an ONNX file; got {source!r}'
        raise TypeError(msg)
    path = Path(source)
    if path.is_dir():
        msg = f"source must be an ONNX file; got {str(source)!r}, a folder"
        raise IsADirectoryError(msg)
    if not path.is_file():
        msg = (
            'source must be "builtin", a catalogue name or an ONNX file; got '
            f"{str(source)!r}, no file"
        )
        raise FileNotFoundError(msg)
    return path
