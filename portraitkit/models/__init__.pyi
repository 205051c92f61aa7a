__all__ = [
    "AttributeClassifier",
    "AttributeOutput",
    "BoxOutput",
    "Branches",
    "CatalogEntry",
    "Detections",
    "FaceDetector",
    "FaceGuidedPersons",
    "FaceGuidedSegmenter",
    "FeatureExtractor",
    "FeatureOutput",
    "FetchError",
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
    "fetch_model",
    "known_models",
    "load_model",
]

from .card import ModelCard
from .card_boxes import BoxOutput
from .card_branches import Branches
from .card_input import ImageInput
from .card_output import AttributeOutput, FeatureOutput, MapOutput
from .card_source import Source
from .catalog import CatalogEntry, known_models
from .describers import OnnxAttributes, OnnxFeatures
from .detectors import OnnxDetector
from .download import FetchError
from .drafting.draft import draft_card
from .fetch import fetch_model
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
