"""The embedded default on real portraits, where the tester has them."""

import numpy as np
from PIL import Image

from portraitkit.models.builtin import load


def test_the_evaluation_portraits_reach_what_was_promised(data):
    """Mean IoU over all of them; a portrait without a face found counts 0."""
    segmenter = load("segment")
    scores = []
    for path in sorted((data / "portraits/eval/images").iterdir()):
        with Image.open(path) as file:
            mask = segmenter(np.asarray(file.convert("RGB"))) >= 0.5
        with Image.open(data / "portraits/eval/masks" / f"{path.stem}.png") as file:
            truth = np.asarray(file) > 127
        scores.append(np.count_nonzero(mask & truth) / np.count_nonzero(mask | truth))
    assert len(scores) == 60
    assert np.mean(scores) >= 0.88
