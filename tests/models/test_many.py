"""Many images through one network: batches, workers, sizes; the same answers."""

import itertools
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from portraitkit.models import ModelCard, OnnxSegmenter, load_model
from portraitkit.models.batches import grouped, in_order

pytest.importorskip("onnxruntime")

RNG = np.random.default_rng(2)
SHAPES = [(5, 7), (5, 7), (9, 3), (5, 7), (1, 1), (5, 7), (5, 7)]
IMAGES = [RNG.integers(0, 256, (*shape, 3), np.uint8) for shape in SHAPES]


def card(**given):
    given = given or {"size": [4, 6]}
    return ModelCard.from_mapping(
        {
            "name": "t",
            "task": "segment",
            "input": {"scale": 1 / 255, **given},
            "output": {"kind": "probability", "person": [0]},
        }
    )


class Spy:
    """A runtime that notes the batches and threads it sees."""

    def __init__(self, real):
        self.real = real
        self.batches = []
        self.threads = set()

    def run(self, names, feed):
        self.threads.add(threading.current_thread().name)
        self.batches.append(len(next(iter(feed.values()))))
        return self.real.run(names, feed)


def spied(model):
    spy = Spy(model.runtime)
    return spy, OnnxSegmenter(
        runtime=spy,
        card=model.card,
        provider="mine",
        sha256="",
        batch=model.batch,
    )


BATCHES = {
    "one": (1, {}, [1] * 7),
    "fixed": (3, {}, [3, 3, 3]),
    "any": ("n", {"batch": 2}, [2, 2, 2, 1]),
    "any, at once": ("n", {}, [7]),
    "any, sizes": ("n", {"sizes": True}, [2, 1, 1, 1, 2]),
}


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize(("n", "more", "want"), BATCHES.values(), ids=BATCHES)
def test_equals_one_by_one(n, more, want, workers, echo_file):
    more = dict(more)
    given, shape = {"size": [4, 6]}, (n, 3, 4, 6)
    if more.pop("sizes", False):
        given, shape = {"longest": 6}, (n, 3, "h", "w")
    model = load_model(echo_file(shape), card=card(**given), device="cpu")
    assert model.batch == (None if n == "n" else n)
    spy, spying = spied(model)
    got = list(spying.many(iter(IMAGES), workers=workers, **more))
    assert sorted(spy.batches) == sorted(want)
    assert (spy.threads == {"MainThread"}) == (workers == 1)
    assert len(got) == len(IMAGES)
    for image, answer in zip(IMAGES, got, strict=True):
        assert answer.shape == image.shape[:2]
        assert_allclose(answer, model(image), atol=1e-6)


def test_detectors_and_heads_take_many_too(graph_file, make_node):
    nodes = [make_node("ReduceMean", ["x"], ["y"], axes=[2, 3], keepdims=0)]
    path = graph_file(nodes, [("x", 1, ("n", 3, 4, 6))], [("y", 1, ("n", 3))])
    attributes = ModelCard.from_mapping(
        {
            "name": "t",
            "task": "attributes",
            "input": {"size": [4, 6], "scale": 1 / 255},
            "output": {"labels": ["red", "green", "blue"]},
        }
    )
    model = load_model(path, card=attributes, device="cpu")
    for image, answer in zip(IMAGES, model.many(IMAGES), strict=True):
        assert answer == pytest.approx(model(image))


def test_detectors_read_their_own_rows(graph_file, make_node):
    """Each image of a batch has boxes of its own: here its mean color, as a box."""
    nodes = [
        make_node("ReduceMean", ["x"], ["m"], axes=[2, 3], keepdims=0),
        make_node("Concat", ["m", "m"], ["six"], axis=1),
        make_node("Unsqueeze", ["six", "one"], ["y"]),
    ]
    one = pytest.importorskip("onnx").numpy_helper.from_array(np.array([1]), "one")
    path = graph_file(
        nodes, [("x", 1, ("n", 3, 4, 6))], [("y", 1, ("n", 1, 6))], tensors=[one]
    )
    boxes = ModelCard.from_mapping(
        {
            "name": "t",
            "task": "persons",
            "input": {"size": [4, 6], "scale": 1 / 255},
            "output": {
                "format": "cxcywh",
                "unit": "normalized",
                "score": "class",
                "threshold": 0,
                "iou": None,
            },
        }
    )
    model = load_model(path, card=boxes, device="cpu")
    found = list(model.many(IMAGES))
    assert len({tuple(each.boxes.ravel()) for each in found}) == len(IMAGES)
    for image, each in zip(IMAGES, found, strict=True):
        assert_allclose(each.boxes, model(image).boxes, atol=1e-5)


