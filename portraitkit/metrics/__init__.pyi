__all__ = [
    "ConfusionMatrix",
    "InstanceAP",
    "MatteErrors",
    "average_precision",
    "band_iou",
    "boundary_iou",
    "contour_accuracy",
    "iou",
    "matte_errors",
    "mean_iou",
]

from .confusion import ConfusionMatrix as ConfusionMatrix
from .contours import contour_accuracy as contour_accuracy
from .mattes import MatteErrors as MatteErrors
from .mattes import matte_errors as matte_errors
from .near import band_iou as band_iou
from .near import boundary_iou as boundary_iou
from .overlap import iou as iou
from .overlap import mean_iou as mean_iou
from .precision import InstanceAP as InstanceAP
from .precision import average_precision as average_precision
