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
    "pad_superpixels",
    "pool_majority",
    "pool_mean",
    "pool_mean_grad",
    "portrait_channels",
    "position_channels",
    "shape_channel",
    "unpool",
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
from .pooling import pad_superpixels as pad_superpixels
from .pooling import pool_majority as pool_majority
from .pooling import pool_mean as pool_mean
from .pooling import pool_mean_grad as pool_mean_grad
from .pooling import unpool as unpool
from .priors import global_kernel as global_kernel
from .probability import foreground_probability as foreground_probability
