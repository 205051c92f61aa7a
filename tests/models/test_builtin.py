"""Laws of the embedded default on a public portrait and on pictures of nobody."""

import threading

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from skimage import data as pictures

from portraitkit.models import Detections
from portraitkit.models.builtin import load
from portraitkit.models.builtin.prior import shipped


@pytest.fixture(scope="module")
def astronaut():
    return pictures.astronaut()


@pytest.fixture(scope="module")
def faces():
    return load("faces")


@pytest.fixture(scope="module")
def segmenter():
    return load("segment")


@pytest.fixture(scope="module")
def probability(segmenter, astronaut):
    return segmenter(astronaut)


def overlap(a, b):
    return np.count_nonzero(a & b) / max(np.count_nonzero(a | b), 1)


def cut_box(box):
    x1, y1, x2, y2 = box.astype(int)
    return slice(y1, y2), slice(x1, x2)


def test_an_unknown_task_is_refused():
    with pytest.raises(ValueError, match='task must be one of "faces"'):
        load("matte")


@pytest.mark.parametrize("task", ["faces", "persons", "segment"])
@pytest.mark.parametrize(
    ("image", "error"),
    [(np.zeros((4, 4), np.uint8), ValueError), (np.zeros((4, 4, 3)), TypeError)],
)
def test_what_is_no_rgb_image_is_refused(task, image, error):
    with pytest.raises(error, match="image must be uint8 RGB"):
        load(task)(image)


def test_the_portrait_has_one_face_where_it_is(faces, astronaut):
    found = faces(astronaut)
    assert len(found) == 1
    assert found.scores[0] >= 0.5
    x, y = (found.boxes[0, :2] + found.boxes[0, 2:]) / 2
    assert abs(x - 224) < 20
    assert abs(y - 115) < 25


def test_the_person_hangs_on_the_face(faces, astronaut):
    face, person = faces(astronaut).boxes[0], load("persons")(astronaut).boxes[0]
    assert (person[:2] < face[:2]).all()
    assert (person[2:] > face[2:]).all()
    assert person[3] == 512
    assert person[1] >= 0


def test_face_is_inside_the_mask_and_corners_are_not(probability, faces, astronaut):
    assert probability.dtype == np.float32
    assert 0 <= probability.min() <= probability.max() <= 1
    face = cut_box(faces(astronaut).boxes[0])
    assert (probability[face] >= 0.5).mean() > 0.95
    assert probability[:60, :60].max() < 0.5


@pytest.mark.parametrize("times", [2, 4])
def test_enlargements_agree(faces, segmenter, astronaut, probability, times):
    large = cv2.resize(astronaut, None, fx=times, fy=times)
    boxes = faces(large).boxes / times
    np.testing.assert_allclose(boxes, faces(astronaut).boxes, atol=6)
    small = cv2.resize(segmenter(large), (512, 512), interpolation=cv2.INTER_AREA)
    assert overlap(small >= 0.5, probability >= 0.5) >= 0.97


def test_a_mirrored_portrait_gives_about_the_mirrored_mask(
    segmenter, astronaut, probability
):
    mirrored = segmenter(astronaut[:, ::-1])[:, ::-1]
    assert overlap(mirrored >= 0.5, probability >= 0.5) >= 0.95


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((1, 700, 3), np.uint8),
        np.zeros((700, 1, 3), np.uint8),
        np.full((64, 48, 3), 128, np.uint8),
        np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8),
    ],
    ids=["1x1", "1xN", "Nx1", "blank", "noise"],
)
def test_where_nothing_is_nobody_is(image):
    assert len(load("faces")(image)) == 0
    assert len(load("persons")(image)) == 0
    found = load("segment")(image)
    assert found.shape == image.shape[:2]
    assert not found.any()


@pytest.mark.parametrize(
    "name", ["coffee", "rocket", "chelsea", "page", "coins", "moon", "brick", "gravel"]
)
def test_pictures_without_people_have_no_face(faces, name):
    picture = getattr(pictures, name)()
    rgb = picture if picture.ndim == 3 else np.stack([picture] * 3, axis=-1)
    assert len(faces(rgb)) == 0


