__all__ = [
    "InstanceSplit",
    "Shot",
    "chi_square",
    "color_histograms",
    "face_ratio",
    "geodesic_distances",
    "grade_shot",
    "split_instances",
]

from .faces import Shot as Shot
from .faces import face_ratio as face_ratio
from .faces import grade_shot as grade_shot
from .geodesic import geodesic_distances as geodesic_distances
from .histogram import chi_square as chi_square
from .histogram import color_histograms as color_histograms
from .split import InstanceSplit as InstanceSplit
from .split import split_instances as split_instances
