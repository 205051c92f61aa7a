"""Grades and faces from what other commands wrote."""

import json

import pytest

from portraitkit.batch.evaluate.grades import grades_for, read_grades


def test_grade_output(tmp_path):
    path = tmp_path / "g.json"
    good = {"input": "sub/a.jpg", "status": "ok", "shot": "head shot"}
    good |= {"boxes": [[1, 2, 30, 40]], "face_ratio": 0.4, "scores": [1]}
    nobody = {**good, "input": "d.jpg", "shot": "no face", "boxes": []}
    failed = {"input": "b.jpg", "status": "failed"}
    path.write_text(json.dumps({"records": [good, nobody, failed]}))
    grades = read_grades(path)
    assert list(grades) == ["sub/a", "d"]
    assert grades["d"].faces == ()
    assert grades["sub/a"].faces == ((1.0, 2.0, 30.0, 40.0),)
    assert grades_for(["sub/a", "c"], grades) == {"sub/a": grades["sub/a"]}


def test_manifest_has_persons_for_boxes(tmp_path):
    path = tmp_path / "manifest.jsonl"
    record = {"input": "a.jpg", "status": "ok", "shot": "no face", "boxes": [[1, 2]]}
    path.write_text(json.dumps(record) + "\n")
    assert read_grades(path)["a"].shot == "no face"
    assert read_grades(path)["a"].faces == ()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("g.json", "[1]", "must hold grades"),
        ("g.json", "{", "is not JSON"),
        ("g.jsonl", "{", "is not JSON, line by line"),
        ("g.json", '{"a": 3}', "a must have a shot grade or a face"),
        ("g.json", '{"a": "selfie"}', "a grade must be one of head shot"),
        ("g.json", '{"a": [5, 5, 1, 9]}', "x1 < x2"),
        ("g.json", '{"a": [5, 5]}', "x1 < x2"),
        ("g.json", '{"records": [{"status": "ok"}]}', "record without grade"),
    ],
)
def test_refusals_name_the_file(tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ValueError, match=words) as caught:
        read_grades(path)
    assert str(path) in str(caught.value)
