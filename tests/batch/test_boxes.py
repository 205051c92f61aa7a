"""``--boxes``: our own JSON and COCO's."""

import json
from pathlib import Path

import pytest

from portraitkit.batch.boxes import read_boxes, unknown_inputs
from portraitkit.batch.inputs import Input


def write(path, document):
    path.write_text(json.dumps(document))
    return path


def test_own_form(tmp_path):
    path = write(tmp_path / "b.json", {"a.jpg": [[1, 2, 3, 4]], "b.jpg": []})
    assert read_boxes(path) == {"a.jpg": [[1, 2, 3, 4]], "b.jpg": []}


def test_coco_form_keeps_persons_only(tmp_path):
    document = {
        "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 8, "file_name": "b.jpg"}],
        "categories": [{"id": 1, "name": "person"}, {"id": 2, "name": "cat"}],
        "annotations": [
            {"image_id": 7, "category_id": 1, "bbox": [10, 20, 5, 6]},
            {"image_id": 7, "category_id": 2, "bbox": [0, 0, 1, 1]},
        ],
    }
    got = read_boxes(write(tmp_path / "c.json", document))
    assert got == {"a.jpg": [[10, 20, 15, 26]], "b.jpg": []}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("{", "must be JSON"),
        ("[1]", "holds neither"),
        ('{"a.jpg": 3}', "holds neither"),
        ('{"images": [{}], "annotations": []}', "not valid COCO .KeyError"),
        (
            '{"images": [], "annotations": [{"image_id": 2, "bbox": [0, 0, 1, 1]}]}',
            "not valid COCO .KeyError",
        ),
    ],
)
def test_refusals_name_the_file(tmp_path, text, match):
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=match) as caught:
        read_boxes(path)
    assert "bad.json" in str(caught.value)


def test_names_that_are_no_input():
    inputs = [Input(Path("x/a.jpg"), "a.jpg", "a")]
    (lost,) = unknown_inputs({"a.jpg": [], "z.jpg": []}, inputs, Path("b.json"))
    assert lost.name == "z.jpg"
    assert "z.jpg" in lost.error
    assert "b.json" in lost.error
