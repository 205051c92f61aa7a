"""TriSeNet's Feature Fusion Module, and the head that reads the classes off it."""

import torch
from torch import Tensor, nn

from .blocks import ConvBN


class FeatureFusion(nn.Module):
    """Join the three paths; add to the mixture its channels weighed by their mean.

    TriSeNet paper, figure 6: one convolution over all features, weights of channels
    as in SE-Net, product, residual sum. The squeeze to a quarter is BiSeNet's.
    """

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.mix = ConvBN(n_in, n_out, 1)
        self.weight = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(n_out, n_out // 4, 1, bias=False),
            nn.ReLU(inplace=True),
            nn.Conv2d(n_out // 4, n_out, 1, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, features: list[Tensor]) -> Tensor:
        """Fuse maps of one size."""
        x = self.mix(torch.cat(features, dim=1))
        return x + x * self.weight(x)


class Branch(nn.Sequential):
    """One domain's layers: fusion, a 3x3 convolution, two classes.

    TriSeNet paper, figure 3. Table IV's 1.40 M parameters for five more branches,
    0.28 M each, are those of a fusion with a head of its own: 0.279 M at full width.
    """

    def __init__(self, n_in: int, n_out: int, middle: int) -> None:
        super().__init__(
            FeatureFusion(n_in, n_out), ConvBN(n_out, middle), nn.Conv2d(middle, 2, 1)
        )
