"""MobileNetV2 without its classifier, as an encoder."""

from torch import Tensor, nn

from .blocks import ConvBN, scaled

ROWS = (
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
    (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
)  # fmt: skip
"""Expansion, channels, repeats and stride of each row: Sandler et al., table 2."""

ENDS = 1, 2, 4, 6
"""The last row at 1/4, 1/8, 1/16 and 1/32 of the image: Mv2-1 to Mv2-4."""


class InvertedResidual(nn.Module):
    """Expand, filter each channel by itself, project back without a ReLU."""

    def __init__(self, n_in: int, n_out: int, *, expansion: int, stride: int) -> None:
        super().__init__()
        middle = expansion * n_in
        self.sums = stride == 1 and n_in == n_out
        expand = [ConvBN(n_in, middle, 1, activation=nn.ReLU6(inplace=True))]
        self.branch = nn.Sequential(
            *(expand if expansion > 1 else []),
            ConvBN(middle, middle, stride=stride, groups=middle,
                   activation=nn.ReLU6(inplace=True)),
            ConvBN(middle, n_out, 1, linear=True),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """Halve the sides if `stride` is 2."""
        return x + self.branch(x) if self.sums else self.branch(x)


class MobileNetV2(nn.Module):
    """Maps at 1/4, 1/8, 1/16 and 1/32 of the image, 24, 32, 96 and 320 channels.

    Sandler et al., "MobileNetV2: Inverted residuals and linear bottlenecks", CVPR
    2018, table 2, up to the last inverted residual.
    """

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        n_in = scaled(32, width)
        self.stem = ConvBN(3, n_in, stride=2, activation=nn.ReLU6(inplace=True))
        self.rows = nn.ModuleList()
        sizes = [scaled(channels, width) for _, channels, _, _ in ROWS]
        for (expansion, _, repeats, stride), n_out in zip(ROWS, sizes, strict=True):
            row = []
            for number in range(repeats):
                row.append(
                    InvertedResidual(
                        n_in, n_out, expansion=expansion,
                        stride=1 if number else stride,
                    )
                )  # fmt: skip
                n_in = n_out
            self.rows.append(nn.Sequential(*row))
        self.channels = [sizes[end] for end in ENDS]

    def forward(self, image: Tensor) -> list[Tensor]:
        """Map (N, 3, H, W) to the four maps, the finest first."""
        x, maps = self.stem(image), []
        for row in self.rows:
            x = row(x)
            maps.append(x)
        return [maps[end] for end in ENDS]
