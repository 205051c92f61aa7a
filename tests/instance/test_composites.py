"""The group pictures that constants are chosen by."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from benchmarks.accuracy_split import Photo
from benchmarks.composites import Cutout, composites, reunions, whole_people


@pytest.fixture
def people():
    """Ovals of one color each, every second one cut off by the frame."""
    y, x = np.mgrid[:200, :120]
    oval = np.hypot((x - 60) / 50, (y - 100) / 90) < 1
    colors = np.random.default_rng(0).integers(20, 235, (12, 3))
    return [
        Cutout(np.full((200, 120, 3), color, np.uint8), oval, cut=k % 2 == 0)
        for k, color in enumerate(colors)
    ]


def test_groups_are_of_people_that_can_be_seen_in_tight_boxes(people):
    for photo in composites(people, 20):
        n = photo.truth.max()
        assert 2 <= n <= 5
        assert photo.image.shape == (*photo.truth.shape, 3)
        assert photo.image.dtype == np.uint8
        for i, (x1, y1, x2, y2) in enumerate(photo.boxes.astype(int)):
            y, x = np.nonzero(photo.truth == i + 1)
            assert (x.min(), y.min(), x.max() + 1, y.max() + 1) == (x1, y1, x2, y2)


def test_the_same_seed_gives_the_same_pictures(people):
    one, same, other = (composites(people, 3, seed=seed) for seed in (1, 1, 2))
    for a, b in zip(one, same, strict=True):
        assert_array_equal(a.image, b.image)
        assert_array_equal(a.truth, b.truth)
    assert any(a.truth.shape != b.truth.shape for a, b in zip(one, other, strict=True))


def test_people_whose_boxes_others_enter_are_left_out():
    truth = np.zeros((120, 300), np.int32)
    truth[10:110, 10:60], truth[10:110, 100:150], truth[20:110, 140:190] = 1, 2, 3
    boxes = np.array([[10, 10, 60, 110], [100, 10, 150, 110], [140, 20, 190, 110]])
    photo = Photo("a", "b", np.zeros((120, 300, 3), np.uint8), truth, boxes)
    found = whole_people([photo])
    assert [one.mask.shape for one in found] == [(100, 50)]


def test_reunions_are_of_people_of_one_photograph():
    photos = []
    for shade in (40, 120, 200):
        truth, boxes = np.zeros((120, 300), np.int32), []
        for i in range(shade // 40):
            truth[10:110, 60 * i : 60 * i + 50] = i + 1
            boxes.append([60 * i, 10, 60 * i + 50, 110])
        image = np.zeros((120, 300, 3), np.uint8)
        image[..., 0], image[..., 1:] = shade, 20 * truth[..., None]
        photos.append(Photo("a", "b", image, truth, np.array(boxes)))
    for picture in reunions(photos, 20):
        n = picture.truth.max()
        assert 2 <= n <= 4
        reds = np.median(picture.image[picture.truth > 0], axis=0)[0]
        assert min(abs(reds - shade) for shade in (120, 200)) < 3
