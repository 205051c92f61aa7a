"""COCO of a run: sizes, owners and scores are each person's own."""

import json

import numpy as np
from numpy.testing import assert_array_equal

from portraitkit.batch.coco import write_coco_of_run
from portraitkit.batch.photo import shrink_mask
from portraitkit.io import write_labels


def test_sizes_and_scores(tmp_path):
    labels = np.zeros((3, 5), np.int32)
    labels[0, :2], labels[2, 1:] = 1, 2
    write_labels(tmp_path / "a.instances.png", labels)
    record = {
        "input": "a.jpg",
        "status": "ok",
        "size": [5, 3],
        "scores": [0.9, 0.4],
        "files": ["a.mask.png", "a.instances.png"],
    }
    write_coco_of_run(tmp_path, [record])
    coco = json.loads((tmp_path / "coco.json").read_text())
    assert (coco["images"][0]["width"], coco["images"][0]["height"]) == (5, 3)
    persons = [(one["area"], one["score"]) for one in coco["annotations"]]
    assert persons == [(2, 0.9), (4, 0.4)]


def test_a_shrunk_mask_is_person_where_at_least_half_was():
    mask = np.zeros((4, 6), bool)
    mask[:, :3] = True
    small = shrink_mask(mask, np.zeros((2, 3, 3), np.uint8))
    assert_array_equal(small, [[True, True, False]] * 2)
