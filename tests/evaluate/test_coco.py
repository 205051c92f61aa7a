"""COCO files: equal to pycocotools, and clear about what is wrong."""

import contextlib
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as peer
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from portraitkit.batch.evaluate.polygon import polygon_mask
from portraitkit.io import encode_rle

numbers = st.floats(-20, 60, allow_nan=False).map(lambda x: round(x, 2))
corners = st.lists(st.tuples(numbers, numbers), min_size=3, max_size=9)


@pytest.mark.filterwarnings("ignore:__array__ implementation")
@settings(max_examples=200)
@given(corners, st.integers(1, 40), st.integers(1, 40))
def test_polygons_fill_as_pycocotools_fills_them(points, height, width):
    flat = [float(v) for point in points for v in point]
    want = peer.decode(peer.frPyObjects([flat], height, width))[..., 0]
    ours = polygon_mask([np.array(points)], (height, width))
    np.testing.assert_array_equal(ours, want.astype(bool))


def runs(mask):
    """Uncompressed run lengths."""
    flat = mask.ravel(order="F")
    edges = np.flatnonzero(np.diff(flat.astype(int))) + 1
    counts = np.diff([0, *edges, flat.size]).tolist()
    return [0, *counts] if flat[0] else counts


@pytest.fixture
def dataset(tmp_path, rng):
    """A truth of polygons, RLE and a crowd; predictions of boxes near them."""
    images, truths, found = [], [], []
    for number in range(1, 7):
        height, width = 50 + number, 70
        images.append(
            {"id": number * 10, "file_name": f"sub/{number}.jpg"}
            | {"height": height, "width": width}
        )
        for k in range(3):
            x, y = 5 + 20 * k, 5 + int(rng.integers(0, 10))
            polygon = [x, y, x + 15.5, y + 1, x + 14, y + 30.2, x - 1, y + 28]
            box = np.zeros((height, width), bool)
            box[y : y + 29, x : x + 15] = True
            shown = [[polygon], encode_rle(box), {"size": [height, width]}][k]
            if k == 2:
                shown["counts"] = runs(box)
            row = {"image_id": number * 10, "category_id": 1, "segmentation": shown}
            truth = {
                **row,
                "id": len(truths) + 1,
                "iscrowd": int(k == 2 and number == 3),
            }
            area = [0, 0, 15, 29]
            truths.append({**truth, "area": 435, "bbox": area})
            moved = np.roll(box, int(rng.integers(0, 6)), axis=1)
            score = round(float(rng.random()), 1)  # with ties
            found.append({**row, "segmentation": encode_rle(moved), "score": score})
    truths.append({**truths[0], "id": 999, "category_id": 2})
    categories = [{"id": 1, "name": "person"}, {"id": 2, "name": "dog"}]
    document = {"images": images, "annotations": truths, "categories": categories}
    (tmp_path / "truth.json").write_text(json.dumps(document))
    (tmp_path / "found.json").write_text(json.dumps(found))
    return document, found


@pytest.mark.parametrize(
    "number", [lambda i: i, lambda i: 1000 - i, lambda i: i * 7 % 41]
)
def test_ap_equals_pycocotools(evaluate, dataset, tmp_path, number):
    """Whatever numbers images have: equal scores go by them, not by names."""
    document, found = dataset
    for row in [*document["annotations"], *found]:
        row["image_id"] = number(row["image_id"])
    for image in document["images"]:
        image["id"] = number(image["id"])
    (tmp_path / "truth.json").write_text(json.dumps(document))
    (tmp_path / "found.json").write_text(json.dumps(found))
    done = evaluate("found.json", "truth.json", "--json")
    assert done.code == 0, done.err
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO("truth.json")
        judge = COCOeval(truth, truth.loadRes("found.json"), "segm")
        judge.params.catIds = [1]
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    figures = done.json["figures"]
    for name, want in zip(("ap", "ap50", "ap75"), judge.stats[:3], strict=True):
        assert figures[name]["value"] == pytest.approx(want, abs=1e-6)
    assert 0.2 < figures["ap"]["value"] < 0.99


def test_a_document_goes_by_file_name(evaluate, dataset, tmp_path):
    document, found = dataset
    names = {image["id"]: image["file_name"] for image in document["images"]}
    ids = {name: i for i, name in enumerate(sorted(names.values(), reverse=True))}
    rows = [{**r, "image_id": ids[names[r["image_id"]]]} for r in found]
    images = [{"id": i, "file_name": name} for name, i in ids.items() if i]
    rows = [row for row in rows if row["image_id"]]
    own = {"images": images, "annotations": rows}
    (tmp_path / "own.json").write_text(json.dumps(own))
    done = evaluate("own.json", "truth.json", "--json")
    assert done.code == 1
    assert done.json["missing"] == ["sub/6"]
    assert done.json["ok"] == 5


def _drop(key):
    return lambda d, _: d["annotations"][0].pop(key)


def _set(key, value):
    return lambda d, _: d["annotations"][0].update({key: value})


def _first(key, value):
    return lambda _, f: f[0].update({key: value})


def _twice(key, value):
    return lambda d, _: d["images"][1].update({key: value})


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        (_set("image_id", 5), 2, "truth.json: annotation 1 is of image 5"),
        (_first("image_id", 5), 2, "found.json: annotation"),
        (_drop("image_id"), 2, "truth.json: is not valid COCO"),
        (lambda d, _: d.pop("images"), 2, "truth.json: must be a COCO document"),
        (lambda d, _: d.update(images=[], annotations=[]), 2, "lists no images"),
        (lambda _, f: f[0].pop("score"), 2, "found.json: every result must have"),
        (_drop("segmentation"), 1, "annotation 1: segmentation must be RLE"),
        (_set("segmentation", [[1, 2, 3, 4]]), 1, "three corners"),
        (_set("segmentation", [[1, 2, 3, 4, 5, None]]), 1, "annotation 1"),
        (_first("segmentation", {"size": [51, 70], "counts": "xyz~"}), 1, "found.json"),
        (_first("segmentation", {"size": [2, 2], "counts": "4"}), 1, "70x51"),
        (_first("segmentation", {"size": [10**6] * 2, "counts": [10**12]}), 1, "70x51"),
        (
            _first("segmentation", {"size": 3, "counts": "4"}),
            1,
            "found.json: sub/1.jpg",
        ),
        (_set("segmentation", {"size": [2, 2], "counts": "4"}), 1, "truth.json: sub/1"),
        (
            _first("score", "high"),
            1,
            "found.json: sub/1.jpg: annotation (no id): score",
        ),
        (_first("score", float("nan")), 1, "found.json: sub/1.jpg: annotation (no id)"),
        (_first("score", None), 1, "score must be a finite number; got None"),
        (_twice("id", 10), 2, "truth.json: two images have the id 10"),
        (_twice("file_name", "sub/1.jpg"), 2, "two images have the name 'sub/1.jpg'"),
        (lambda d, _: d["images"][0].pop("height"), 1, "height and width"),
    ],
)
def test_bad_files_are_named(evaluate, dataset, tmp_path, spoil, code, words):
    document, found = dataset
    spoil(document, found)
    (tmp_path / "truth.json").write_text(json.dumps(document))
    (tmp_path / "found.json").write_text(json.dumps(found))
    done = evaluate("found.json", "truth.json", "--json")
    assert done.code == code
    assert words in done.err


def test_a_file_that_is_no_json(evaluate, dataset, tmp_path):
    (tmp_path / "found.json").write_text("[{")
    done = evaluate("found.json", "truth.json")
    assert done.code == 2
    assert "found.json: is not JSON" in done.err
