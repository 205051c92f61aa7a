"""Networks that answer with a map of persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from .._core.typing import Array, ImageU8, Probability
from .card_output import MapOutput
from .maps import decode_map
from .network import Network
from .placement import Placement
from .protocol import Detections


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OnnxSegmenter(Network[Probability]):
    """A `Segmenter` that runs a network.

    The runtime is passed in; `load_model` makes one from a file. Where the card has
    branches, ``branches`` holds a segmenter for each, all on one session, and the
    model itself runs the one named ``fallback``.

    Examples
    --------
    >>> import numpy as np
    >>> from portraitkit.models import ImageInput, MapOutput, ModelCard
    >>> class Red:
    ...     def run(self, names, feed):
    ...         return [feed["x"][:, :1]]
    >>> card = ModelCard(
    ...     name="red",
    ...     task="segment",
    ...     input=ImageInput(name="x", size=(4, 4), scale=1 / 255),
    ...     output=MapOutput(name="y", kind="probability", person=(0,)),
    ... )
    >>> model = OnnxSegmenter(runtime=Red(), card=card, provider="mine", sha256="")
    >>> round(float(model(np.full((9, 5, 3), 51, np.uint8)).mean()), 6)
    0.2
    """

    branches: Mapping[str, OnnxSegmenter] = field(default_factory=dict)

    ANSWERS = MapOutput

    @property
    def fallback(self) -> str | None:
        """The branch that runs where none is asked for; None without branches."""
        return None if self.card.branches is None else self.card.branches.fallback

    def __call__(self, image: ImageU8, /) -> Probability:
        """See `Segmenter`."""
        return self.answer(image)

    def wanted(self) -> list[str]:
        """See `Network`."""
        name = cast(MapOutput, self.card.output).name
        branches = self.card.branches
        if name is None and branches is not None and branches.outputs is not None:
            name = branches.outputs[branches.fallback]
        return [] if name is None else [name]

    def decode(self, raw: Sequence[Array], where: Placement) -> Probability:
        """See `Network`."""
        return where.map_back(decode_map(raw[0], cast(MapOutput, self.card.output)))


class OnnxFaceSegmenter(OnnxSegmenter):
    """An `OnnxSegmenter` whose network is told where the largest face is.

    Also a `FaceGuidedSegmenter`; called without faces, it is told of none.
    """

    __slots__ = ()

    def from_faces(self, image: ImageU8, faces: Detections, /) -> Probability:
        """See `FaceGuidedSegmenter`."""
        return self.answer(image, face=_largest(faces))


def _largest(faces: Detections) -> Array | None:
    if not len(faces):
        return None
    sides = faces.boxes[:, 2:] - faces.boxes[:, :2]
    box: Array = faces.boxes[np.argmax(sides.prod(axis=1))]
    return box
