"""TriSeNet's three paths: where, what, and the edge between."""

import torch
from torch import Tensor, nn

from .blocks import ConvBN, resized
from .mxunit import MxUnit


class SpatialPath(nn.Sequential):
    """Fine positions at 1/8: three 3x3 convolutions of stride 2 and a 1x1.

    TriSeNet paper, figure 4 (a); in the last two of the three, mxUnit stands in place
    of the ReLU (section IV-A). The 64 channels between are those of BiSeNet.
    """

    def __init__(self, middle: int, n_out: int) -> None:
        super().__init__(
            ConvBN(3, middle, stride=2),
            ConvBN(middle, middle, stride=2, activation=MxUnit(middle)),
            ConvBN(middle, middle, stride=2, activation=MxUnit(middle)),
            ConvBN(middle, n_out, 1),
        )


class AttentionRefinement(nn.Module):
    """A 3x3 convolution whose channels are weighed by their global mean.

    The ARM of BiSeNet (Yu et al., ECCV 2018), with the convolution of its public
    code: pooling, 1x1, normalization, sigmoid, product.
    """

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.entry = ConvBN(n_in, n_out)
        self.weight = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            ConvBN(n_out, n_out, 1, linear=True),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Refine (N, C, H, W)."""
        x = self.entry(x)
        return x * self.weight(x)


class ContextPath(nn.Module):
    """Meaning: the backbone's last two maps refined and gathered up to 1/8.

    TriSeNet paper, figure 3 and section IV-A: the last two outputs go through an ARM
    each and are "gathered with a U-shape structure" from 1/32 to 1/8. As in BiSeNet
    the U starts from the global mean of the last map.
    """

    def __init__(self, channels: list[int], n_out: int) -> None:
        super().__init__()
        self.whole = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), ConvBN(channels[-1], n_out, 1)
        )
        deepest_first = channels[:0:-1]
        self.refine = nn.ModuleList(
            AttentionRefinement(n_in, n_out) for n_in in deepest_first
        )
        self.smooth = nn.ModuleList(ConvBN(n_out, n_out) for _ in deepest_first)

    def forward(self, maps: list[Tensor]) -> Tensor:
        """Answer with (N, C, H/8, W/8) from the maps at 1/8, 1/16 and 1/32."""
        x = self.whole(maps[-1])
        targets = maps[-2], maps[-3]
        for refine, smooth, own, finer in zip(
            self.refine, self.smooth, maps[:0:-1], targets, strict=True
        ):
            x = smooth(resized(refine(own) + x, finer))
        return x


class EdgePath(nn.Module):
    """The body's outline, from all three maps of the backbone.

    TriSeNet paper, section V-A: "three 1x1 convolution layers to extract multi-scale
    edge features and then fuses them with a linear transformation". The text leaves
    open which features it hands on and of how many channels: here the fused ones,
    as many as on the other paths, and a 1x1 convolution reads the edge off them.
    """

    def __init__(self, channels: list[int], n_out: int) -> None:
        super().__init__()
        self.scales = nn.ModuleList(ConvBN(n_in, n_out, 1) for n_in in channels)
        self.fuse = nn.Conv2d(n_out * len(channels), n_out, 1)
        self.edge = nn.Conv2d(n_out, 1, 1)

    def forward(self, maps: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Answer with features (N, C, H/8, W/8) and edge logits (N, 1, H/8, W/8)."""
        found = [scale(x) for scale, x in zip(self.scales, maps, strict=True)]
        x = self.fuse(torch.cat([resized(x, found[0]) for x in found], dim=1))
        return x, self.edge(x)
