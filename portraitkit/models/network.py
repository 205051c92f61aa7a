"""A network file behind a card, whatever runtime computes it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

import numpy as np

from .._core.checks import check_count, check_image
from .._core.typing import Array, ArrayLike, Floats32, ImageU8
from ._fields import refuse
from .batches import grouped, in_order
from .card import AnyOutput, ModelCard
from .placement import Placement, place, prepare

Answer = TypeVar("Answer")


class Runtime(Protocol):
    """Anything with onnxruntime's `run`."""

    def run(
        self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any], /
    ) -> Sequence[Array]:
        """Compute the named outputs."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network(ABC, Generic[Answer]):
    """A network file, its card, and what computes it.

    Parameters
    ----------
    runtime : Runtime
        Anything with onnxruntime's ``run``; used by several threads at a time
        only where `many` is given workers.
    card : ModelCard
        What the network wants and gives, every input and output named.
    provider : str
        What computes it, as onnxruntime calls it: "CPUExecutionProvider".
    sha256 : str
        Of the file.
    batch : int or None, default 1
        Images that the graph takes at a time; None: any number.
    mean_mask : (h, w) float32, optional
        For a card with input.mean_mask.
    feeds : mapping of str to array, optional
        What the graph's other inputs are given.
    """

    runtime: Runtime
    card: ModelCard
    provider: str
    sha256: str
    batch: int | None = 1
    mean_mask: Floats32 | None = None
    feeds: Mapping[str, Array] = field(default_factory=dict)

    ANSWERS: ClassVar[type[AnyOutput]]

    def __post_init__(self) -> None:
        if not isinstance(self.card.output, self.ANSWERS):
            want = f"one that {type(self).__name__} can answer"
            refuse("task", want, self.card.task)
        if self.card.input.name is None:
            refuse("input.name", "given", None)
        if not self.wanted():
            named = "boxes" if hasattr(self.card.output, "boxes") else "name"
            refuse(f"output.{named}", "given", None)
        if (self.mean_mask is None) != (self.card.input.mean_mask is None):
            want = "given with card field input.mean_mask, and only then"
            msg = f"mean_mask must be {want}; got {self.mean_mask!r}"
            raise ValueError(msg)

    def describe(self) -> dict[str, str | None]:
        """Return what a record of results should say about the model."""
        return {
            "card": self.card.name,
            "task": self.card.task,
            "sha256": self.sha256,
            "license": self.card.license,
            "provider": self.provider,
        }

    @abstractmethod
    def wanted(self) -> list[str]:
        """Return the graph's outputs to compute."""

    @abstractmethod
    def decode(self, raw: Sequence[Array], where: Placement) -> Answer:
        """Read the wanted outputs of one image."""

    def answer(self, image: ImageU8, *, face: ArrayLike | None = None) -> Answer:
        """Run on one image; `face` (4,) xyxy for a card that follows faces."""
        tensor, where = self._prepare(image, face)
        return self.decode(self.compute(tensor)[0], where)

    def many(
        self, images: Iterable[ImageU8], /, *, batch: int = 8, workers: int = 1
    ) -> Iterator[Answer]:
        """Answer many images, in order, each when it is asked for.

        Parameters
        ----------
        images : iterable of (H, W, 3) uint8
            RGB, of any sizes; not all are in memory at a time.
        batch : int, default 8
            Images that a graph which takes any number is given at a time, where
            they come to one size. A graph of a fixed number takes that.
        workers : int, default 1
            Groups that run at the same time, in threads. Most use with
            ``load_model(..., threads=1)``: then each has a core of its own.

        Yields
        ------
        answer
            What calling the model with each image returns.

        Raises
        ------
        TypeError, ValueError
            If an argument or an image is wrong.

        Notes
        -----
        Up to ``2 * workers`` groups are in memory. Batches, unlike workers, may
        change answers by the last bits of float32.

        Examples
        --------
        >>> for mask in model.many(photographs, workers=2):  # doctest: +SKIP
        ...     print(mask.mean())
        """
        batch = check_count("batch", batch)
        workers = check_count("workers", workers)
        spec = self.card.input
        groups = grouped(
            (check_image("images", image) for image in images),
            key=lambda image: place((image.shape[0], image.shape[1]), spec).canvas,
            most=batch if self.batch is None else self.batch,
        )
        return (
            answer
            for answers in in_order(self._group, groups, workers=workers)
            for answer in answers
        )

    def _group(self, images: Sequence[ImageU8]) -> list[Answer]:
        ready = [self._prepare(image, None) for image in images]
        raw = self.compute(np.concatenate([tensor for tensor, _ in ready]))
        return [
            self.decode(part, where)
            for part, (_, where) in zip(raw, ready, strict=True)
        ]

    def _prepare(
        self, image: ImageU8, face: ArrayLike | None
    ) -> tuple[Array, Placement]:
        pixels = check_image("image", image)
        return prepare(pixels, self.card.input, mean_mask=self.mean_mask, face=face)

    def compute(self, tensor: Array) -> list[list[Array]]:
        """Run the graph on prepared images; return the outputs of each."""
        n = len(tensor)
        if self.batch is not None and n < self.batch:
            filling = np.repeat(tensor[-1:], self.batch - n, axis=0)
            tensor = np.concatenate([tensor, filling])
        feed = {cast(str, self.card.input.name): tensor, **self.feeds}
        raw = self._run(feed)
        if len(tensor) == 1:
            return [list(raw)]
        for name, values in zip(self.wanted(), raw, strict=True):
            if values.ndim == 0 or len(values) != len(tensor):
                msg = (
                    f"the network's output {name!r} must have one entry for each of "
                    f"{len(tensor)} images on its first axis; got {values.shape}"
                )
                raise ValueError(msg)
        return [[values[i : i + 1] for values in raw] for i in range(n)]

    def _run(self, feed: Mapping[str, Array]) -> Sequence[Array]:
        try:
            return self.runtime.run(self.wanted(), feed)
        except Exception as error:  # onnxruntime's errors have no common class
            given = ", ".join(f"{name} {array.shape}" for name, array in feed.items())
            msg = f"network {self.card.name!r} failed on its input, {given}: {error}"
            raise RuntimeError(msg) from error
