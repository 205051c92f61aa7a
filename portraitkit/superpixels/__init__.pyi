__all__ = ["RegionGraph", "region_graph", "slic"]

from .graph import RegionGraph as RegionGraph
from .graph import region_graph as region_graph
from .slic import slic as slic
