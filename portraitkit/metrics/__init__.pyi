__all__ = ["contour_accuracy", "iou", "mean_iou"]

from .contours import contour_accuracy as contour_accuracy
from .overlap import iou as iou
from .overlap import mean_iou as mean_iou
