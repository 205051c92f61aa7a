__all__ = ["MeanMask", "boundary_band", "contour", "mean_mask"]

from .contours import boundary_band as boundary_band
from .contours import contour as contour
from .means import MeanMask as MeanMask
from .means import mean_mask as mean_mask
