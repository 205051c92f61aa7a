"""Teach the superpixel feature extractor: the n-pair loss over superpixels."""

from pathlib import Path

import numpy as np
import torch
from portraits import Portrait
from torch import Tensor, nn

from portraitkit.losses import n_pair_loss
from portraitkit.models import FeatureOutput, ModelCard, load_model
from portraitkit.superpixels import (
    guided_filter,
    pad_superpixels,
    pool_majority,
    pool_mean,
    reduce_features,
    slic,
)

from .recipe import Recipe, largest
from .superpixel_features import N_FEATURES, SuperpixelFeatures


class FeaturesRecipe(Recipe):
    """Superpixels of one class together, others apart: equation 5, as printed.

    The pairs are of all superpixels of the batch. The paper pairs those of one image,
    for its classes need not mean the same in the next; here they do, and "person" has
    to look alike in all portraits for the readout to work.

    The readout is for measuring only: a pixel is a person when its feature is nearer
    to the mean feature of all portraits' person superpixels than to that of the rest.
    Two means of 128 numbers for all portraits together; nothing else is learned.
    """

    rate = 5e-3

    def __init__(
        self,
        portraits: list[Portrait],
        size: tuple[int, int] = (64, 48),
        *,
        width: float = 0.125,
        n_segments: int = 150,
    ) -> None:
        super().__init__(portraits, size)
        self.net, self.n_segments = SuperpixelFeatures(width), n_segments
        segments = [slic(p.image, n_segments=n_segments) for p in self.portraits]
        self.segments = [torch.from_numpy(labels).long() for labels in segments]
        self.classes = [
            pool_majority(mask.long(), labels)
            for mask, labels in zip(self.masks, self.segments, strict=True)
        ]

    def pooled(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Equations 1 to 4: (N * n_segments, 128) mean features, and their classes."""
        rows = [
            pad_superpixels(
                pool_mean(own, labels, channel_axis=0), classes,
                n_labels=self.n_segments,
            )
            for own, labels, classes in zip(
                features, self.segments, self.classes, strict=True
            )
        ]  # fmt: skip
        return torch.cat([row[0] for row in rows]), torch.cat([row[1] for row in rows])

    def loss(self) -> Tensor:
        """See `Recipe`."""
        return n_pair_loss(*self.pooled(self.net(self.images)))

    @torch.no_grad()
    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """See `Recipe`: nearest class mean; the picture is the features' PCA."""
        features = self.net(self.images)
        rows, classes = self.pooled(features)
        means = [rows[classes == k].mean(dim=0) for k in (0, 1)]
        far = [(features - mean[:, None, None]).norm(dim=1) for mean in means]
        person = torch.stack(far).neg().softmax(dim=0)[1]
        maps = features.permute(0, 2, 3, 1).numpy()
        filtered = [
            guided_filter(own, portrait.image, radius=3)
            for own, portrait in zip(maps, self.portraits, strict=True)
        ]
        reduced = reduce_features(np.concatenate(filtered))
        return person.numpy(), reduced.reshape(*maps.shape[:3], 3)

    def graph(self) -> tuple[nn.Module, Tensor, list[str]]:
        """See `Recipe`."""
        return self.net, self.images[:1], ["features"]

    def cards(self, path: Path) -> dict[str, ModelCard]:  # noqa: ARG002
        """See `Recipe`."""
        card = ModelCard(
            name="superpixel features example",
            task="features",
            input=self.sized(),
            output=FeatureOutput(depth=N_FEATURES, stride=1),
        )
        return {".card.json": card}

    @torch.no_grad()
    def compare(self, path: Path) -> float:
        """See `Recipe`: the features themselves."""
        model = load_model(path, task="features", device="cpu")
        expected = self.net(self.images).permute(0, 2, 3, 1).numpy()
        return largest((model(p.image) for p in self.portraits), expected)
