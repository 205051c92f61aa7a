__all__ = ["BranchedSegmenter", "DomainRouter", "PortraitPipeline", "PortraitResult"]

from .branches import BranchedSegmenter
from .portrait import PortraitPipeline
from .result import PortraitResult
from .router import DomainRouter
