__all__ = [
    "BoundaryClass",
    "MeanMask",
    "boundary_band",
    "contour",
    "edge_map",
    "foreground_probability",
    "global_kernel",
    "individual_kernel",
    "label_map",
    "mean_mask",
    "portrait_channels",
    "position_channels",
    "shape_channel",
]

from .averages import mean_mask as mean_mask
from .channels import portrait_channels as portrait_channels
from .channels import position_channels as position_channels
from .channels import shape_channel as shape_channel
from .classes import BoundaryClass as BoundaryClass
from .classes import label_map as label_map
from .contours import boundary_band as boundary_band
from .contours import contour as contour
from .edges import edge_map as edge_map
from .individual import individual_kernel as individual_kernel
from .means import MeanMask as MeanMask
from .priors import global_kernel as global_kernel
from .probability import foreground_probability as foreground_probability
