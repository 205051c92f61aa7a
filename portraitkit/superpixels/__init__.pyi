__all__ = [
    "RegionGraph",
    "boundary_recall",
    "guided_filter",
    "pad_superpixels",
    "pool_majority",
    "pool_mean",
    "pool_mean_grad",
    "reduce_features",
    "region_graph",
    "slic",
    "undersegmentation_error",
    "unpool",
]

from .clustering import slic as slic
from .graph import RegionGraph as RegionGraph
from .graph import region_graph as region_graph
from .guided import guided_filter as guided_filter
from .majority import pad_superpixels as pad_superpixels
from .majority import pool_majority as pool_majority
from .pooling import pool_mean as pool_mean
from .pooling import pool_mean_grad as pool_mean_grad
from .pooling import unpool as unpool
from .quality import boundary_recall as boundary_recall
from .quality import undersegmentation_error as undersegmentation_error
from .reduction import reduce_features as reduce_features
