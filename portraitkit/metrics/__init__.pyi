__all__ = [
    "ConfusionMatrix",
    "InstanceAP",
    "average_precision",
    "contour_accuracy",
    "iou",
    "mean_iou",
]

from .confusion import ConfusionMatrix as ConfusionMatrix
from .contours import contour_accuracy as contour_accuracy
from .overlap import iou as iou
from .overlap import mean_iou as mean_iou
from .precision import InstanceAP as InstanceAP
from .precision import average_precision as average_precision
