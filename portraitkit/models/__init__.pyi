__all__ = [
    "AttributeClassifier",
    "BoxOutput",
    "Detections",
    "FaceDetector",
    "FaceGuidedPersons",
    "FaceGuidedSegmenter",
    "FeatureExtractor",
    "ImageInput",
    "MapOutput",
    "ModelCard",
    "OnnxDetector",
    "OnnxSegmenter",
    "PersonDetector",
    "Runtime",
    "Segmenter",
    "Source",
    "load_model",
]

from .card import ModelCard, Source
from .card_input import ImageInput
from .card_output import BoxOutput, MapOutput
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
