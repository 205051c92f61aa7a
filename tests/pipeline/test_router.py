"""`DomainRouter` with branches that are plain functions."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from portraitkit.instance import Shot, grade_shot
from portraitkit.models import Detections
from portraitkit.pipeline import DomainRouter, PortraitPipeline

SHOTS = list(Shot)
FACES = {
    Shot.HEAD_SHOT: [0, 0, 60, 60],
    Shot.CLOSE_SHOT: [0, 0, 40, 40],
    Shot.HALF_BODY: [0, 0, 25, 25],
    Shot.WHOLE_BODY: [0, 0, 10, 10],
    Shot.FAR_SHOT: [0, 0, 5, 5],
    Shot.NO_FACE: None,
}
"""One face for each grade of a photograph of 100x100."""
IMAGE = np.zeros((100, 100, 3), np.uint8)


def branch(number):
    """A segmenter that can be told by its answer."""

    def segment(image):
        return np.full(image.shape[:2], number / 10, np.float32)

    return segment


def faces_of(shot):
    box = FACES[shot]
    found = Detections() if box is None else Detections([box], [0.9])
    return lambda _image: found


def six(**more):
    return {shot: branch(i) for i, shot in enumerate(SHOTS)} | more


class Branched:
    """As `load_model` makes of a branched card."""

    def __init__(self, names, fallback):
        self.branches = {name: branch(i) for i, name in enumerate(names)}
        self.fallback = fallback

    def __call__(self, image):
        raise AssertionError  # the router picks, not the model

    def describe(self):
        return {"card": "six", "sha256": "ab"}


@pytest.mark.parametrize("shot", SHOTS)
def test_the_grade_selects_the_branch(shot):
    router = DomainRouter(six(), faces=faces_of(shot))
    got = router(IMAGE)
    assert got.dtype == np.float32
    assert_array_equal(got, np.full((100, 100), SHOTS.index(shot) / 10, np.float32))
    assert router.branch_for(shot) is shot
    assert router.counts == {shot: 1}


@given(
    st.lists(st.sampled_from(SHOTS), max_size=12),
    st.sets(st.sampled_from(SHOTS), min_size=1),
    st.data(),
)
def test_counts_are_those_of_the_branches_run(shots, there, data):
    fallback = data.draw(st.sampled_from(sorted(there)))
    router = DomainRouter(
        {shot: branch(i) for i, shot in enumerate(SHOTS) if shot in there},
        faces=faces_of(Shot.NO_FACE),
        fallback=fallback,
    )
    for shot in shots:
        box = FACES[shot]
        found = Detections() if box is None else Detections([box], [1])
        taken = shot if shot in there else fallback
        answer = router.from_faces(IMAGE, found)
        assert answer[0, 0] == np.float32(SHOTS.index(taken) / 10)
        assert router.branch_for(shot) is taken
    assert router.counts == Counter(s if s in there else fallback for s in shots)


def test_the_dominant_face_decides_and_the_image_is_its_measure():
    two = Detections([[0, 0, 5, 5], [0, 0, 60, 60]], [0.9, 0.3])
    router = DomainRouter(six(), faces=lambda _image: two)
    for side in (60, 100, 150, 200, 400, 1200):
        image = np.zeros((side, side, 3), np.uint8)
        shot = grade_shot(two.boxes, (side, side))
        assert router(image)[0, 0] == np.float32(SHOTS.index(shot) / 10)
    assert sum(router.counts.values()) == 6


def test_counts_are_a_copy():
    router = DomainRouter(six(), faces=faces_of(Shot.HEAD_SHOT))
    router.counts[Shot.FAR_SHOT] = 5
    assert router.counts == {}


def test_what_failed_is_not_counted():
    router = DomainRouter(
        six(**{Shot.HEAD_SHOT: lambda image: np.zeros((2, 2), np.float32)}),
        faces=faces_of(Shot.HEAD_SHOT),
    )
    match = r"the probability of the head shot branch must be .*\(100, 100\)"
    with pytest.raises(ValueError, match=match):
        router(IMAGE)
    assert router.counts == {}


def test_a_branch_that_uses_faces_is_given_them():
    class Guided:
        def __call__(self, image):
            raise AssertionError

        def from_faces(self, image, found):
            return np.full(image.shape[:2], len(found) / 2, np.float32)

    router = DomainRouter(
        six(**{Shot.HEAD_SHOT: Guided()}), faces=faces_of(Shot.HEAD_SHOT)
    )
    assert router(IMAGE)[0, 0] == 0.5


def test_shots_may_be_named_in_words():
    router = DomainRouter(
        {"head shot": branch(1)}, faces=faces_of(Shot.NO_FACE), fallback="head shot"
    )
    assert list(router.branches) == [Shot.HEAD_SHOT]
    assert router.branch_for("far shot") is Shot.HEAD_SHOT


class TestRefusals:
    @pytest.mark.parametrize(
        ("branches", "more", "error", "match"),
        [
            ([branch], {}, TypeError, "branches must be a mapping of Shot"),
            ({}, {}, ValueError, "branches must have one at least; got none"),
            ({"selfie": branch(1)}, {}, ValueError, "branches must name .*'selfie'"),
            (
                {Shot.FAR_SHOT: 3},
                {},
                TypeError,
                r"branches\[<Shot.FAR.*callable.*got 3",
            ),
            (six(), {"faces": None}, TypeError, "faces must be callable"),
            (six(), {"fallback": "selfie"}, ValueError, "fallback must name shots"),
            (
                {Shot.FAR_SHOT: branch(1)},
                {"fallback": Shot.NO_FACE},
                ValueError,
                "fallback must be one of the branches FAR_SHOT; got NO_FACE",
            ),
        ],
    )
    def test_construction(self, branches, more, error, match):
        with pytest.raises(error, match=match):
            DomainRouter(branches, **{"faces": faces_of(Shot.NO_FACE), **more})

    def test_calls(self):
        router = DomainRouter(six(), faces=faces_of(Shot.NO_FACE))
        with pytest.raises(ValueError, match="image must be"):
            router(np.zeros((4, 4), np.uint8))
        with pytest.raises(ValueError, match="shot must name shots"):
            router.branch_for("selfie")
        router = DomainRouter(six(), faces=lambda _image: [[0, 0, 4, 4]])
        with pytest.raises(TypeError, match="what faces answers must be Detections"):
            router(IMAGE)

    def test_a_model_without_branches(self):
        with pytest.raises(TypeError, match="model must be a segmenter with branches"):
            DomainRouter.of_model(branch(1), faces=faces_of(Shot.NO_FACE))

    def test_branches_of_other_names(self):
        model = Branched(["left", "right"], "left")
        with pytest.raises(ValueError, match=r"branches named for shots: .*'left'"):
            DomainRouter.of_model(model, faces=faces_of(Shot.NO_FACE))

    def test_a_shot_that_no_branch_takes(self):
        some = {shot: branch(1) for shot in SHOTS[:4]}
        assert DomainRouter(some, faces=faces_of(SHOTS[3]))(IMAGE)[0, 0] == np.float32(
            0.1
        )
        router = DomainRouter(some, faces=faces_of(Shot.NO_FACE))
        match = (
            "one for NO_FACE .* fallback must be given; there are .*for HEAD_SHOT, C"
        )
        with pytest.raises(ValueError, match=match):
            router(IMAGE)
        assert router.counts == {}
        with pytest.raises(ValueError, match="one for FAR_SHOT"):
            router.branch_for(Shot.FAR_SHOT)

    def test_a_model_that_lacks_branches(self):
        model = Branched(["HEAD_SHOT"], None)
        router = DomainRouter.of_model(model, faces=faces_of(Shot.NO_FACE))
        with pytest.raises(ValueError, match=r"there are branches for HEAD_SHOT$"):
            router(IMAGE)


class TestOfModel:
    @pytest.mark.parametrize("shot", SHOTS)
    def test_it_falls_back_as_the_card_says(self, shot):
        model = Branched(["HEAD_SHOT", "FAR_SHOT"], "FAR_SHOT")
        router = DomainRouter.of_model(model, faces=faces_of(shot))
        assert router(IMAGE)[0, 0] == np.float32(0 if shot is Shot.HEAD_SHOT else 0.1)

    def test_it_describes_the_one_model(self):
        model = Branched(Shot.__members__, None)
        router = DomainRouter.of_model(model, faces=faces_of(Shot.NO_FACE))
        assert router.describe() == {"card": "six", "sha256": "ab"}

    def test_several_models_are_described_one_by_one(self):
        router = DomainRouter(
            {Shot.HEAD_SHOT: Branched([], None), Shot.FAR_SHOT: len},
            faces=faces_of(Shot.NO_FACE),
            fallback=Shot.FAR_SHOT,
        )
        assert router.describe() == {
            "branches": {
                "head shot": {"card": "six", "sha256": "ab"},
                "far shot": {"name": "<built-in function len>"},
            },
            "fallback": "far shot",
        }


class TestInThePipeline:
    def test_faces_are_sought_once_and_the_branch_is_told(self):
        calls = []

        def faces(image):
            calls.append(image.shape)
            return Detections([FACES[Shot.CLOSE_SHOT]], [0.9])

        model = Branched(["CLOSE_SHOT", "FAR_SHOT"], "FAR_SHOT")
        model.branches["CLOSE_SHOT"] = branch(9)
        pipeline = PortraitPipeline(segmenter=model, persons=nobody, faces=faces)
        assert pipeline.uses_faces
        got = pipeline(IMAGE)
        assert len(calls) == 1
        assert got.mask.all()
        assert (got.shot, got.branch) == (Shot.CLOSE_SHOT, Shot.CLOSE_SHOT)
        assert pipeline.segmenter.counts == {Shot.CLOSE_SHOT: 1}
        assert pipeline(IMAGE, mask=np.ones((100, 100), bool)).branch is None

    def test_the_branch_taken_need_not_be_the_shot(self):
        model = Branched(["CLOSE_SHOT", "FAR_SHOT"], "FAR_SHOT")
        pipeline = PortraitPipeline(
            segmenter=model, persons=nobody, faces=faces_of(Shot.NO_FACE)
        )
        got = pipeline(IMAGE)
        assert (got.shot, got.branch) == (Shot.NO_FACE, Shot.FAR_SHOT)

    def test_a_router_of_your_own_is_used_as_it_is(self):
        router = DomainRouter(six(), faces=faces_of(Shot.HEAD_SHOT))
        pipeline = PortraitPipeline(
            segmenter=router, persons=nobody, faces=faces_of(Shot.FAR_SHOT)
        )
        assert pipeline.segmenter is router
        assert pipeline(IMAGE).branch is Shot.FAR_SHOT


def nobody(_image):
    return Detections()
