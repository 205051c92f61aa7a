"""Folders of masks: figures, tables, comparison."""

import csv
import io

import numpy as np
import pytest

from portraitkit.io import read_mask
from portraitkit.metrics import ConfusionMatrix, band_iou, contour_accuracy, iou


def pairs(folder, truth="truth"):
    for path in sorted(truth.rglob("*.png")):
        yield read_mask(folder / path.relative_to(truth)), read_mask(path)


def test_figures_are_means_of_the_metrics(evaluate, folders, tmp_path):
    done = evaluate("far", "truth", "--json")
    assert done.code == 0, done.err
    both = list(pairs(tmp_path / "far", tmp_path / "truth"))
    figures = {name: f["value"] for name, f in done.json["figures"].items()}
    for name, metric in (
        ("iou", iou),
        ("contour_accuracy", contour_accuracy),
        ("band_iou", band_iou),
    ):
        assert figures[name] == pytest.approx(np.mean([metric(a, b) for a, b in both]))
    matrix = ConfusionMatrix(2)
    for prediction, truth in both:
        matrix.update(prediction, truth)
    assert figures["pixel_accuracy"] == pytest.approx(matrix.pixel_accuracy)
    assert figures["class_accuracy"] == pytest.approx(matrix.class_accuracy)
    assert figures["mean_class_iou"] == pytest.approx(matrix.mean_iou)
    wanted = matrix.frequency_weighted_iou
    assert figures["frequency_weighted_iou"] == pytest.approx(wanted)


def test_intervals_hold_the_figure_and_come_from_the_seed(evaluate, folders):
    first = evaluate("far", "truth", "--json").json
    again = evaluate("far", "truth", "--json", "--jobs", "2").json
    other = evaluate("far", "truth", "--json", "--seed", "1").json
    assert first == again
    assert first["figures"]["iou"]["value"] == other["figures"]["iou"]["value"]
    assert first["figures"]["iou"] != other["figures"]["iou"]
    for figure in first["figures"].values():
        assert figure["low"] <= figure["value"] <= figure["high"]


def test_comparison_says_which_by_how_much_and_on_how_many(evaluate, folders):
    done = evaluate("near", "truth", "--against", "far", "--json").json
    contest = done["comparison"]["iou"]
    assert contest["verdict"] == "first"
    assert (contest["better"], contest["worse"], contest["equal"]) == (6, 0, 0)
    gap = done["figures"]["iou"]["value"] - done["against_figures"]["iou"]["value"]
    assert contest["difference"]["value"] == pytest.approx(gap)
    assert 0 < contest["difference"]["low"] <= gap <= contest["difference"]["high"]
    same = evaluate("near", "truth", "--against", "near", "--json").json
    assert same["comparison"]["iou"]["verdict"] == "undecided"
    assert same["comparison"]["iou"]["equal"] == 6


def test_sets_are_the_first_folders(evaluate, folders):
    done = evaluate("far", "truth", "--json").json
    assert [(s["name"], s["count"]) for s in done["sets"]] == [("a", 3), ("b", 3)]


def test_tables_in_the_papers_form(evaluate, folders, tmp_path):
    grades = '{"a/0.jpg": "head shot", "b/1": "far shot", "a/2": "no face"}'
    (tmp_path / "grades.json").write_text(grades)
    done = evaluate("far", "truth", "--grades", "grades.json")
    for wanted in ("BSN, table 1", "BSN, table 3", "table V", "far shot", "fwIoU"):
        assert wanted in done.out
    groups = evaluate("far", "truth", "--grades", "grades.json", "--json").json
    found = {group["name"]: group["count"] for group in groups["grades"]}
    assert found == {"head shot": 1, "far shot": 1, "no face": 1}


def test_csv_has_a_row_a_pair(evaluate, folders, tmp_path):
    (tmp_path / "far/a/0.png").unlink()
    done = evaluate("far", "truth", "--against", "near", "--csv", "deep/scores.csv")
    assert done.code == 1
    text = (tmp_path / "deep/scores.csv").read_text()
    rows = {row["input"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"a/0", "a/2", "a/4", "b/1", "b/3", "b/5"}
    assert rows["a/0"]["status"] == "missing"
    assert float(rows["b/1"]["iou"]) < float(rows["b/1"]["against_iou"]) < 1


def test_single_files(evaluate, folders):
    done = evaluate("far/a/0.png", "truth/a/0.png", "--json")
    assert done.code == 0
    assert done.json["pairs"] == 1


def test_soft_masks_need_a_threshold(evaluate, save):
    soft = np.linspace(0, 255, 100).astype(np.uint8).reshape(10, 10)
    save("soft/x.png", soft)
    save("truth/x.png", soft >= 128)
    refused = evaluate("soft", "truth")
    assert refused.code == 1
    assert "soft/x.png" in refused.err
    assert "0 and 255" in refused.err
    done = evaluate("soft", "truth", "--threshold", "128", "--json").json
    assert done["figures"]["iou"]["value"] == 1
