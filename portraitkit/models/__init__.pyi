__all__ = [
    "AttributeClassifier",
    "BoxOutput",
    "CatalogEntry",
    "Detections",
    "FaceDetector",
    "FaceGuidedPersons",
    "FaceGuidedSegmenter",
    "FeatureExtractor",
    "FetchError",
    "ImageInput",
    "MapOutput",
    "ModelCard",
    "OnnxDetector",
    "OnnxSegmenter",
    "PersonDetector",
    "Runtime",
    "Segmenter",
    "Source",
    "fetch_model",
    "known_models",
    "load_model",
]

from .card import ModelCard, Source
from .card_input import ImageInput
from .card_output import BoxOutput, MapOutput
from .catalog import CatalogEntry, known_models
from .download import FetchError
from .fetch import fetch_model
from .load import load_model
from .network import OnnxDetector, OnnxSegmenter, Runtime
from .protocol import (
    AttributeClassifier,
    Detections,
    FaceDetector,
    FaceGuidedPersons,
    FaceGuidedSegmenter,
    FeatureExtractor,
    PersonDetector,
    Segmenter,
)
