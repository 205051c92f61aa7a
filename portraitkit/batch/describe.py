"""What models made a result, for the manifest."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
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
        return {"name": "builtin", "version": __version__, "sha256": _builtin_hash()}
    return dict(describe())


@cache
def _builtin_hash() -> str:
    """Return the hash of all that was fitted."""
    fitted = files("portraitkit.models.builtin") / "portrait_prior.npz"
    return hashlib.sha256(fitted.read_bytes()).hexdigest()
