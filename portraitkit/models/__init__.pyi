__all__ = [
    "AttributeClassifier",
    "Detections",
    "FaceDetector",
    "FaceGuidedPersons",
    "FaceGuidedSegmenter",
    "FeatureExtractor",
    "PersonDetector",
    "Segmenter",
]

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
