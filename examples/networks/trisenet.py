"""Multi-domain TriSeNet: shared paths, a branch for each kind of shot."""

import torch
from torch import Tensor, nn

from .blocks import resized, scaled
from .fusion import Branch
from .resnet import ResNet18
from .trisenet_paths import ContextPath, EdgePath, SpatialPath
from .xception import Xception39

BRANCHES = ("FFM_hs", "FFM_cs", "FFM_hb", "FFM_wb", "FFM_fs", "FFM_nf")
"""Head shot, close shot, half body, whole body, far shot, no face: `Shot`'s order."""

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
        The paper's six subcategories, in the order of `BRANCHES`.
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
        """Map (N, 3, H, W), H and W multiples of 32, to classes and edge.

        Returns
        -------
        (branches, N, 2, H, W) and (N, 1, H, W) tensors
            Logits of background and person by each branch, and of the edge: computed
            at 1/8 and resized bilinearly (section V-A).
        """
        maps = self.backbone(image)
        outline, edge = self.edge(maps)
        features = [self.spatial(image), self.context(maps), outline]
        found = [resized(branch(features), image) for branch in self.branches]
        return torch.stack(found), resized(edge, image)
