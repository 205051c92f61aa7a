"""`ModelCard`: reads what it writes, and names the field that is wrong."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portraitkit.models import (
    BoxOutput,
    Branches,
    ImageInput,
    MapOutput,
    ModelCard,
    Source,
)
from portraitkit.models.find_card import packaged_cards

SEGMENT = {
    "card_version": 1,
    "name": "t",
    "task": "segment",
    "input": {"size": [4, 6]},
    "output": {"kind": "softmax"},
}
FACES = {
    **SEGMENT,
    "task": "faces",
    "output": {"format": "xyxy", "score": "class", "threshold": 0.5, "iou": 0.4},
}

GRIDS = {
    **FACES,
    "output": {
        **FACES["output"],
        "format": "ssd",
        "strides": [8, 16],
        "anchors": [[[8, 9]], [[16, 20], [30, 20]]],
        "activation": "softmax",
    },
}


def changed(card, where, value):
    """`card` with the dotted field `where` set."""
    card = json.loads(json.dumps(card))
    *path, last = where.split(".")
    inner = card
    for name in path:
        inner = inner.setdefault(name, {})
    inner[last] = value
    return json.dumps(card)


class TestRoundTrip:
    @given(
        size=st.tuples(st.integers(1, 999), st.integers(1, 999)),
        scale=st.floats(1e-6, 1e6),
        mean=st.tuples(*[st.floats(-1e3, 1e3)] * 3),
        std=st.tuples(*[st.floats(1e-3, 1e3)] * 3),
        channels=st.sampled_from(["RGB", "BGR"]),
        layout=st.sampled_from(["NCHW", "NHWC"]),
        license=st.none() | st.sampled_from(["MIT", "日本 ✓"]),
    )
    def test_json_and_back(self, license, **fields):
        card = ModelCard(
            name="t",
            task="segment",
            input=ImageInput(**fields),
            output=MapOutput(kind="softmax", ignore=(2,)),
            license=license,
            source=Source(url="https://example.org", commit="abc"),
        )
        assert ModelCard.from_json(card.to_json()) == card

    def test_boxes_and_dynamic_size(self):
        card = ModelCard(
            name="t",
            task="persons",
            input=ImageInput(longest=640, multiple=32, resize="letterbox"),
            output=BoxOutput(
                format="yolox",
                score="objectness*class",
                strides=(8, 16),
                threshold=0.3,
                iou=None,
            ),
        )
        assert ModelCard.from_json(card.to_json()) == card

    @pytest.mark.parametrize(
        "output",
        [
            GRIDS["output"],
            {**FACES["output"], "boxes": ["a", "b"], "scores": "c", "points": 5},
            {**FACES["output"], "format": "yolox", "cells": [[2, 3]], "offset": 0.5},
            {
                **FACES["output"],
                "format": "distances",
                "strides": [8],
                "bins": 8,
                "per_cell": 2,
                "iou": None,
            },
            {**FACES["output"], "points": 2, "box_column": 6, "landmark_column": 0},
        ],
    )
    def test_every_kind_of_box(self, output):
        card = ModelCard.from_mapping({**FACES, "output": output})
        again = ModelCard.from_json(card.to_json())
        assert again == card
        assert hash(again) == hash(card)
        written = json.loads(card.to_json())["output"]
        for field, value in output.items():
            names = field in ("boxes", "scores") and isinstance(value, str)
            assert written[field] == ([value] if names else value)

    def test_everything_else(self):
        values = {
            **SEGMENT,
            "input": {
                "size": [4, 6],
                "extras": ["x", "y", "shape"],
                "mean_mask": "mean.npz",
                "follow_face": True,
                "reference_face": [1.0, 2.0, 3.0, 4.0],
            },
            "notes": ["input.scale: guessed"],
            "branches": {"outputs": {"A": "a"}, "fallback": "A"},
        }
        assert json.loads(ModelCard.from_mapping(values).to_json()) == values

    def test_indented_for_people(self):
        card = ModelCard.from_mapping({**SEGMENT, "license": "日本"})
        lines = card.to_json(indent=2).splitlines()
        assert lines[1] == '  "card_version": 1,'
        assert '  "license": "日本"' in lines
        assert ModelCard.from_json("\n".join(lines)) == card
        assert "\n" not in card.to_json()

    def test_lists_become_tuples_so_cards_hash(self):
        card = ModelCard.from_json(json.dumps(SEGMENT))
        assert card.input.size == (4, 6)
        assert hash(card) == hash(ModelCard.from_json(card.to_json()))

    def test_integers_become_floats(self):
        card = ModelCard.from_json(changed(SEGMENT, "input.mean", [1, 2, 3]))
        assert [type(m) for m in card.input.mean] == [float] * 3

    def test_a_card_is_frozen(self):
        card = ModelCard.from_json(json.dumps(SEGMENT))
        with pytest.raises(AttributeError):
            card.name = "other"

    def test_file(self, tmp_path):
        path = tmp_path / "t.card.json"
        path.write_text(json.dumps(SEGMENT))
        assert ModelCard.from_file(path) == ModelCard.from_file(str(path))

    @pytest.mark.parametrize("where", ["name", "kind"])
    def test_a_field_given_twice_is_refused(self, where):
        text = json.dumps(SEGMENT).replace(f'"{where}"', f'"{where}": "x", "{where}"')
        with pytest.raises(ValueError, match=f"card must .* '{where}' is given twice"):
            ModelCard.from_json(text)

    def test_file_is_named_in_errors(self, tmp_path):
        path = tmp_path / "t.card.json"
        path.write_bytes(b"\xff\xfe{")
        with pytest.raises(ValueError, match=r"t\.card\.json: "):
            ModelCard.from_file(path)
        path.write_text(changed(SEGMENT, "task", "dance"))
        with pytest.raises(
            ValueError, match=r'json: card field task must be one of "s'
        ):
            ModelCard.from_file(path)


ABSENT = object()
WRONG = [
    (SEGMENT, "card_version", 2, r"1, the version .*; got 2"),
    (SEGMENT, "card_version", None, "1, the version"),
    (SEGMENT, "name", "", "a string, not empty; got ''"),
    (SEGMENT, "name", 3, "a string"),
    (SEGMENT, "task", "dance", r'one of "segment", "persons", .*; got \'dance\''),
    (SEGMENT, "task", None, "one of"),
    (SEGMENT, "task", [], "one of"),
    (SEGMENT, "input", 3, "a JSON object; got 3"),
    (SEGMENT, "output", [], "MapOutput for task 'segment'"),
    (SEGMENT, "license", 3, "a string, not empty, or null; got 3"),
    (SEGMENT, "training_data", [], "a string"),
    (SEGMENT, "source", "x", "a JSON object; got 'x'"),
    (SEGMENT, "source.url", 3, "a string"),
    (SEGMENT, "sha256", "abc", "64 lower-case hexadecimal digits, or null; got 'abc'"),
    (SEGMENT, "sha256", "G" * 64, "64 lower-case"),
    (SEGMENT, "input.name", 3, "a string"),
    (SEGMENT, "input.size", [4], r"a list of 2, each an integer >= 1"),
    (SEGMENT, "input.size", [4, 0], "a list of 2"),
    (SEGMENT, "input.size", [4, 4.5], "a list of 2"),
    (SEGMENT, "input.size", [True, 4], "a list of 2"),
    (SEGMENT, "input.size", "44", "a list of 2"),
    (
        SEGMENT,
        "input.size",
        None,
        r"or null with input.longest given instead; got None",
    ),
    (SEGMENT, "input.longest", 0, "an integer >= 1"),
    (SEGMENT, "input.shortest", 0, "an integer >= 1"),
    (SEGMENT, "input.multiple", 0, "an integer >= 1"),
    (SEGMENT, "input.multiple", 8, "left out when input.size is given; got 8"),
    (SEGMENT, "input.resize", "crop", '"stretch", "letterbox", "pad"; got \'crop\''),
    (SEGMENT, "input.anchor", "left", '"center", "top-left"'),
    (SEGMENT, "input.pad_value", 256, "an integer >= 0 and <= 255; got 256"),
    (SEGMENT, "input.interpolation", "cubic", '"auto", "bilinear", "area"'),
    (SEGMENT, "input.layout", "CHW", '"NCHW", "NHWC"'),
    (SEGMENT, "input.channels", "GBR", '"RGB", "BGR"'),
    (SEGMENT, "input.dtype", "int8", '"float32", "float16", "uint8"'),
    (SEGMENT, "input.scale", 0, "a finite number > 0; got 0"),
    (SEGMENT, "input.scale", "1/255", "a finite number"),
    (SEGMENT, "input.mean", [1, 2], "a list of 3, each a finite number"),
    (SEGMENT, "input.mean", [1, 2, float("nan")], "a list of 3"),
    (SEGMENT, "input.mean", [1, 2, 10**400], "a list of 3"),
    (SEGMENT, "input.std", [1, 1, 0], "a list of 3, each a finite number > 0"),
    (SEGMENT, "output.kind", "logits", '"softmax", "sigmoid", "probability", "argmax"'),
    (SEGMENT, "output.name", 1, "a string"),
    (SEGMENT, "output.layout", "HW", '"NCHW", "NHWC", "NHW"'),
    (SEGMENT, "output.layout", "NHW", "NCHW or NHWC for kind 'softmax'"),
    (SEGMENT, "output.person", 1, "a list of 1 or more, each an integer >= 0"),
    (SEGMENT, "output.person", [], "a list of 1 or more"),
    (SEGMENT, "output.person", [-1], "a list of 1 or more"),
    (SEGMENT, "output.person", [1, 1], r"no two alike; got \[1, 1\]"),
    (SEGMENT, "output.ignore", [2, 2], r"no two alike; got \[2, 2\]"),
    (SEGMENT, "output.ignore", [1.5], "a list of 0 or more"),
    (SEGMENT, "output.ignore", [1], r"other channels than output.person; got \[1\]"),
    (FACES, "output.format", "yolo", '"xyxy", "yxyx", "xywh", "cxcywh", "yolox"'),
    (FACES, "output.score", "max", '"class", "objectness", "objectness.class"'),
    (FACES, "output.threshold", 1.5, "a finite number >= 0 and <= 1; got 1.5"),
    (FACES, "output.threshold", None, "a finite number"),
    (FACES, "output.iou", -1, "a finite number >= 0 and <= 1, or null; got -1"),
    (FACES, "output.class_index", -1, "an integer >= 0"),
    (FACES, "output.boxes", 0, "a string"),
    (FACES, "output.scores", 0, "a string"),
    (FACES, "output.unit", "mm", '"pixels", "normalized"'),
    (FACES, "output.strides", [0], "a list of 0 or more, each a finite number > 0"),
    (FACES, "output.strides", [8], "given for formats 'yolox', .* no other"),
    (FACES, "output.format", "yolox", r"^card field output.strides must be given for"),
    (FACES, "output.activation", "relu", '"none", "sigmoid", "softmax"'),
    (FACES, "output.transposed", 1, "true or false; got 1"),
    (FACES, "output.boxes", ["a", 3], "a string, not empty, or a list of such"),
    (FACES, "output.objectness", 0, "a string"),
    (FACES, "output.labels", 0, "a string"),
    (FACES, "output.landmarks", 0, "a string"),
    (FACES, "output.objectness", "o", "left out where output.score has no object"),
    (FACES, "output.labels", "l", 'left out but for score "labeled"'),
    (FACES, "output.landmarks", "l", "^card field output.points must be given with"),
    (FACES, "output.points", -1, "an integer >= 0 and <= 1024"),
    (FACES, "output.landmark_column", 4, "left out where no landmarks are columns"),
    (FACES, "output.box_column", -1, "an integer >= 0"),
    (FACES, "output.cells", [[4]], "a list of 0 or more, each a list of 2"),
    (FACES, "output.cells", [[4, 4]], "^card field output.strides must be given"),
    (FACES, "output.anchors", [[[1, 0]]], "each a list of 2, each a finite number > 0"),
    (FACES, "output.anchors", [[]], "each a list of 1 or more"),
    (FACES, "output.anchors", [[[1, 2]]], "one list for each grid of format 'ssd'"),
    (FACES, "output.variances", [0.1], "a list of 2"),
    (FACES, "output.variances", [0.1, 0.1], "left out but for format 'ssd'"),
    (FACES, "output.log_sizes", False, "left out but for format 'ssd'"),
    (FACES, "output.log_sizes", 0, "true or false"),
    (FACES, "output.offset", 2, "a finite number >= 0 and <= 1, or null"),
    (
        FACES,
        "output.offset",
        0,
        "left out but for format 'yolox' and 'dist.* and 'ssd'",
    ),
    (FACES, "output.bins", 0, "an integer >= 1 and <= 64"),
    (FACES, "output.bins", 8, "left out but for format 'distances'; got 8"),
    (FACES, "output.per_cell", 2, "left out but for format 'yolox' and 'distances'"),
    (GRIDS, "output.unit", "normalized", "pixels for format 'ssd'"),
    (GRIDS, "output.anchors", [], "one list for each grid of format 'ssd'"),
    (GRIDS, "output.anchors", [[[1, 1]]] * 3, "one list for each grid of format 'ssd'"),
    (GRIDS, "output.cells", [[4, 4]], "left out or one for each of 2 grids"),
    (GRIDS, "output.per_cell", 2, "left out but for format 'yolox' and 'distances'"),
    (GRIDS, "output.score", "labeled", '^card .*activation must be none .* "class"'),
    (SEGMENT, "notes", "one", "a list of 0 or more, each a string"),
    (SEGMENT, "notes", [""], "a list of 0 or more, each a string, not empty"),
    (SEGMENT, "branches", 3, "a JSON object; got 3"),
    (
        SEGMENT,
        "output.per_image_normalization",
        True,
        "false: stretching each map to its own range invents people where none are; g",
    ),
    (
        SEGMENT,
        "input.per_image_normalization",
        "minmax",
        "false: stretching each image to its own range makes noise look like a person",
    ),
    (SEGMENT, "output.per_image_normalization", 0, "false: "),
]


ATTRIBUTES = {**SEGMENT, "task": "attributes", "output": {"labels": ["a", "b"]}}
FEATURES = {**SEGMENT, "task": "features", "output": {"depth": 3, "stride": 2}}
PARTS = {"": ModelCard, "input.": ImageInput, "source.": Source, "branches.": Branches}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 70000)
    | st.floats()
    | st.sampled_from(["", "a", "NCHW", "ssd", "softmax", "x"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "fallback", "url"]), inner, max_size=2)
    ),
    max_leaves=6,
)


@given(
    card=st.sampled_from([SEGMENT, FACES, GRIDS, ATTRIBUTES, FEATURES]),
    data=st.data(),
)
def test_any_value_is_taken_or_refused_by_name(card, data):
    """A card is somebody else's data: nothing in it gets further than this."""
    outputs = {"output.": type(ModelCard.from_mapping(card).output)}
    parts = {**PARTS, **outputs}
    fields = [p + f.name for p, part in parts.items() for f in dataclasses.fields(part)]
    field = data.draw(st.sampled_from(fields))
    document = changed(card, field, data.draw(JSON))
    try:
        read = ModelCard.from_json(document)
    except ValueError as error:
        assert str(error).startswith("card field ")  # noqa: PT017
    else:
        assert ModelCard.from_json(read.to_json()) == read
        hash(read)


