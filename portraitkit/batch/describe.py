"""What models made a result and what they found, for the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from .. import __version__
from .._core.typing import ImageU8
from ..instance import Shot
from ..models import Detections
from ..pipeline import PortraitPipeline
from .manifest import Record


def describe_models(
    pipeline: PortraitPipeline, *, unused: Container[str] = ()
) -> Record:
    """Return card, hash, license and provider of each of a pipeline's models."""
    models = {
        "segmenter": pipeline.segmenter,
        "persons": pipeline.persons,
        "faces": pipeline.faces,
        "attributes": pipeline.attributes,
    }
    return {
        role: describe_model(model)
        for role, model in models.items()
        if model is not None and role not in unused
    }


def persons_record(persons: Detections, image: ImageU8) -> Record:
    """Return persons as the record has them: clipped, surest first or as given."""
    height, width = image.shape[:2]
    boxes = np.clip(persons.boxes, 0, [width, height, width, height])
    return {
        "boxes": boxes.round(2).tolist(),
        "scores": persons.scores.round(4).tolist(),
    }


def branch_record(branch: Shot | None) -> Record:
    """Return which branch segmented, where the segmenter has branches."""
    return {} if branch is None else {"branch": branch.value}


def attributes_record(attributes: dict[str, float] | None) -> Record:
    """Return the attributes' probabilities, where there is a classifier."""
    if attributes is None:
        return {}
    return {"attributes": {name: round(p, 4) for name, p in attributes.items()}}


def describe_model(model: Any) -> Record:
    """Return what `model` says of itself; the embedded default has the version."""
    describe = getattr(model, "describe", None)
    if describe is not None:
        return dict(describe())
    return {
        "name": "builtin",
        "card": None,
        "version": __version__,
        "sha256": _builtin_hash(),
        "license": "MIT",
        "provider": "CPU",
    }


@cache
def _builtin_hash() -> str:
    """Return the hash of all that was fitted."""
    fitted = files("portraitkit.models.builtin") / "portrait_prior.npz"
    return hashlib.sha256(fitted.read_bytes()).hexdigest()
