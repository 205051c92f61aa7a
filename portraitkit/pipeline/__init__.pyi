__all__ = ["PortraitPipeline", "PortraitResult"]

from .portrait import PortraitPipeline, PortraitResult
