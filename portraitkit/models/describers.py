"""Networks that answer with attributes of the image, or features of its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from .._core.typing import Array, Floats32, ImageU8
from .card_output import AttributeOutput, FeatureOutput
from .heads import decode_attributes, decode_features
from .network import Network
from .placement import Placement


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
