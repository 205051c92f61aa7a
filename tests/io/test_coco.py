"""COCO files that COCO's own tools read."""

import json

import numpy as np
import pytest
from hypothesis import given
from strategies import masks

from portraitkit.io import (
    coco_document,
    decode_rle,
    encode_json,
    person_annotation,
    write_coco,
    write_json,
)


@given(masks())
def test_numbers_of_a_person(mask):
    coco = pytest.importorskip("pycocotools.mask")
    person = person_annotation(mask, score=0.25)
    assert person["area"] == coco.area(person["segmentation"])
    assert person["bbox"] == coco.toBbox(person["segmentation"]).tolist()
    assert (person["category_id"], person["iscrowd"], person["score"]) == (1, 0, 0.25)
    np.testing.assert_array_equal(decode_rle(person["segmentation"]), mask)


def two_images():
    left, right = np.zeros((2, 4, 6), bool)
    left[:, :2], right[1:3, 3:] = True, True
    images = [("a b.jpg", (4, 6)), ("ü/\n.png", (4, 6)), ("nobody.jpg", (3, 3))]
    persons = [person_annotation(left), person_annotation(right)]
    return images, [persons, [person_annotation(right, crowd=True)], []]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_cocos_own_reader(tmp_path, capsys):
    tools = pytest.importorskip("pycocotools.coco")
    images, persons = two_images()
    write_coco(tmp_path / "coco.json", images, persons)
    coco = tools.COCO(str(tmp_path / "coco.json"))
    capsys.readouterr()
    assert coco.getCatIds(catNms=["person"]) == [1]
    assert [coco.imgs[i]["file_name"] for i in (1, 2, 3)] == [
        name for name, _ in images
    ]
    assert coco.getAnnIds() == [1, 2, 3]
    assert coco.getAnnIds(imgIds=[1]) == [1, 2]
    assert coco.getAnnIds(imgIds=[3]) == []
    assert coco.anns[3]["iscrowd"] == 1
    assert "score" not in coco.anns[1]
    want = decode_rle(persons[0][1]["segmentation"])
    np.testing.assert_array_equal(coco.annToMask(coco.anns[2]), want)


def test_cocos_own_scorer_gives_full_marks(tmp_path, capsys):
    tools = pytest.importorskip("pycocotools.coco")
    scorer = pytest.importorskip("pycocotools.cocoeval")
    images, persons = two_images()
    persons[1] = [dict(person, iscrowd=0) for person in persons[1]]
    write_coco(tmp_path / "coco.json", images, persons)
    truth = tools.COCO(str(tmp_path / "coco.json"))
    found = [dict(truth.anns[i], score=0.9) for i in truth.anns]
    run = scorer.COCOeval(truth, truth.loadRes(found), "segm")
    run.evaluate()
    run.accumulate()
    run.summarize()
    capsys.readouterr()
    assert run.stats[0] == pytest.approx(1)


def test_no_image():
    assert coco_document([], [])["images"] == []


def test_refusals():
    images, persons = two_images()
    with pytest.raises(
        ValueError, match=r"annotations must hold one sequence .* got 2"
    ):
        coco_document(images, persons[:2])
    with pytest.raises(ValueError, match=r"size of image 'nobody.jpg', \(3, 3\)"):
        coco_document(images, [[], [], persons[0]])
    with pytest.raises(ValueError, match="images must be"):
        coco_document([("a", (0, 3))], [[]])
    for score in (1.5, -0.1, float("nan")):
        with pytest.raises(ValueError, match="score must be a number"):
            person_annotation([[True]], score=score)


def test_json_of_numpy_and_odd_names(tmp_path):
    document = {
        "name": "ü\n\udcff",
        "box": np.array([1.5, 2]),
        "n": np.int64(3),
        "yes": np.bool_(True),
        "none": None,
    }
    data = encode_json(document)
    assert data.isascii()
    assert data.endswith(b"\n")
    assert data.count(b"\n") == 1
    want = {**document, "box": [1.5, 2.0], "n": 3, "yes": True}
    assert json.loads(data) == want
    write_json(tmp_path / "a.json", document, indent=2)
    assert json.loads((tmp_path / "a.json").read_bytes()) == want
    assert list(json.loads(data)) == list(document)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "JSON"),
        (np.array([np.inf]), "JSON"),
        (object(), "document must hold JSON values; got object"),
    ],
)
def test_json_refusals(value, message):
    with pytest.raises((ValueError, TypeError), match=message):
        encode_json({"a": value})
