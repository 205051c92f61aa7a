"""Xception39, the lightest backbone of BiSeNet and TriSeNet."""

from torch import Tensor, nn

from .blocks import ConvBN, scaled


class Separable(nn.Sequential):
    """A 3x3 convolution of each channel by itself, then 1x1 across channels."""

    def __init__(
        self, n_in: int, n_out: int, *, stride: int = 1, linear: bool = False
    ) -> None:
        super().__init__(
            ConvBN(n_in, n_in, stride=stride, groups=n_in, linear=True),
            ConvBN(n_in, n_out, 1, linear=linear),
        )


class Block(nn.Module):
    """Three separable convolutions around a sum; the last has four times as many."""

    def __init__(self, n_in: int, middle: int, *, stride: int = 1) -> None:
        super().__init__()
        n_out = 4 * middle
        self.residual = nn.Sequential(
            Separable(n_in, middle, stride=stride),
            Separable(middle, middle),
            Separable(middle, n_out, linear=True),
        )
        same = stride == 1 and n_in == n_out
        self.around = (
            nn.Identity()
            if same
            else Separable(n_in, n_out, stride=stride, linear=True)
        )
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Halve the sides if `stride` is 2."""
        return self.relu(self.residual(x) + self.around(x))


class Xception39(nn.Module):
    """Maps at 1/8, 1/16 and 1/32 of the image, 64, 128 and 256 channels.

    TriSeNet paper, figure 4 (b): "one stem network and three Xception blocks". The
    figure's numbers are not in the text; these are those of BiSeNet's public code: 4, 8
    and 4 blocks of 16, 32 and 64 channels, after a stem of 8.
    """

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        stem = scaled(8, width)
        self.stem = nn.Sequential(ConvBN(3, stem, stride=2), nn.MaxPool2d(3, 2, 1))
        middles = [scaled(c, width) for c in (16, 32, 64)]
        self.channels = [4 * middle for middle in middles]
        self.stages = nn.ModuleList()
        n_in = stem
        for middle, n_out, repeats in zip(
            middles, self.channels, (4, 8, 4), strict=True
        ):
            rest = (Block(n_out, middle) for _ in range(repeats - 1))
            self.stages.append(nn.Sequential(Block(n_in, middle, stride=2), *rest))
            n_in = n_out

    def forward(self, image: Tensor) -> list[Tensor]:
        """Map (N, 3, H, W) to the three maps, the finest first."""
        x, maps = self.stem(image), []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps
