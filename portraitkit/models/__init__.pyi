__all__ = [
    "AttributeClassifier",
    "AttributeOutput",
    "BoxOutput",
    "Branches",
    "Detections",
    "FaceDetector",
    "FaceGuidedPersons",
    "FaceGuidedSegmenter",
    "FeatureExtractor",
    "FeatureOutput",
    "ImageInput",
    "MapOutput",
    "ModelCard",
    "OnnxAttributes",
    "OnnxDetector",
    "OnnxFaceSegmenter",
    "OnnxFeatures",
    "OnnxSegmenter",
    "PersonDetector",
    "Runtime",
    "Segmenter",
    "Source",
    "draft_card",
    "load_model",
]

from .card import ModelCard
from .card_boxes import BoxOutput
from .card_branches import Branches
from .card_input import ImageInput
from .card_output import AttributeOutput, FeatureOutput, MapOutput
from .card_source import Source
from .describers import OnnxAttributes, OnnxFeatures
from .detectors import OnnxDetector
from .drafting.draft import draft_card
from .load import load_model
from .network import Runtime
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
from .segmenters import OnnxFaceSegmenter, OnnxSegmenter
