"""Networks behind the protocols, whatever runtime computes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, cast

from .._core.checks import check_image
from .._core.typing import Array, ImageU8, Probability
from ._fields import refuse
from .boxes import decode_boxes
from .card import ModelCard
from .card_output import BoxOutput, MapOutput
from .maps import decode_map
from .placement import prepare
from .protocol import Detections


class Runtime(Protocol):
    """Anything with onnxruntime's `run`."""

    def run(
        self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any], /
    ) -> Sequence[Array]:
        """Compute the named outputs."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """A network file, its card, and what computes it.

    Parameters
    ----------
    runtime : Runtime
        Anything with onnxruntime's ``run``.
    card : ModelCard
        What the network wants and gives, every input and output named.
    provider : str
        What computes it, as onnxruntime calls it: "CPUExecutionProvider".
    sha256 : str
        Of the file.
    """

    runtime: Runtime
    card: ModelCard
    provider: str
    sha256: str

    ANSWERS: ClassVar[type[MapOutput | BoxOutput]]

    def __post_init__(self) -> None:
        output = self.card.output
        if not isinstance(output, self.ANSWERS):
            want = f"one that {type(self).__name__} can answer"
            refuse("task", want, self.card.task)
        if self.card.input.name is None:
            refuse("input.name", "given", None)
        if (output.name if isinstance(output, MapOutput) else output.boxes) is None:
            field = "name" if isinstance(output, MapOutput) else "boxes"
            refuse(f"output.{field}", "given", None)

    def describe(self) -> dict[str, str | None]:
        """Return what a record of results should say about the model."""
        return {
            "card": self.card.name,
            "task": self.card.task,
            "sha256": self.sha256,
            "license": self.card.license,
            "provider": self.provider,
        }

    def compute(self, names: Sequence[str | None], tensor: Array) -> Sequence[Array]:
        """Run the graph on a prepared input."""
        wanted = [name for name in names if name is not None]
        return self.runtime.run(wanted, {cast(str, self.card.input.name): tensor})


class OnnxSegmenter(Network):
    """A `Segmenter` that runs a network.

    The runtime is passed in; `load_model` makes one from a file.

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

    __slots__ = ()
    ANSWERS = MapOutput

    def __call__(self, image: ImageU8, /) -> Probability:
        """See `Segmenter`."""
        output = cast(MapOutput, self.card.output)
        tensor, where = prepare(check_image("image", image), self.card.input)
        raw = self.compute([output.name], tensor)
        return where.map_back(decode_map(raw[0], output))


class OnnxDetector(Network):
    """A `PersonDetector` or `FaceDetector` that runs a network.

    Boxes are clipped to the image; those wholly outside are left out.

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
        output = cast(BoxOutput, self.card.output)
        tensor, where = prepare(check_image("image", image), self.card.input)
        raw = self.compute([output.boxes, output.scores], tensor)
        boxes, scores = decode_boxes(raw, output, where.canvas)
        boxes = where.boxes_back(boxes)
        inside = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
        return Detections(boxes[inside], scores[inside])
