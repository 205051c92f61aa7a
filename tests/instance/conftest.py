import numpy as np
import pytest

from portraitkit.instance.ownership import Frames
from portraitkit.instance.scene import Scene


@pytest.fixture(scope="session")
def scene_of():
    """Make the scene of an image, a mask, boxes and faces."""

    def make(image, mask, boxes, faces=()):
        frames = Frames.of(np.array(boxes, float), mask.shape)
        return Scene.of(image, mask, frames, np.array(faces, float).reshape(-1, 4))

    return make
