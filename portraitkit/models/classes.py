"""The models that run a network: one class for each kind of answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from .._core.typing import Array, Floats32, ImageU8, Probability
from .boxes import decode_boxes
from .card_boxes import BoxOutput
from .card_output import AttributeOutput, FeatureOutput, MapOutput
from .heads import decode_attributes, decode_features
from .maps import decode_map
from .network import Network
from .placement import Placement
from .protocol import Detections
from .rows import outputs_of


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


class OnnxDetector(Network[Detections]):
    """A `PersonDetector` or `FaceDetector` that runs a network.

    Boxes are clipped to the image; those wholly outside are left out. Landmarks,
    where the card has them, are not clipped.

    Examples
    --------
    >>> import numpy as np
    >>> from portraitkit.models import BoxOutput, ImageInput, ModelCard
    >>> class Left:
    ...     def run(self, names, feed):
    ...         return [np.array([[[0.0, 0.0, 0.5, 1.0, 0.9]]])]
    >>> card = ModelCard(
    ...     name="left half",
    ...     task="persons",
    ...     input=ImageInput(name="x", size=(4, 4)),
    ...     output=BoxOutput(
    ...         boxes="y",
    ...         format="xyxy",
    ...         unit="normalized",
    ...         score="class",
    ...         threshold=0.5,
    ...         iou=None,
    ...     ),
    ... )
    >>> model = OnnxDetector(runtime=Left(), card=card, provider="mine", sha256="")
    >>> model(np.zeros((10, 8, 3), np.uint8)).boxes
    array([[ 0.,  0.,  4., 10.]])
    """

    __slots__ = ()
    ANSWERS = BoxOutput

    def __call__(self, image: ImageU8, /) -> Detections:
        """See `PersonDetector`."""
        return self.answer(image)

    def wanted(self) -> list[str]:
        """See `Network`."""
        output = cast(BoxOutput, self.card.output)
        return outputs_of(output) if output.boxes else []

    def decode(self, raw: Sequence[Array], where: Placement) -> Detections:
        """See `Network`."""
        output = cast(BoxOutput, self.card.output)
        boxes, scores, spots = decode_boxes(raw, output, where.canvas)
        boxes, spots = where.boxes_back(boxes), where.points_back(spots)
        inside = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
        landmarks = spots[inside] if output.points else None
        return Detections(boxes[inside], scores[inside], landmarks)


class OnnxAttributes(Network[dict[str, float]]):
    """An `AttributeClassifier` that runs a network.

    Examples
    --------
    >>> import numpy as np
    >>> from portraitkit.models import AttributeOutput, ImageInput, ModelCard
    >>> class Bright:
    ...     def run(self, names, feed):
    ...         return [feed["x"].mean(axis=(1, 2, 3))[:, None]]
    >>> card = ModelCard(
    ...     name="bright",
    ...     task="attributes",
    ...     input=ImageInput(name="x", size=(4, 4), scale=1 / 255),
    ...     output=AttributeOutput(name="y", labels=("bright",)),
    ... )
    >>> model = OnnxAttributes(runtime=Bright(), card=card, provider="mine", sha256="")
    >>> model(np.full((9, 5, 3), 255, np.uint8))
    {'bright': 1.0}
    """

    __slots__ = ()
    ANSWERS = AttributeOutput

    def __call__(self, image: ImageU8, /) -> dict[str, float]:
        """See `AttributeClassifier`."""
        return self.answer(image)

    def wanted(self) -> list[str]:
        """See `Network`."""
        return list(cast(AttributeOutput, self.card.output).name)

    def decode(
        self,
        raw: Sequence[Array],
        where: Placement,  # noqa: ARG002  attributes lie nowhere
    ) -> dict[str, float]:
        """See `Network`."""
        return decode_attributes(raw, cast(AttributeOutput, self.card.output))


class OnnxFeatures(Network[Floats32]):
    """A `FeatureExtractor` that runs a network.

    Features are resized to the image's pixels: 4 H W D bytes.

    Examples
    --------
    >>> import numpy as np
    >>> from portraitkit.models import FeatureOutput, ImageInput, ModelCard
    >>> class Halves:
    ...     def run(self, names, feed):
    ...         return [feed["x"][:, :, ::2, ::2]]
    >>> card = ModelCard(
    ...     name="halves",
    ...     task="features",
    ...     input=ImageInput(name="x", size=(4, 4)),
    ...     output=FeatureOutput(name="y", depth=3, stride=2),
    ... )
    >>> model = OnnxFeatures(runtime=Halves(), card=card, provider="mine", sha256="")
    >>> model(np.zeros((9, 5, 3), np.uint8)).shape
    (9, 5, 3)
    """

    __slots__ = ()
    ANSWERS = FeatureOutput

    def __call__(self, image: ImageU8, /) -> Floats32:
        """See `FeatureExtractor`."""
        return self.answer(image)

    def wanted(self) -> list[str]:
        """See `Network`."""
        name = cast(FeatureOutput, self.card.output).name
        return [] if name is None else [name]

    def decode(self, raw: Sequence[Array], where: Placement) -> Floats32:
        """See `Network`."""
        return decode_features(raw[0], cast(FeatureOutput, self.card.output), where)


def _largest(faces: Detections) -> Array | None:
    if not len(faces):
        return None
    sides = faces.boxes[:, 2:] - faces.boxes[:, :2]
    box: Array = faces.boxes[np.argmax(sides.prod(axis=1))]
    return box
