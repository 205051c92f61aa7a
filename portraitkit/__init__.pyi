__all__ = [
    "__version__",
    "instance",
    "io",
    "kernels",
    "losses",
    "matting",
    "metrics",
    "models",
    "pipeline",
    "superpixels",
]

from . import instance as instance
from . import io as io
from . import kernels as kernels
from . import losses as losses
from . import matting as matting
from . import metrics as metrics
from . import models as models
from . import pipeline as pipeline
from . import superpixels as superpixels

__version__: str
