"""The embedded segmenter: a portrait prior at each face, cut along the colors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..._core.checks import check_image
from ..._core.resize import resize
from ..._core.typing import ArrayLike, Floats32, ImageU8, Mask
from ..protocol import Detections
from .cut import grab_cut, tidy
from .evidence import evidence
from .faces import CascadeFaces
from .prior import PortraitPrior, shipped
from .refine import refine
from .view import COARSE, FINE, View, carry, crop, facing, from_canvas, view_of


class PriorSegmenter:
    """Segment portraits from their faces alone, without a network.

    Around each face lies the mean mask of 1330 portraits. Colors that agree with it,
    weighed by fitted evidence, give a probability; GrabCut draws the border, and a
    guided filter carries it to full resolution. Where no face is found the result is
    0 everywhere: nobody is invented.

    Notes
    -----
    A face costs a fixed amount of work at 128 and 256 pixels; only the refinement
    grows with the image, O(H W), with three float32 images beside the result.
    The result does not depend on the run, the thread or the process.

    References
    ----------
    .. [1] C. Rother, V. Kolmogorov, A. Blake, "GrabCut: interactive foreground
       extraction using iterated graph cuts", SIGGRAPH 2004.
    .. [2] K. He, J. Sun, "Fast guided filter", arXiv:1505.00996, 2015.

    Examples
    --------
    >>> from skimage.data import astronaut
    >>> probability = PriorSegmenter()(astronaut())
    >>> probability.shape, bool(probability[300, 220] > 0.5)
    ((512, 512), True)
    """

    def __init__(self, prior: PortraitPrior | None = None) -> None:
        self._prior = prior
        self._faces = CascadeFaces()

    def __call__(self, image: ArrayLike, /) -> Floats32:
        """Map (H, W, 3) uint8 RGB to (H, W) float32 in 0..1, same H and W."""
        checked = check_image("image", image)
        return self.from_faces(checked, self._faces(checked))

    def from_faces(self, image: ArrayLike, faces: Detections, /) -> Floats32:
        """Map an image and its faces to (H, W) float32 in 0..1."""
        checked = check_image("image", image)
        prior = self._prior or shipped()
        total = np.zeros(checked.shape[:2], dtype=np.float32)
        views = [view_of(box, checked.shape, side=FINE) for box in faces.boxes]
        guesses = [
            resize(guess, view.shape, how="bilinear")
            for view, guess in zip(views, _guesses(checked, faces, prior), strict=True)
        ]
        for view, guess in zip(views, guesses, strict=True):
            small = crop(checked, view)
            others = _others(view, views, guesses)
            soft = _cut(small, guess, others)
            part = total[view.window]
            np.maximum(part, refine(small, soft, checked[view.window]), out=part)
        return total


def _guesses(
    image: ImageU8, faces: Detections, prior: PortraitPrior
) -> Iterator[Floats32]:
    views = [view_of(box, image.shape, side=COARSE) for box in faces.boxes]
    for view in views:
        others = np.zeros(view.shape, dtype=np.float32)
        for other in views:
            if other is not view:
                placed = from_canvas(prior.probability, facing(view, other))
                np.maximum(others, placed, out=others)
        yield estimate(crop(image, view), view, prior, others=others)


def estimate(
    small: ImageU8, view: View, prior: PortraitPrior, *, others: Floats32 | None = None
) -> Floats32:
    """Weigh place and colors, each round starting from the last one's result."""
    placed = from_canvas(prior.probability, view)
    guess = placed
    for weighing in prior.rounds:
        found = evidence(small, guess, placed, view, others=others)
        guess = weighing(found).reshape(view.shape)
    return guess


def _others(view: View, views: list[View], guesses: list[Floats32]) -> Floats32:
    """Return the probability of any other person, as this view sees it."""
    any_other = np.zeros(view.shape, dtype=np.float32)
    for other, guess in zip(views, guesses, strict=True):
        if other is not view:
            np.maximum(any_other, carry(guess, other, view), out=any_other)
    return any_other


def _cut(small: ImageU8, guess: Floats32, others: Floats32) -> Floats32:
    """Return half the cut and half the probability: >= 0.5 is the cut's mask."""
    together = np.maximum(guess, others)
    mask: Mask = tidy(grab_cut(small, together), guess > 0.8)
    return np.where(mask, 0.5 + 0.5 * together, 0.5 * together).astype(np.float32)
