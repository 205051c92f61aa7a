"""Channels beside the colors: position and mean mask, with and without a face."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from oracles import networks as oracle
from strategies import rgb_images

from portraitkit.kernels import MeanMask, portrait_channels
from portraitkit.models import (
    Detections,
    FaceGuidedSegmenter,
    ImageInput,
    ModelCard,
    OnnxFaceSegmenter,
    OnnxSegmenter,
    load_model,
)
from portraitkit.models.placement import prepare

RNG = np.random.default_rng(5)
MEAN = RNG.uniform(0, 1, (5, 7)).astype(np.float32)
REFERENCE = [2.0, 1.0, 5.0, 4.0]
FACE = [4.0, 6.0, 11.0, 15.0]
PICTURE = RNG.integers(0, 256, (23, 17, 3), np.uint8)
EXTRAS = [["x"], ["y"], ["shape"], ["x", "y"], ["x", "y", "shape"], ["shape", "y", "x"]]
WAYS = {
    "stretch": {"size": [10, 12]},
    "letterbox": {"size": [10, 12], "resize": "letterbox", "pad_value": 9},
    "pad top-left": {"size": [30, 30], "resize": "pad", "anchor": "top-left"},
    "NHWC": {"size": [10, 12], "layout": "NHWC"},
    "float16": {"size": [10, 12], "dtype": "float16"},
    "any size": {"longest": 16, "multiple": 4, "resize": "letterbox"},
}


def fields(extras, **more):
    """An input section with these extra channels, following faces or not."""
    section = {"scale": 1 / 255, "extras": extras, **more}
    if "shape" in extras:
        section.setdefault("mean_mask", "mean.npz")
        if section.get("follow_face"):
            section["reference_face"] = REFERENCE
    return section


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("extras", EXTRAS, ids=str)
@pytest.mark.parametrize("face", [None, FACE, [-9.0, 2.0, 30.0, 90.0]], ids=str)
def test_equals_slow_definition(way, extras, face):
    given = fields(extras, follow_face=True, **way)
    mean = MEAN if "shape" in extras else None
    got, where = prepare(PICTURE, ImageInput(**given), mean_mask=mean, face=face)
    planes = got[0] if given.get("layout") != "NHWC" else np.moveaxis(got[0], -1, 0)
    assert planes.shape == (3 + len(extras), *where.canvas)
    want = oracle.tensor(PICTURE, given, MEAN, face)
    assert_allclose(planes[3:], want[3:], atol=2e-3 if "dtype" in way else 1e-5)
    assert_allclose(planes[:3], want[:3], atol=0.006)


@given(rgb_images(max_side=12), st.booleans())
def test_bsn_sees_the_six_portrait_channels(image, guided):
    """Undistorted, the input is what `portrait_channels` gives a trainer."""
    face = [1.0, 0.0, 4.0, 3.0] if guided else None
    spec = ImageInput(
        **fields(["x", "y", "shape"], follow_face=True, size=image.shape[:2])
    )
    got, _ = prepare(image, spec, mean_mask=MEAN, face=face)
    reference = REFERENCE if guided else None
    want = portrait_channels(image, MEAN, face=face, reference_face=reference)
    assert_allclose(np.moveaxis(got[0], 0, -1), want, atol=1e-6)


def test_mirroring_mirrors_the_mean_mask_and_flips_x():
    spec = ImageInput(**fields(["x", "y", "shape"], size=[10, 12]))
    symmetric = (MEAN + MEAN[:, ::-1]) / 2
    there, _ = prepare(PICTURE, spec, mean_mask=symmetric)
    back, _ = prepare(PICTURE[:, ::-1], spec, mean_mask=symmetric)
    flipped = there[..., ::-1] * np.array([1, 1, 1, -1, 1, 1])[:, None, None]
    assert_allclose(back[0, 3:], flipped[0, 3:], atol=1e-6)


def test_padding_has_no_position():
    spec = ImageInput(**fields(["x", "y", "shape"], size=[23, 40], resize="pad"))
    got, where = prepare(PICTURE, spec, mean_mask=np.ones((2, 2), np.float32))
    outside = np.ones(where.canvas, bool)
    outside[where.window()] = False
    assert outside.any()
    assert (got[0, 3:, outside] == 0).all()
    assert (got[0, 5, ~outside] == 1).all()


@pytest.fixture
def six_channels(graph_file, make_node, tmp_path):
    """A network that answers with one of six channels, and a mean mask beside it."""
    mean = MeanMask((5, 7))
    for k in range(4):
        mean.update(k / 4 < MEAN)
    mean.save(tmp_path / "mean.npz")
    shape = (1, 6, 10, 12)
    path = graph_file(
        [make_node("Identity", ["x"], ["y"])], [("x", 1, shape)], [("y", 1, shape)]
    )

    def load(**more):
        given = fields(["x", "y", "shape"], size=[10, 12], **more)
        card = ModelCard.from_mapping(
            {
                "name": "t",
                "task": "segment",
                "input": given,
                "output": {"kind": "sigmoid", "person": [5]},
            }
        )
        return load_model(path, card=card, device="cpu")

    load.mean = mean.mean
    load.path = path
    return load


def squashed(plane):
    return oracle.map_back(
        1 / (1 + np.exp(-plane)), PICTURE.shape[:2], {"size": [10, 12]}
    )


class TestLoaded:
    def test_without_faces(self, six_channels):
        model = six_channels()
        assert type(model) is OnnxSegmenter
        assert not isinstance(model, FaceGuidedSegmenter)
        want = oracle.tensor(PICTURE, model.card.input.to_mapping(), six_channels.mean)
        assert_allclose(model(PICTURE), squashed(want[5]), atol=1e-4)

    def test_the_largest_face_is_followed(self, six_channels):
        model = six_channels(follow_face=True)
        assert isinstance(model, OnnxFaceSegmenter)
        assert isinstance(model, FaceGuidedSegmenter)
        card = model.card.input.to_mapping()
        faces = Detections([[0, 0, 3, 3], FACE], [0.9, 0.2])
        got = model.from_faces(PICTURE, faces)
        want = oracle.tensor(PICTURE, card, six_channels.mean, FACE)
        assert_allclose(got, squashed(want[5]), atol=1e-4)
        for alone in (model.from_faces(PICTURE, Detections()), model(PICTURE)):
            want = oracle.tensor(PICTURE, card, six_channels.mean)
            assert_allclose(alone, squashed(want[5]), atol=1e-4)

    @pytest.mark.parametrize(
        ("name", "match"),
        [
            ("absent.npz", "must be a file beside .*net.onnx; got 'absent.npz'"),
            ("../mean.npz", "must be a file beside"),
            ("/etc/hostname", "must be a file beside"),
            ("net.onnx", "must be a file written by MeanMask.save"),
        ],
    )
    def test_a_mean_mask_that_cannot_be_had(self, name, match, six_channels):
        with pytest.raises(ValueError, match=f"input.mean_mask:? .*{match}"):
            six_channels(mean_mask=name)

    def test_a_link_out_of_the_folder_is_refused(self, six_channels, tmp_path_factory):
        outside = tmp_path_factory.mktemp("elsewhere") / "mean.npz"
        (six_channels.path.parent / "mean.npz").rename(outside)
        (six_channels.path.parent / "mean.npz").symlink_to(outside)
        with pytest.raises(ValueError, match="mean_mask must be a file beside"):
            six_channels()

    def test_a_class_needs_the_mask_of_its_card(self, six_channels):
        card = six_channels().card
        with pytest.raises(ValueError, match="mean_mask must be given with card field"):
            OnnxSegmenter(runtime=None, card=card, provider="", sha256="")


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"extras": ["z"]}, 'extras must be a list of 0 or more, each one of "x", "y"'),
        ({"extras": ["x", "x"]}, r"extras must be .*no two alike; got \['x', 'x'\]"),
        ({"extras": "x"}, "extras must be a list"),
        ({"extras": ["shape"]}, 'mean_mask must be given with "shape"'),
        ({"mean_mask": "a.npz"}, 'mean_mask must be given with "shape"'),
        ({"extras": ["x"], "dtype": "uint8"}, "dtype must be float32 or float16 with"),
        ({"follow_face": True}, "follow_face must be false without input.extras"),
        ({"follow_face": 1}, "follow_face must be true or false"),
        (
            {"extras": ["x"], "reference_face": REFERENCE},
            "reference_face must be given",
        ),
        (
            fields(["shape"]) | {"follow_face": True},
            "reference_face must be given with",
        ),
        (
            fields(["shape"], follow_face=True) | {"reference_face": [1, 1, 1, 2]},
            "reference_face must have x1 < x2",
        ),
        (
            fields(["shape"], follow_face=True) | {"reference_face": [1, 1, 2]},
            "reference_face must be a list of 4",
        ),
    ],
)
def test_refusals(changes, match):
    with pytest.raises(ValueError, match=f"card field input.{match}"):
        ImageInput.from_mapping({"size": [4, 4], **changes})
