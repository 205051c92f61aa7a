"""What a pipeline found in one photograph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..instance import InstanceSplit, Shot
from ..matting import instance_trimaps
from ..models import Detections

if TYPE_CHECKING:
    from .._core.typing import Bytes, Mask, Probability


@dataclass(frozen=True, slots=True, eq=False)
class PortraitResult:
    """What `PortraitPipeline` found in one photograph.

    Attributes
    ----------
    probability : (H, W) float32
        How surely each pixel belongs to a person, 0..1.
    mask : (H, W) bool
        ``probability >= threshold``.
    persons : Detections
        One box for each person; person i of `split` is ``persons.boxes[i - 1]``.
    faces : Detections
        Faces found, best first.
    shot : Shot
        Grade by the largest face's share of the photograph.
    split : InstanceSplit
        Whose pixel is whose.
    branch : Shot or None
        The branch that segmented it, where the segmenter has branches.
    attributes : dict of str to float, or None
        Probability of each label, where there is a classifier.
    """

    probability: Probability
    mask: Mask
    persons: Detections
    faces: Detections
    shot: Shot
    split: InstanceSplit
    branch: Shot | None = None
    attributes: dict[str, float] | None = None

    def trimaps(self, *, width: int = 10) -> Bytes:
        """Return one trimap for each person, (N, H, W) uint8 in {0, 128, 255}.

        Parameters
        ----------
        width : int, default 10
            Width of the unknown band in pixels.

        Returns
        -------
        (N, H, W) uint8
            See `portraitkit.matting.instance_trimaps`; a person who owns no
            pixel is all background.
        """
        return instance_trimaps(
            self.split.labels, width=width, n_persons=len(self.persons)
        )