@pytest.mark.parametrize("n", [2, 3])
def test_rows_without_an_axis_of_images_come_one_image_at_a_time(
    n, graph_file, make_node
):
    """Two rows are not the rows of two images."""
    rows = np.array([[0, 0, 3, 3, 0.9], [1, 1, 4, 4, 0.8]], np.float32)
    tensor = pytest.importorskip("onnx").numpy_helper.from_array(rows, "c")
    path = graph_file(
        [make_node("Identity", ["c"], ["y"])],
        [("x", 1, ("n", 3, 4, 6))],
        [("y", 1, ("m", 5))],
        tensors=[tensor],
    )
    boxes = ModelCard.from_mapping(
        {
            "name": "t",
            "task": "persons",
            "input": {"size": [4, 6]},
            "output": {"format": "xyxy", "score": "class", "threshold": 0, "iou": None},
        }
    )
    found = list(load_model(path, card=boxes, device="cpu").many(IMAGES[:1] * n))
    assert [len(each) for each in found] == [2] * n


def test_a_graph_that_mixes_its_images_is_refused(graph_file, make_node):
    nodes = [make_node("ReduceMax", ["x"], ["y"], axes=[0])]
    path = graph_file(nodes, [("x", 1, ("n", 3, 4, 6))], [("y", 1, (1, 3, 4, 6))])
    model = load_model(path, card=card(), device="cpu")
    with pytest.raises(ValueError, match=r"'y' must have one entry for each of 7 im"):
        list(model.many(IMAGES))


def test_nothing_is_read_ahead_without_workers(echo_file):
    model = load_model(echo_file(), card=card(), device="cpu")
    seen = []

    def watched():
        for image in IMAGES:
            seen.append(len(seen))
            yield image

    answers = model.many(watched())
    assert seen == []
    next(answers)
    assert len(seen) <= 2


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bad_image_is_named_in_its_turn(workers, echo_file):
    model = load_model(echo_file(), card=card(), device="cpu")
    answers = model.many([IMAGES[0], IMAGES[0].astype(float)], workers=workers)
    with pytest.raises(TypeError, match="images must be uint8 RGB"):
        list(answers)


def test_no_images(echo_file):
    assert list(load_model(echo_file(), card=card()).many([])) == []


@pytest.mark.parametrize(
    ("more", "error", "match"),
    [
        ({"workers": 0}, ValueError, "workers must be an integer >= 1; got 0"),
        ({"workers": 1.5}, TypeError, "workers must be an integer"),
        ({"batch": 0}, ValueError, "batch must be an integer >= 1; got 0"),
    ],
)
def test_refusals(more, error, match, echo_file):
    model = load_model(echo_file(), card=card())
    with pytest.raises(error, match=match):
        model.many(IMAGES, **more)


class TestParts:
    @given(st.lists(st.integers(0, 2)), st.integers(1, 4))
    def test_groups_keep_all_in_order(self, items, most):
        groups = list(grouped(items, key=lambda item: item, most=most))
        assert [item for group in groups for item in group] == items
        for group in groups:
            assert 1 <= len(group) <= most
            assert len(set(group)) == 1
        for first, second in itertools.pairwise(groups):
            assert len(first) == most or first[0] != second[0]

    @given(st.lists(st.integers()), st.integers(1, 4))
    def test_order_is_kept(self, items, workers):
        got = in_order(lambda item: item * 2, items, workers=workers)
        assert list(got) == [item * 2 for item in items]

    def test_few_are_ahead(self):
        taken = []

        def items():
            for item in range(100):
                taken.append(item)
                yield item

        answers = in_order(lambda item: item, items(), workers=2)
        next(answers)
        assert len(taken) == 4
        answers.close()
        assert len(taken) == 4
