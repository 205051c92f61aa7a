__all__ = ["RegionGraph", "region_graph", "slic"]

from .clustering import slic as slic
from .graph import RegionGraph as RegionGraph
from .graph import region_graph as region_graph
