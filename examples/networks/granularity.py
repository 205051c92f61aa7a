"""The portrait instance paper's modules: ASPP, CGCA, CGBE, SBF, and a layer of them."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .blocks import ConvBN, resized


class AtrousPyramid(nn.Module):
    """ASPP: the same map at several dilations and as a whole, joined by 1x1.

    Chen et al., "Rethinking atrous convolution for semantic image segmentation".
    Their rates 6, 12, 18 are for 1/16 of the image and double at 1/8: at 1/32, where
    Layer-4 is, they are 3, 6, 9. The paper states none.
    """

    def __init__(self, n_in: int, n_out: int, rates: tuple[int, ...] = (3, 6, 9)):
        super().__init__()
        self.near = ConvBN(n_in, n_out, 1)
        self.far = nn.ModuleList(ConvBN(n_in, n_out, dilation=rate) for rate in rates)
        self.whole = nn.Sequential(nn.AdaptiveAvgPool2d(1), ConvBN(n_in, n_out, 1))
        self.join = ConvBN(n_out * (2 + len(rates)), n_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, n_out, H, W)."""
        found = [self.near(x), *(far(x) for far in self.far), resized(self.whole(x), x)]
        return self.join(torch.cat(found, dim=1))


def attend(categories: Tensor, deeper: Tensor | None) -> Tensor:
    """CGCA: weigh a layer's categories by how present they are in the deeper layer.

    Section 2.1.4, figure 2: global average and sigmoid of the deeper layer's
    categorical feature, times the own one, plus the own one. No parameters. The
    deepest layer has nobody to ask and stays as it is (the paper is silent).
    """
    if deeper is None:
        return categories
    attention = torch.sigmoid(deeper.mean(dim=(2, 3), keepdim=True))
    return categories + categories * attention


def enhance(boundary: Tensor, shallower: Tensor | None) -> Tensor:
    """CGBE: add the boundary that the shallower layer found.

    Section 2.1.5: an element-wise sum. The finer map is resized to the coarser; the
    shallowest layer stays as it is.
    """
    if shallower is None:
        return boundary
    return boundary + resized(shallower, boundary)


def attend_all(categories: Sequence[Tensor]) -> list[Tensor]:
    """CGCA from deep to shallow: each layer hears the next deeper, attended one."""
    found: list[Tensor] = []
    for own in reversed(categories):
        found.insert(0, attend(own, found[0] if found else None))
    return found


def enhance_all(boundaries: Sequence[Tensor]) -> list[Tensor]:
    """CGBE from shallow to deep: each layer hears the next shallower, enhanced one."""
    found: list[Tensor] = []
    for own in boundaries:
        found.append(enhance(own, found[-1] if found else None))
    return found


class Layer(nn.Module):
    """Layer-i of figure 1: semantic branch, boundary branch, their fusion.

    Sections 2.1 to 2.1.3. The two branches' findings are computed in `look`; then
    categories flow from deep to shallow and boundaries from shallow to deep, and
    `fuse` makes the layer's output of what came. Kernels the paper does not give
    (back from categories and boundary, and to D_i) are 1x1.
    """

    def __init__(
        self, n_in: int, n_classes: int, *, middle: int, narrow: int, deepest: bool
    ) -> None:
        super().__init__()
        entry = AtrousPyramid if deepest else ConvBN
        self.entry = entry(n_in, middle) if deepest else entry(n_in, middle, 1)
        self.categories = nn.Conv2d(middle, n_classes, 3, padding=1)
        self.from_categories = ConvBN(n_classes, middle, 1)
        self.boundary = nn.Sequential(
            ConvBN(middle, narrow), nn.Conv2d(narrow, 1, 3, padding=1)
        )
        self.from_boundary = nn.Sequential(
            ConvBN(1, narrow, 1), ConvBN(narrow, middle, 1, linear=True)
        )
        self.back = ConvBN(middle, n_in, 1, linear=True)
        self.exit = ConvBN(n_in, middle)

    def look(self, encoded: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Answer with the projected map, categorical feature and boundary feature.

        The last two are what deep supervision teaches.
        """
        x = self.entry(encoded)
        return x, self.categories(x), self.boundary(x)

    def fuse(
        self, encoded: Tensor, x: Tensor, categories: Tensor, boundary: Tensor
    ) -> Tensor:
        """SBF (section 2.1.3): semantics, times sigmoid of boundary, plus semantics.

        Two residual sums follow, with the projected map and with the encoder's.
        """
        semantic = self.from_categories(categories)
        gate = torch.sigmoid(self.from_boundary(boundary))
        x = x + semantic + semantic * gate
        return self.exit(encoded + self.back(x))
