"""Teach BSN: kernels as labels, two losses summed, an attribute beside them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 -- as everybody calls it
from portraits import Portrait
from torch import Tensor, nn

from portraitkit.kernels import (
    MeanMask,
    foreground_probability,
    global_kernel,
    individual_kernel,
    label_map,
    portrait_channels,
    shape_channel,
)
from portraitkit.losses import boundary_sensitive_loss
from portraitkit.models import (
    AttributeOutput,
    ImageInput,
    MapOutput,
    ModelCard,
    load_model,
)

from .bsn import BSN
from .recipe import Recipe, largest

BAND = 3
"""Width of the boundary: the paper's 10 pixels are of 400."""


class BSNRecipe(Recipe):
    """Boundary-sensitive loss (equations 4 and 7) plus the attribute's cross-entropy.

    Parameters
    ----------
    portraits : list of Portrait
        What is learned.
    attributes : list of int
        A label 0 or 1 for each portrait, such as short or long hair.
    weight : float
        Of the attribute's loss; the paper does not state one.
    """

    input = ImageInput(size=(1, 1), scale=1 / 255)

    def __init__(
        self,
        portraits: list[Portrait],
        size: tuple[int, int] = (128, 96),
        *,
        width: float = 0.125,
        attributes: list[int],
        labels: tuple[str, str] = ("short hair", "long hair"),
        weight: float = 0.1,
    ) -> None:
        super().__init__(portraits, size)
        self.net, self.weight, self.labels = BSN(width), weight, labels
        masks = self.masks.numpy()
        self.seen = MeanMask(size)
        for mask in masks:
            self.seen.update(mask)
        mean = self.seen.mean
        channels = [portrait_channels(p.image, mean) for p in self.portraits]
        self.channels = torch.from_numpy(np.stack(channels)).permute(0, 3, 1, 2)
        soft = individual_kernel(masks, width=BAND, normalize="proximity")
        self.soft = torch.from_numpy(soft).permute(0, 3, 1, 2)
        self.target = torch.from_numpy(label_map(masks, width=BAND)).long()
        self.kernel = torch.from_numpy(global_kernel(shape_channel(mean, size)))
        self.attributes = torch.tensor(attributes)

    def loss(self) -> Tensor:
        """See `Recipe`. The paper adds the attribute for the second half only."""
        logits, attribute = self.net(self.channels)
        pixels = boundary_sensitive_loss(
            logits, self.soft, self.target, self.kernel, axis=1
        )
        return pixels + self.weight * F.cross_entropy(attribute, self.attributes)

    @torch.no_grad()
    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """See `Recipe`: the boundary is ignored, and is the picture."""
        logits, _ = self.net(self.channels)
        boundary = logits.softmax(dim=1)[:, 1]
        return foreground_probability(logits, axis=1).numpy(), boundary.numpy()

    @torch.no_grad()
    def read_attributes(self) -> np.ndarray:
        """(N, 2): probability of each label."""
        return self.net(self.channels)[1].softmax(dim=1).numpy()

    def graph(self) -> tuple[nn.Module, Tensor, list[str]]:
        """See `Recipe`: six channels in, classes and attribute out."""
        return self.net, self.channels[:1], ["classes", "attribute"]

    def export(self, path: Path) -> None:
        """See `Recipe`; the mean mask, a channel of the input, goes with it."""
        super().export(path)
        self.seen.save(path.with_suffix(".mean.npz"))

    def cards(self, path: Path) -> dict[str, ModelCard]:
        """See `Recipe`: a card for the classes, another for the attribute."""
        mean = f"{path.stem}.mean.npz"
        seen = replace(self.sized(), extras=("x", "y", "shape"), mean_mask=mean)
        classes = ModelCard(
            name="BSN example",
            task="segment",
            input=seen,
            output=MapOutput(kind="softmax", name="classes", person=(0,), ignore=(1,)),
        )
        attribute = ModelCard(
            name="BSN example, attribute",
            task="attributes",
            input=seen,
            output=AttributeOutput(
                labels=self.labels, name=("attribute",), activation="softmax"
            ),
        )
        return {".card.json": classes, ".attribute.card.json": attribute}

    def compare(self, path: Path) -> float:
        """See `Recipe`."""
        model = load_model(path, task="segment", device="cpu")
        card = path.with_suffix(".attribute.card.json")
        head = load_model(path, task="attributes", device="cpu", card=card)
        images = [p.image for p in self.portraits]
        labels = [np.array(list(head(image).values())) for image in images]
        return max(
            largest(map(model, images), self.read()[0]),
            largest(labels, self.read_attributes()),
        )
