"""`PortraitPipeline` with models that are plain functions."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from portraitkit.instance import Shot
from portraitkit.models import Detections
from portraitkit.pipeline import PortraitPipeline

BOXES = [[0, 0, 20, 40], [20, 0, 40, 40]]


@pytest.fixture
def image():
    """Two persons, red and blue, side by side on gray."""
    image = np.full((40, 40, 3), 128, np.uint8)
    image[5:, 2:20] = (200, 20, 20)
    image[5:, 20:38] = (20, 20, 200)
    return image


def segment(image):
    return (image[..., 1] == 20).astype(np.float32)


def nobody(_image):
    return Detections()


def two(_image):
    return Detections(BOXES, [0.9, 0.8])


def one_face(_image):
    return Detections([[5, 5, 15, 15]], [0.7])


def pipeline(**models):
    given = {"segmenter": segment, "persons": two, "faces": one_face, **models}
    return PortraitPipeline(**given)


def test_result_has_all_that_is_promised(image):
    got = pipeline()(image)
    assert got.probability.dtype == np.float32
    assert_array_equal(got.mask, segment(image) >= 0.5)
    assert_array_equal(got.persons.boxes, BOXES)
    assert got.shot is Shot.HALF_BODY
    assert_array_equal(np.unique(got.split.labels[:, :20]), [0, 1])
    assert_array_equal(np.unique(got.split.labels[:, 20:]), [0, 2])
    assert got.trimaps(width=4).shape == (2, 40, 40)
    assert set(np.unique(got.trimaps(width=4))) == {0, 128, 255}


def test_given_boxes_keep_their_order_and_replace_the_detector(image):
    got = pipeline()(image, boxes=BOXES[::-1])
    assert_array_equal(got.persons.boxes, BOXES[::-1])
    assert got.split.labels[30, 30] == 1


def test_given_mask_replaces_the_segmenter(image):
    mask = np.zeros((40, 40), bool)
    mask[10:, 5:10] = True
    got = pipeline()(image, mask=mask)
    assert_array_equal(got.split.labels, mask)


def test_nobody_found_and_nothing_segmented_is_an_empty_result(image):
    blank = pipeline(
        segmenter=lambda image: np.zeros(image.shape[:2], np.float32),
        persons=nobody,
        faces=nobody,
    )(image)
    assert blank.shot is Shot.NO_FACE
    assert len(blank.persons) == 0
    assert not blank.mask.any()
    assert not blank.split.labels.any()
    assert blank.trimaps().shape == (0, 40, 40)


def test_without_boxes_each_sizeable_part_is_a_person(image):
    image[:, 18:22] = 128
    image[0, 0, 1] = 20  # a speck
    got = pipeline(persons=nobody)(image)
    assert len(got.persons) == 2
    assert_array_equal(got.split.labels > 0, got.mask)
    assert sorted(np.unique(got.split.labels)) == [0, 1, 2]


def test_faces_are_sought_once_for_models_that_use_them(image):
    calls = []

    def faces(image):
        calls.append(image.shape)
        return one_face(image)

    class Guided:
        def __call__(self, image):
            raise AssertionError

        def from_faces(self, image, found):
            assert len(found) == 1
            return segment(image)

    class GuidedPersons(Guided):
        def from_faces(self, image, found):
            return two(image)

    got = pipeline(segmenter=Guided(), persons=GuidedPersons(), faces=faces)(image)
    assert len(calls) == 1
    assert len(got.persons) == 2


def test_who_has_no_face_is_a_person_beside_bodies_hung_on_faces(image):
    image[5:, 16:24] = 128  # a gap between the two

    def first(_image, _faces=None):
        return Detections([[0, 0, 17, 40]], [0.9])

    class Guided:
        def __call__(self, image):
            raise AssertionError

        from_faces = staticmethod(first)

    got = pipeline(persons=Guided())(image)
    assert_array_equal(got.persons.boxes, [[0, 0, 17, 40], [24, 5, 38, 40]])
    assert got.split.labels[30, 30] == 2
    # A detector that looks for bodies is believed.
    got = pipeline(persons=first)(image)
    assert len(got.persons) == 1
    assert got.split.labels[30, 30] == 1
    # So are boxes that are given.
    got = pipeline(persons=Guided())(image, boxes=BOXES[:1])
    assert len(got.persons) == 1


def test_threshold_decides_what_is_person(image):
    def half(image):
        return segment(image) * np.float32(0.5)

    assert pipeline(segmenter=half, threshold=0.5)(image).mask.any()
    assert not pipeline(segmenter=half, threshold=0.51)(image).mask.any()


def test_input_is_not_modified_and_may_be_read_only(image):
    before = image.copy()
    image.flags.writeable = False
    pipeline()(image)
    assert_array_equal(image, before)


class TestRefusals:
    @pytest.mark.parametrize(
        ("models", "match"),
        [
            ({"segmenter": lambda _: np.zeros((3, 3), np.float32)}, "segmenter's"),
            ({"segmenter": lambda i: segment(i) * 2}, r"must lie in 0\.\.1"),
            ({"segmenter": lambda i: segment(i) * np.nan}, r"must lie in 0\.\.1"),
        ],
    )
    def test_a_model_that_answers_nonsense_is_named(self, image, models, match):
        with pytest.raises(ValueError, match=match):
            pipeline(**models)(image)

    @pytest.mark.parametrize("role", ["persons", "faces"])
    @pytest.mark.parametrize("answer", [None, [[1, 2, 3, 4]], np.ones((1, 5))])
    def test_a_detector_that_answers_no_detections_is_named(self, image, role, answer):
        match = rf"what {role} answers must be Detections\(boxes, scores\); got"
        with pytest.raises(TypeError, match=match):
            pipeline(**{role: lambda _: answer})(image)

    def test_a_detector_may_answer_with_a_class_of_its_own(self, image):
        mine = SimpleNamespace(boxes=BOXES, scores=[0.8, 0.9])
        result = pipeline(persons=lambda _: mine)(image)
        assert_array_equal(result.persons.scores, [0.9, 0.8])

    @pytest.mark.parametrize("role", ["segmenter", "persons", "faces"])
    def test_a_model_is_needed(self, role):
        with pytest.raises(TypeError, match=f"{role} must be callable.*got None"):
            pipeline(**{role: None})

    @pytest.mark.parametrize(
        ("arguments", "match"),
        [
            ({"threshold": 0}, "threshold must be a number > 0"),
            ({"threshold": 1.5}, "threshold must be a number > 0 and <= 1"),
            ({"n_segments": 0}, "n_segments must be an integer >= 1"),
            ({"max_megapixels": 0}, "max_megapixels must be a number > 0"),
            ({"method": "magic"}, "method must be one of"),
        ],
    )
    def test_bad_settings(self, arguments, match):
        with pytest.raises(ValueError, match=match):
            pipeline(**arguments)

    def test_mask_of_another_size(self, image):
        with pytest.raises(ValueError, match=r"mask must have the shape of image"):
            pipeline()(image, mask=np.zeros((3, 4), bool))

    def test_bad_boxes(self, image):
        with pytest.raises(ValueError, match="boxes must have x1 < x2"):
            pipeline()(image, boxes=[[5, 5, 1, 9]])


class TestAttributes:
    def test_they_are_in_the_result(self, image):
        answer = {"long hair": np.float32(0.25), "hat": 1}
        got = pipeline(attributes=lambda _image: answer)(image)
        assert got.attributes == {"long hair": 0.25, "hat": 1.0}
        assert list(got.attributes) == ["long hair", "hat"]
        assert all(type(value) is float for value in got.attributes.values())
        assert pipeline()(image).attributes is None

    @pytest.mark.parametrize(
        ("answer", "error", "match"),
        [
            ([0.5], TypeError, "the attributes must be a mapping of label to number"),
            ({"hat": 1.5}, ValueError, "the attribute 'hat' must be a number >= 0 and"),
            ({"hat": np.nan}, ValueError, "the attribute 'hat' must be a number"),
        ],
    )
    def test_a_classifier_that_answers_nonsense_is_named(
        self, image, answer, error, match
    ):
        with pytest.raises(error, match=match):
            pipeline(attributes=lambda _image: answer).classify(image)

    def test_none_is_embedded(self):
        with pytest.raises(ValueError, match="attributes must be an ONNX file, a cat"):
            PortraitPipeline(attributes="builtin")


class TestDevices:
    def test_the_default_beside_a_network_need_not_be_on_its_device(self, monkeypatch):
        asked = {}

        def load(source, *, task, device, threads):
            asked[task] = (source, device, threads)
            return segment

        monkeypatch.setattr("portraitkit.pipeline.load.load_model", load)
        PortraitPipeline(segmenter="net.onnx", faces=one_face, device="cuda", threads=1)
        assert asked == {
            "segment": ("net.onnx", "cuda", 1),
            "persons": ("builtin", "auto", 1),
        }

    def test_the_default_alone_is_refused_a_device_it_cannot_have(self):
        with pytest.raises(
            ValueError, match='device must be "auto" or "cpu" for source'
        ):
            PortraitPipeline(device="cuda")


def test_the_detector_alone(image):
    calls = []

    class Guided:
        def from_faces(self, image, found):
            calls.append(len(found))
            return two(image)

        def __call__(self, image):
            raise AssertionError

    assert_array_equal(pipeline().detect(image).boxes, BOXES)
    guided = pipeline(persons=Guided())
    assert_array_equal(guided.detect(image).boxes, BOXES)
    guided.detect(image, faces=nobody(image))
    assert calls == [1, 0]
