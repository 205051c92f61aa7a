"""The figures: what each is called, and which way is better."""

from __future__ import annotations

import math
from dataclasses import dataclass

NONE, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Figure:
    """How a figure is shown.

    Attributes
    ----------
    label : str
    percent : bool
        Shown as a percentage.
    larger_is_better : bool
    """

    label: str
    percent: bool = False
    larger_is_better: bool = True

    def show(self, value: float | None) -> str:
        """Return `value` as text; a dash where there is none."""
        if value is None or math.isnan(value):
            return NONE
        if self.percent:
            return f"{100 * value:.2f}%"
        return f"{value:.4f}" if abs(value) < 10 else f"{value:.2f}"


FIGURES = {
    "iou": Figure("mean IoU", percent=True),
    "contour_accuracy": Figure("contour accuracy"),
    "band_iou": Figure("band IoU", percent=True),
    "person_iou": Figure("best IoU per person", percent=True),
    "persons_found": Figure("persons found at 0.5", percent=True),
    "ap": Figure("AP", percent=True),
    "ap50": Figure("AP50", percent=True),
    "ap60": Figure("AP60", percent=True),
    "ap70": Figure("AP70", percent=True),
    "ap75": Figure("AP75", percent=True),
    "ap80": Figure("AP80", percent=True),
    "ap90": Figure("AP90", percent=True),
    "pixel_accuracy": Figure("pixel accuracy", percent=True),
    "class_accuracy": Figure("class accuracy", percent=True),
    "mean_class_iou": Figure("mIoU of classes", percent=True),
    "frequency_weighted_iou": Figure("fwIoU", percent=True),
    "sad": Figure("SAD (10³)", larger_is_better=False),
    "mse": Figure("MSE", larger_is_better=False),
    "gradient": Figure("gradient error (10³)", larger_is_better=False),
    "connectivity": Figure("connectivity error (10³)", larger_is_better=False),
}
MAIN = ("person_iou", "iou", "sad")
"""What pictures are sorted by from bad to good: the first of these that they have."""
