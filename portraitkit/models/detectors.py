"""Networks that answer with boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from .._core.typing import Array, ImageU8
from .boxes import decode_boxes
from .card_boxes import BoxOutput
from .network import Network
from .placement import Placement
from .protocol import Detections
from .rows import outputs_of


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
