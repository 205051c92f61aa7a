"""The embedded default: faces, persons and portraits without any model file.

A cascade finds faces, a body model hangs persons on them, and a portrait prior in
face-aligned coordinates seeds a graph cut. What was fitted is in `portrait_prior.npz`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, overload

from ..._core.checks import check_choice
from .faces import CascadeFaces
from .persons import BodyPersons
from .segment import PriorSegmenter


@overload
def load(task: Literal["faces"]) -> CascadeFaces: ...
@overload
def load(task: Literal["persons"]) -> BodyPersons: ...
@overload
def load(task: Literal["segment"]) -> PriorSegmenter: ...
@overload
def load(task: str) -> CascadeFaces | BodyPersons | PriorSegmenter: ...


def load(task: str) -> CascadeFaces | BodyPersons | PriorSegmenter:
    """Return the embedded model for `task`: "faces", "persons" or "segment".

    Raises
    ------
    ValueError
        If there is no embedded model for `task`.

    Examples
    --------
    >>> from skimage.data import astronaut
    >>> len(load("faces")(astronaut()))
    1
    """
    return _MODELS[check_choice("task", task, _MODELS)]()


_MODELS: dict[str, Callable[[], CascadeFaces | BodyPersons | PriorSegmenter]] = {
    "faces": CascadeFaces,
    "persons": BodyPersons,
    "segment": PriorSegmenter,
}
