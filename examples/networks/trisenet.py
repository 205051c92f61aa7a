"""Multi-domain TriSeNet: shared paths, a branch for each kind of shot."""

import torch
from torch import Tensor, nn

from .blocks import resized, scaled
from .fusion import Branch
from .resnet import ResNet18
from .trisenet_paths import ContextPath, EdgePath, SpatialPath
from .xception import Xception39

BRANCHES = {
    "HEAD_SHOT": "FFM_hs", "CLOSE_SHOT": "FFM_cs", "HALF_BODY": "FFM_hb",
    "WHOLE_BODY": "FFM_wb", "FAR_SHOT": "FFM_fs", "NO_FACE": "FFM_nf",
}  # fmt: skip
"""The paper's name of the branch for each of `portraitkit.instance.Shot`."""

BACKBONES = {"Xception39": Xception39, "ResNet18": ResNet18}


class TriSeNet(nn.Module):
    """Spatial, context and edge path, and as many fusion branches as there are domains.

    Liang et al., "Person foreground segmentation by learning multi-domain networks",
    figure 3. With one branch it is the paper's TriSeNet.

    Parameters
    ----------
    width : float, default 1
        Factor on all channels; 1 is the paper's network.
    backbone : "Xception39" or "ResNet18"
        Both are the paper's.
    n_branches : int, default 6
        The paper's six kinds of shot, in the order of `BRANCHES`.
    """

    def __init__(
        self,
        width: float = 1.0,
        *,
        backbone: str = "Xception39",
        n_branches: int = len(BRANCHES),
    ) -> None:
        super().__init__()
        middle, side, fused = (scaled(c, width) for c in (64, 128, 256))
        self.backbone = BACKBONES[backbone](width)
        self.spatial = SpatialPath(middle, side)
        self.context = ContextPath(self.backbone.channels, side)
        self.edge = EdgePath(self.backbone.channels, side)
        self.branches = nn.ModuleList(
            Branch(3 * side, fused, middle) for _ in range(n_branches)
        )

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Map (N, 3, H, W) to classes and edge; multiples of 32 keep one grid.

        Returns
        -------
        (branches, N, 2, H, W) and (N, 1, H/8, W/8) tensors
            Logits of background and person by each branch, computed at 1/8 and
            resized bilinearly (section V-A), and of the edge.
        """
        maps = self.backbone(image)
        outline, edge = self.edge(maps)
        features = [self.spatial(image), self.context(maps), outline]
        found = [resized(branch(features), image) for branch in self.branches]
        return torch.stack(found), edge
