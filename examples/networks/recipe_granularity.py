"""Teach the cross-granularity network: its result, and every layer by itself."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 -- as everybody calls it
from portraits import Portrait
from torch import Tensor, nn

from portraitkit.kernels import edge_map
from portraitkit.losses import balanced_edge_loss, soft_label_loss
from portraitkit.models import MapOutput, ModelCard, load_model

from .blocks import resized
from .cross_granularity import CrossGranularity
from .recipe import Only, Recipe, largest


class GranularityRecipe(Recipe):
    """Cross-entropy of the result, and deep supervision of the four layers.

    Sections 2.1.1 and 2.1.2: categories are taught by the truth, boundaries by the
    Sobel edges of the truth. The paper gives neither the loss of the boundaries nor
    weights nor sizes. Here a layer is taught at its own size: categories by the share
    of person in each cell, boundaries by "an edge runs through the cell", whose rarity
    the balanced edge loss makes up for; the two are averaged over the layers.
    """

    def __init__(
        self,
        portraits: list[Portrait],
        size: tuple[int, int] = (128, 96),
        *,
        width: float = 0.25,
    ) -> None:
        super().__init__(portraits, size)
        self.net = CrossGranularity(width=width)
        edges = np.stack([edge_map(p.mask, method="sobel") for p in self.portraits])
        self.edges = torch.from_numpy(edges)[:, None].float()

    def loss(self) -> Tensor:
        """See `Recipe`."""
        found = self.net(self.images)
        total = F.cross_entropy(found.classes, self.masks.long())
        for categories, boundary in zip(
            found.categories, found.boundaries, strict=True
        ):
            layer = self.categories_loss(categories) + self.boundary_loss(boundary)
            total = total + layer / len(found.categories)
        return total

    def categories_loss(self, logits: Tensor) -> Tensor:
        """Soft cross-entropy to the share of background and person in each cell."""
        person = F.adaptive_avg_pool2d(self.masks[:, None].float(), logits.shape[2:])
        return soft_label_loss(logits, torch.cat([1 - person, person], 1), axis=1)

    def boundary_loss(self, logits: Tensor) -> Tensor:
        """Balanced cross-entropy to the cells that an edge runs through."""
        cells = F.adaptive_max_pool2d(self.edges, logits.shape[2:])
        return balanced_edge_loss(logits, cells, reduction="mean")

    @torch.no_grad()
    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """See `Recipe`: the picture is the boundary of Layer-1."""
        found = self.net(self.images)
        boundary = resized(found.boundaries[0], self.images).sigmoid()
        return found.classes.softmax(dim=1)[:, 1].numpy(), boundary[:, 0].numpy()

    def graph(self) -> tuple[nn.Module, Tensor, list[str]]:
        """See `Recipe`: the classes alone."""
        return Only(self.net, lambda f: f.classes), self.images[:1], ["classes"]

    def cards(self, path: Path) -> dict[str, ModelCard]:  # noqa: ARG002
        """See `Recipe`."""
        card = ModelCard(
            name="cross-granularity example",
            task="segment",
            input=self.sized(),
            output=MapOutput(kind="softmax", person=(1,)),
        )
        return {".card.json": card}

    def compare(self, path: Path) -> float:
        """See `Recipe`."""
        model = load_model(path, task="segment", device="cpu")
        return largest((model(p.image) for p in self.portraits), self.read()[0])