class TestRefusals:
    @pytest.mark.parametrize(("card", "where", "value", "match"), WRONG)
    def test_field_want_and_value_are_named(self, card, where, value, match):
        full = (
            match if match.startswith("^") else f"card field {where} must be .*{match}"
        )
        with pytest.raises(ValueError, match=full):
            ModelCard.from_json(changed(card, where, value))

    @pytest.mark.parametrize("where", ["color", "input.color", "output.color"])
    def test_unknown(self, where):
        match = f"card field {where} must be one of .*; got 'color'"
        with pytest.raises(ValueError, match=match):
            ModelCard.from_json(changed(SEGMENT, where, 1))

    @pytest.mark.parametrize("field", ["name", "task", "input", "output"])
    def test_missing(self, field):
        card = {key: value for key, value in SEGMENT.items() if key != field}
        with pytest.raises(ValueError, match=f"card field {field} is missing: it must"):
            ModelCard.from_json(json.dumps(card))

    @pytest.mark.parametrize("field", ["format", "score", "threshold", "iou"])
    def test_missing_in_a_section(self, field):
        output = {k: v for k, v in FACES["output"].items() if k != field}
        with pytest.raises(ValueError, match=f"card field output.{field} is missing"):
            ModelCard.from_json(json.dumps({**FACES, "output": output}))

    @pytest.mark.parametrize("text", ["", "{", "[1]", "3", "null", "[" * 100000])
    def test_not_an_object(self, text):
        with pytest.raises(ValueError, match=r"card .*must be a JSON object; got"):
            ModelCard.from_json(text)

    @pytest.mark.parametrize(
        ("fields", "match"),
        [
            (
                {"kind": "sigmoid", "ignore": (2,)},
                r"ignore must be empty for kind 'sig",
            ),
            (
                {"kind": "argmax", "ignore": (2,)},
                r"ignore must be empty for kind 'argm",
            ),
            ({"kind": "sigmoid", "person": (0, 1)}, r"person must be one channel"),
        ],
    )
    def test_map_fields_that_disagree(self, fields, match):
        with pytest.raises(ValueError, match=f"card field output.{match}"):
            MapOutput(**fields)

    @pytest.mark.parametrize(
        ("fields", "match"),
        [
            (
                {"size": (4, 4), "longest": 9},
                r"size must be \[height, width\], or null",
            ),
            ({"longest": 8, "multiple": 32}, "longest must be >= input.multiple, 32"),
            ({"longest": 8, "shortest": 9}, "shortest must be .*<= it, 8; got 9"),
            ({"size": (4, 4), "shortest": 4}, "shortest must be given with input.lon"),
            (
                {"size": (4, 4), "dtype": "uint8", "mean": (1, 0, 0)},
                "dtype must be float",
            ),
            ({"size": (4, 4), "dtype": "uint8", "scale": 2}, "dtype must be float"),
        ],
    )
    def test_input_fields_that_disagree(self, fields, match):
        with pytest.raises(ValueError, match=f"card field input.{match}"):
            ImageInput(**fields)

    @pytest.mark.parametrize(
        ("fields", "match"),
        [
            ({"unit": "normalized"}, "unit must be pixels for format 'yolox'"),
            (
                {"score": "objectness", "activation": "softmax"},
                "activation must be none",
            ),
        ],
    )
    def test_box_fields_that_disagree(self, fields, match):
        plain = {"score": "class", "threshold": 0.5, "iou": None, **fields}
        with pytest.raises(ValueError, match=f"card field output.{match}"):
            BoxOutput(format="yolox", strides=(8,), **plain)

    def test_an_output_of_another_task(self):
        boxes = BoxOutput(format="xyxy", score="class", threshold=0.5, iou=None)
        with pytest.raises(
            ValueError, match="output must be a MapOutput for task 'seg"
        ):
            ModelCard(
                name="t", task="segment", input=ImageInput(size=(4, 4)), output=boxes
            )


class TestPackagedCards:
    def test_each_says_where_it_is_from(self):
        cards = packaged_cards().values()
        assert {card.task for card in cards} == {"segment", "persons", "faces"}
        for card in cards:
            assert card.license
            assert card.source.url.startswith("https://")
            assert card.source.commit
            assert card.source.path.endswith(".onnx")
            assert card.training_data

    def test_each_is_found_by_its_hash(self):
        assert all(card.sha256 == key for key, card in packaged_cards().items())

    def test_normalisation_table(self):
        spec = ImageInput(size=(4, 4), scale=0.5, mean=(1, 2, 3), std=(1, 2, 4))
        expected = (np.arange(256) * 0.5 - [[1], [2], [3]]) / [[1], [2], [4]]
        np.testing.assert_allclose(spec.table(), expected)
