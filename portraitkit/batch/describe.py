"""What models made a result, for the manifest."""

from __future__ import annotations

from typing import Any

from .. import __version__
from ..pipeline import PortraitPipeline
from .manifest import Record


def describe_models(pipeline: PortraitPipeline) -> Record:
    """Return name, hash, licence and provider of each of a pipeline's models."""
    models = {
        "segmenter": pipeline.segmenter,
        "persons": pipeline.persons,
        "faces": pipeline.faces,
    }
    return {role: describe_model(model) for role, model in models.items()}


def describe_model(model: Any) -> Record:
    """Return what `model` says of itself; the embedded default has the version."""
    describe = getattr(model, "describe", None)
    if describe is None:
        return {"name": "builtin", "version": __version__}
    return dict(describe())
