"""The modified xUnit: an activation that looks at its neighbors."""

from torch import Tensor, nn


class MxUnit(nn.Module):
    """Multiply each value by a weight in 0..1 made of its surroundings.

    TriSeNet paper, figure 5 (b) and section IV-A: a 5x5 convolution of each channel by
    itself, a 1x1 convolution across channels, a sigmoid; a ReLU's weight is 0 or 1 and
    knows the value alone (equation 2). The paper does not say whether the convolutions
    are normalized: here the first is, as in the xUnit it modifies.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Sequential(
            nn.Conv2d(channels, channels, 5, padding=2, groups=channels, bias=False),
            nn.BatchNorm2d(channels),
            nn.Conv2d(channels, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Weigh (N, C, H, W)."""
        return x * self.weight(x)
