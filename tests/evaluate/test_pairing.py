"""What is compared with what, and what is said of the rest."""

from pathlib import Path

import numpy as np
import pytest

from portraitkit.batch.evaluate.pairing import align, find_files
from portraitkit.cli.verdict import _trouble


def test_missing_extra_and_missized_are_listed(evaluate, folders, save, tmp_path):
    (tmp_path / "near/a/0.png").unlink()
    save("near/b/more.png", np.eye(3, dtype=bool))
    save("near/b/1.png", np.eye(7, 9, dtype=bool))
    (tmp_path / "near/a/2.png").write_bytes(b"no picture")
    done = evaluate("near", "truth", "--json")
    assert done.code == 1
    found = done.json
    assert found["missing"] == ["a/0"]
    assert found["extra"] == ["b/more"]
    assert [one["input"] for one in found["mis_sized"]] == ["b/1"]
    assert "50x60" in found["mis_sized"][0]["error"]
    assert "9x7" in found["mis_sized"][0]["error"]
    assert [one["input"] for one in found["failed"]] == ["a/2"]
    assert (found["pairs"], found["ok"]) == (5, 3)
    for words in ("no prediction for a/0", "no truth for b/more", "b/1.png", "a/2.png"):
        assert words in done.err


def test_extra_predictions_alone_are_no_failure(evaluate, folders, save):
    save("near/a/more.png", np.eye(3, dtype=bool))
    assert evaluate("near", "truth").code == 0


def test_a_rival_that_lacks_a_picture_fails_the_run(evaluate, folders, save, tmp_path):
    (tmp_path / "far/a/0.png").unlink()
    save("far/a/2.png", np.eye(3, dtype=bool))
    done = evaluate("near", "truth", "--against", "far", "--json")
    assert done.code == 1
    assert done.json["against_missing"] == ["a/0"]
    assert done.json["ok"] == 6
    contest = done.json["comparison"]["iou"]
    assert contest["better"] == 4
    assert "far/a/2.png" in done.err


def test_own_endings(tmp_path):
    for name in ("a.mask.png", "a.instances.png", "a.person-1.trimap.png", "b.png"):
        (tmp_path / name).touch()
    (tmp_path / "a.png").touch()
    (tmp_path / ".hidden.png").touch()
    masks = find_files(tmp_path, "mask")
    assert {n: p.name for n, p in masks.files.items()} == {
        "a": "a.mask.png",
        "b": "b.png",
    }
    assert not masks.doubles
    labels = find_files(tmp_path, "labels")
    assert labels.files["a"].name == "a.instances.png"


def test_names_that_two_files_share(evaluate, save):
    for ending in ("png", "bmp"):
        save(f"near/x.{ending}", np.eye(4, dtype=bool))
    save("truth/x.png", np.eye(4, dtype=bool))
    done = evaluate("near", "truth", "--json")
    assert done.code == 1
    assert "same name" in done.json["same_name"][0]


@pytest.mark.parametrize(
    ("truths", "others", "want"),
    [
        (["a", "b"], ["b", "c"], {"b": "b"}),
        (["a"], ["a.jpg"], {"a": "a.jpg"}),
        (["a"], ["a.jpg", "a.png"], {}),
        (["a.jpg", "a.png"], ["a.jpg", "a.png"], {x: x for x in ("a.jpg", "a.png")}),
        (["a.v2"], ["a"], {}),
    ],
)
def test_align(truths, others, want):
    assert align(truths, others) == want


def test_pairs_are_in_order_of_names(evaluate, save):
    """Not of paths, whose endings mix them up."""
    for name in ("a-b", "a", "a.b", "A"):
        save(f"pred/{name}.png", np.eye(3, dtype=bool))
        save(f"truth/{name}.png", np.eye(3, dtype=bool))
    done = evaluate("pred", "truth", "--json")
    names = [record["input"] for record in done.json["records"]]
    assert names == ["A", "a", "a-b", "a.b"]


def test_a_name_inside_a_number_is_no_name():
    """Every line on stderr tells which picture it is about."""
    assert _trouble({"input": "2", "error": "must be below 256"}, "error") == (
        "2: must be below 256"
    )
    named = {"input": "sub/2", "error": "'far/sub/2.png' is empty"}
    assert _trouble(named, "error") == "'far/sub/2.png' is empty"


def test_no_pair_at_all(evaluate, folders, save):
    save("flat/0.png", np.zeros((3, 3), bool))
    done = evaluate("flat", "truth", "--json")
    assert done.code == 2
    assert done.json["pairs"] == 0
    for words in ("no prediction for a/0", "no truth for 0", "nothing to compare"):
        assert words in done.err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["nowhere", "truth"], "nowhere: no such file or folder"),
        (["empty", "truth"], "empty: holds no masks"),
        (["near", "empty"], "empty: holds no masks, label images or alpha mattes"),
        (["near", "truth", "--images", "nowhere"], "nowhere: no such folder"),
        (["near", "truth", "--grades", "bad.json"], "bad.json: a grade must be one of"),
        (["near", "truth", "--grades", "x.json"], "x.json: no such file"),
        (["near", "truth", "--kind", "coco"], "truth/coco.json"),
        (["near", "truth", "--trimaps", "empty"], "empty: no trimap for a/0"),
        (["near", "truth", "--jobs", "0"], "--jobs"),
    ],
)
def test_wrong_usage(evaluate, folders, tmp_path, line, words):
    Path("empty").mkdir()
    Path("bad.json").write_text('{"a": "selfie"}')
    done = evaluate(*line)
    assert done.code == 2
    assert words.lower() in done.err.lower()
    assert not done.out