def test_every_person_of_a_group_is_found(faces, segmenter, astronaut):
    one = astronaut[:, 60:400]
    group = np.concatenate([one, one[:, ::-1], one], axis=1)
    found = faces(group)
    assert len(found) == 3
    mask = segmenter.from_faces(group, found) >= 0.5
    for box in found.boxes:
        assert mask[cut_box(box)].mean() > 0.95
    assert mask[300:340, [80, 560, 740]].all()  # the three suits
    assert mask[40:150, 255:425].mean() < 0.05  # between the heads
    assert mask[40:150, 600:760].mean() < 0.05


def test_no_face_given_is_no_person(segmenter, astronaut):
    nobody = Detections()
    assert not segmenter.from_faces(astronaut, nobody).any()
    assert len(load("persons").from_faces(astronaut, nobody)) == 0


@given(
    st.lists(
        st.tuples(*(st.integers(0, 90),) * 2, *(st.integers(3, 30),) * 2), max_size=5
    )
)
def test_bodies_reach_as_far_as_the_next_face_allows(faces):
    boxes = np.array([(x, y, x + w, y + h) for x, y, w, h in faces]).reshape(-1, 4)
    found = Detections(boxes, np.ones(len(faces)))
    image = np.zeros((100, 120, 3), np.uint8)
    got = load("persons").from_faces(image, found).boxes
    seen = [(x + w / 2, y + h / 2, np.sqrt(w * h)) for x, y, w, h in faces]
    for k, (x, y, unit) in enumerate(seen):
        reach = {-1: 2 * unit, 1: 2 * unit}
        for other, level, width in seen:
            beside = abs(level - y) < 1.5 * max(unit, width) and width > 0.3 * unit
            if other != x and beside:
                part = unit / (unit + width) * abs(other - x)
                side = 1 if other > x else -1
                reach[side] = min(reach[side], max(1.8 * part, 0.9 * unit))
        wanted = x - reach[-1], y - 1.1 * unit, x + reach[1], y + 10 * unit
        left, top = np.clip(wanted[:2], 0, (119, 99))
        assert_allclose(got[k, :2], (left, top))
        assert_allclose(
            got[k, 2:], np.clip(wanted[2:], (left + 1, top + 1), (120, 100))
        )


def test_faces_that_hardly_are_any_change_nothing():
    image, face = np.zeros((50, 60, 3), np.uint8), [20, 10, 30, 20]
    alone = load("persons").from_faces(image, Detections([face], [1])).boxes
    for other in ([0, 12, 5e-324, 13], [0, 0, 1e-160, 1e-160], [36, 12, 37, 13]):
        two = Detections([face, other], [1, 0.5])
        assert_allclose(load("persons").from_faces(image, two).boxes[:1], alone)


@pytest.mark.parametrize(
    "box", [[-90, -90, -10, -10], [600, 600, 700, 700], [0, 0, 1, 1], [-5, 0, 2000, 9]]
)
def test_faces_off_the_image_or_absurd_are_survived(segmenter, astronaut, box):
    odd = Detections([box], [0.9])
    found = segmenter.from_faces(astronaut, odd)
    assert found.shape == (512, 512)
    assert 0 <= found.min() <= found.max() <= 1
    person = load("persons").from_faces(astronaut, odd).boxes[0]
    assert (person[:2] >= 0).all()
    assert (person[2:] <= 512).all()


def test_equal_input_gives_equal_bytes_in_any_thread(segmenter, astronaut, probability):
    results = []

    def work():
        results.append(segmenter(astronaut))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        np.testing.assert_array_equal(result, probability)


def test_read_only_and_strided_images_stay_as_they_are(segmenter, probability):
    wide = np.repeat(pictures.astronaut(), 2, axis=1)
    before = wide.copy()
    wide.flags.writeable = False
    np.testing.assert_array_equal(segmenter(wide[:, ::2]), probability)
    np.testing.assert_array_equal(wide, before)


def test_what_is_shipped_is_small():
    prior = shipped()
    assert prior.person.nbytes + prior.face.nbytes < 32_000
    assert len(prior.rounds) > 0
