"""What makes the branches of a `DomainRouter`, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeGuard, runtime_checkable

from ..instance import Shot
from ..models import Detections, Segmenter


@runtime_checkable
class BranchedSegmenter(Protocol):
    """A segmenter of several branches, as `load_model` makes of a branched card.

    Attributes
    ----------
    branches : mapping of str to Segmenter
        By the name of the shot that each is for: "HEAD_SHOT".
    fallback : str or None
        Which of them is for the shots that have none.
    """

    branches: Mapping[str, Segmenter]
    fallback: str | None


def is_branched(model: object) -> TypeGuard[BranchedSegmenter]:
    """Tell whether `model` is a `BranchedSegmenter`; a router is none itself."""
    branches = getattr(model, "branches", None)
    named = isinstance(branches, Mapping) and not isinstance(
        next(iter(branches), 0), Shot
    )
    return named and bool(branches) and hasattr(model, "fallback")


def check_branches(branches: object) -> dict[Shot, Segmenter]:
    """Return `branches` with shots for keys."""
    if not isinstance(branches, Mapping):
        msg = f"branches must be a mapping of Shot to segmenter; got {branches!r}"
        raise TypeError(msg)
    return {
        check_shot("branches", shot): check_model(f"branches[{shot!r}]", branch)
        for shot, branch in branches.items()
    }


def check_model(name: str, model: Any) -> Any:
    """Return `model` if it can be called."""
    if not callable(model):
        msg = f"{name} must be callable with an image; got {model!r}"
        raise TypeError(msg)
    return model


def check_detections(name: str, answer: Any) -> Detections:
    """Return what the detector `name` answers, if that is `Detections`."""
    if isinstance(answer, Detections):
        return answer
    if hasattr(answer, "boxes") and hasattr(answer, "scores"):
        return Detections(answer.boxes, answer.scores)
    msg = f"what {name} answers must be Detections(boxes, scores); got {answer!r}"
    raise TypeError(msg)


def check_shot(name: str, value: Any) -> Shot:
    """Return the shot that `value` is."""
    try:
        return Shot(value)
    except ValueError:
        want = ", ".join(shot.name for shot in Shot)
        msg = f"{name} must name shots: {want}; got {value!r}"
        raise ValueError(msg) from None


def named_shot(name: str) -> Shot:
    """Return the shot that a card calls `name`."""
    if name not in Shot.__members__:
        want = ", ".join(Shot.__members__)
        msg = f"model must have branches named for shots: {want}; got {name!r}"
        raise ValueError(msg)
    return Shot[name]


def describe_model(model: Any) -> dict[str, Any]:
    """Return what `model` says of itself, or what it is called."""
    describe = getattr(model, "describe", None)
    return {"name": repr(model)} if describe is None else dict(describe())
