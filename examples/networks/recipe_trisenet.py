"""Teach Multi-domain TriSeNet: segmentation, edge and consensus."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 -- as everybody calls it
from portraits import Portrait
from torch import Tensor, nn

from portraitkit.kernels import edge_map
from portraitkit.losses import balanced_edge_loss, consensus_labels, consistency_loss
from portraitkit.models import Branches, MapOutput, ModelCard, load_model

from .blocks import resized
from .recipe import Only, Recipe, largest
from .trisenet import BRANCHES, TriSeNet


class TriSeNetRecipe(Recipe):
    """Equation 8: segmentation + 1 edge + 0.25 consensus, each a mean over pixels.

    The edge is taught where it is found, at 1/8: a cell that the border between
    person and background runs through is edge. The paper does not say at what size.

    Parameters
    ----------
    portraits : list of Portrait
        What is learned.
    domains : list of int, optional
        The branch of each portrait, as an index of `BRANCHES`: what `grade_shot` of
        its face says. Default: dealt out in turn, so that eight portraits teach all
        six branches.

    Notes
    -----
    The paper takes the domains in turn, a mini-batch each. Here a step takes all of
    them: all portraits go through all branches anyway, and each branch is taught by
    its own portraits alone.
    """

    def __init__(
        self,
        portraits: list[Portrait],
        size: tuple[int, int] = (128, 96),
        *,
        width: float = 0.25,
        backbone: str = "Xception39",
        domains: list[int] | None = None,
    ) -> None:
        super().__init__(portraits, size)
        self.net = TriSeNet(width, backbone=backbone)
        n = len(portraits)
        self.domains = torch.tensor(domains or [i % len(BRANCHES) for i in range(n)])
        edges = [edge_map(p.mask, method="inner") for p in self.portraits]
        self.edges = torch.from_numpy(np.stack(edges))[:, None].float()

    def loss(self) -> Tensor:
        """See `Recipe`."""
        found, edge = self.net(self.images)
        own = found[self.domains, torch.arange(len(self.domains))]
        segmentation = F.cross_entropy(own, self.masks.long())
        cells = F.adaptive_max_pool2d(self.edges, edge.shape[2:])
        outline = balanced_edge_loss(edge, cells, reduction="mean")
        return segmentation + outline + 0.25 * self.consistency(found)

    def consistency(self, found: Tensor) -> Tensor:
        """Equations 6 and 7: each branch, on its portraits, towards all the others."""
        total = found.new_zeros(())
        for branch in self.domains.unique().tolist():
            part = found[:, self.domains == branch]
            consensus = consensus_labels(part, branch=branch, axis=2)
            loss = consistency_loss(part[branch], consensus, axis=1)
            total = total + loss * part.shape[1] / len(self.domains)
        return total

    @torch.no_grad()
    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """See `Recipe`: each portrait by its own branch; the picture is the edge."""
        found, edge = self.net(self.images)
        own = found[self.domains, torch.arange(len(self.domains))]
        outline = resized(edge.sigmoid(), self.images)[:, 0]
        return own.softmax(dim=1)[:, 1].numpy(), outline.numpy()

    def graph(self) -> tuple[nn.Module, Tensor, list[str]]:
        """See `Recipe`: six outputs; the edge is for training."""
        names = list(BRANCHES.values())
        return Only(self.net, lambda f: tuple(f[0])), self.images[:1], names

    def cards(self, path: Path) -> dict[str, ModelCard]:  # noqa: ARG002
        """See `Recipe`: a head for each shot."""
        card = ModelCard(
            name="Multi-domain TriSeNet example",
            task="segment",
            input=self.sized(),
            output=MapOutput(kind="softmax", person=(1,)),
            branches=Branches(outputs=BRANCHES, fallback="NO_FACE"),
        )
        return {".card.json": card}

    @torch.no_grad()
    def compare(self, path: Path) -> float:
        """See `Recipe`: every branch on every portrait."""
        model = load_model(path, task="segment", device="cpu")
        found = self.net(self.images)[0].softmax(dim=2)[:, :, 1].numpy()
        return max(
            largest((model.branches[name](p.image) for p in self.portraits), own)
            for name, own in zip(BRANCHES, found, strict=True)
        )
