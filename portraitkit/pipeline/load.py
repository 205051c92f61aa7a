"""The models of a pipeline, from whatever names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..models import load_model

TASKS = {
    "segmenter": "segment",
    "persons": "persons",
    "faces": "faces",
    "attributes": "attributes",
}
"""What each of a pipeline's models is for."""


def load_models(
    sources: Mapping[str, Any], *, device: str, threads: int | None
) -> dict[str, Any]:
    """Return the models that `sources` name, by role; None stays None.

    `device` is for networks: beside one of them, the embedded default, which knows
    only the CPU, is not asked to be there. Where nothing but the default is loaded,
    a device that it can't have is refused.
    """
    named = [source for source in sources.values() if _is_name(source)]
    alone = all(source == "builtin" for source in named)
    models = {}
    for role, source in sources.items():
        if not _is_name(source):
            models[role] = source
            continue
        if source == "builtin" and role == "attributes":
            msg = (
                "attributes must be an ONNX file, a catalogue name or a callable, "
                "for none is embedded; got 'builtin'"
            )
            raise ValueError(msg)
        place = device if alone or source != "builtin" else "auto"
        models[role] = load_model(
            source, task=TASKS[role], device=place, threads=threads
        )
    return models


def _is_name(source: object) -> bool:
    return source is not None and not callable(source)
