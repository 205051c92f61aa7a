__all__ = [
    "check_trimap",
    "instance_trimaps",
    "trimap",
    "trimap_from_probability",
]

from .persons import instance_trimaps as instance_trimaps
from .trimaps import trimap as trimap
from .trimaps import trimap_from_probability as trimap_from_probability
from .validity import check_trimap as check_trimap
