__all__ = [
    "RegionGraph",
    "pad_superpixels",
    "pool_majority",
    "pool_mean",
    "pool_mean_grad",
    "region_graph",
    "slic",
    "unpool",
]

from .clustering import slic as slic
from .graph import RegionGraph as RegionGraph
from .graph import region_graph as region_graph
from .majority import pad_superpixels as pad_superpixels
from .majority import pool_majority as pool_majority
from .pooling import pool_mean as pool_mean
from .pooling import pool_mean_grad as pool_mean_grad
from .pooling import unpool as unpool
