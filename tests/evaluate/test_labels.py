"""Label images: as persons, as classes, and with gaps."""

import json

import numpy as np
import pytest
from PIL import Image

from portraitkit.metrics import ConfusionMatrix, average_precision


@pytest.fixture
def labelled(save, rng):
    """Predictions and truths of four images, with gaps and foreign numbers."""
    sides = {"pred": [], "truth": []}
    for i in range(4):
        truth = np.zeros((40, 60), np.uint8)
        truth[5:35, 3:20], truth[8:30, 25:40], truth[10:35, 45:58] = 1, 3, 4
        found = np.roll(np.array([0, 7, 0, 2, 3], np.uint8)[truth], i, axis=1)
        found[rng.random(found.shape) < 0.05] = 0
        sides["truth"].append(truth)
        sides["pred"].append(found)
        save(f"truth/{i}.png", truth)
        save(f"pred/{i}.png", found)
    return sides


def split_up(labels):
    return [labels == i for i in np.unique(labels[labels > 0])]


def test_as_persons(evaluate, labelled):
    done = evaluate("pred", "truth", "--labels-are", "persons", "--json")
    assert done.code == 0, done.err
    assert done.json["kind"] == "labels"
    found = [split_up(labels) for labels in labelled["pred"]]
    wanted = average_precision(
        [(masks, [1.0] * len(masks)) for masks in found],
        [split_up(labels) for labels in labelled["truth"]],
    )
    figures = done.json["figures"]
    assert figures["ap"]["value"] == pytest.approx(wanted.ap)
    for name, at in (("ap50", 0.5), ("ap70", 0.7), ("ap90", 0.9)):
        assert figures[name]["value"] == pytest.approx(wanted.at[at])
    assert 0.7 < figures["person_iou"]["value"] < 1
    assert "pixel_accuracy" not in figures


def test_as_classes(evaluate, labelled):
    done = evaluate("pred", "truth", "--labels-are", "classes", "--json").json
    matrix = ConfusionMatrix(8)
    for prediction, truth in zip(labelled["pred"], labelled["truth"], strict=True):
        matrix.update(prediction, truth)
    figures = {name: f["value"] for name, f in done["figures"].items()}
    assert figures["pixel_accuracy"] == pytest.approx(matrix.pixel_accuracy)
    assert figures["class_accuracy"] == pytest.approx(matrix.class_accuracy)
    assert figures["mean_class_iou"] == pytest.approx(matrix.mean_iou)
    wanted = matrix.frequency_weighted_iou
    assert figures["frequency_weighted_iou"] == pytest.approx(wanted)
    assert "ap" not in figures


def test_both_tables_by_default(evaluate, labelled):
    done = evaluate("pred", "truth")
    assert "AP50" in done.out
    assert "table 3" in done.out
    assert "fwIoU" in done.out


def test_scores_of_a_split_folder_count(evaluate, save, tmp_path):
    truth = np.zeros((20, 40), np.uint8)
    truth[2:18, 2:15] = 1
    wrong = np.zeros_like(truth)
    wrong[2:18, 20:30], wrong[2:18, 2:15] = 1, 2
    save("truth/sub/a.png", truth)
    save("pred/sub/a.instances.png", wrong)
    before = evaluate("pred", "truth", "--kind", "labels", "--json").json
    record = {"input": "sub/a.jpg", "status": "ok", "scores": [0.1, 0.9]}
    (tmp_path / "pred/manifest.jsonl").write_text(json.dumps(record) + "\n")
    after = evaluate("pred", "truth", "--kind", "labels", "--json").json
    assert before["figures"]["ap"]["value"] == pytest.approx(0.5)
    assert after["figures"]["ap"]["value"] == 1
    assert "pixel_accuracy" not in after["figures"]


def test_pictures_that_are_no_labels(evaluate, labelled, tmp_path):
    Image.new("RGB", (60, 40)).save(tmp_path / "pred/0.png")
    Image.new("L", (6, 4)).save(tmp_path / "pred/1.png")
    done = evaluate("pred", "truth", "--kind", "labels", "--json")
    assert done.code == 1
    assert "pred/0.png" in done.json["failed"][0]["error"]
    assert "pred/1.png" in done.json["mis_sized"][0]["error"]


def test_too_many_labels_for_classes(evaluate, tmp_path):
    for side in ("pred", "truth"):
        (tmp_path / side).mkdir()
        many = np.arange(900, dtype=np.uint16).reshape(30, 30)
        Image.fromarray(many).save(tmp_path / side / "2.png")
    line = ("pred", "truth", "--kind", "labels")
    refused = evaluate(*line)
    assert refused.code == 1
    assert "truth/2.png: as classes, labels must be below 256; got 899" in refused.err
    assert evaluate(*line, "--labels-are", "persons").code == 0


def test_nobody_anywhere(evaluate, save):
    for side in ("pred", "truth"):
        save(f"{side}/x.png", np.zeros((5, 5), np.uint8))
    done = evaluate("pred", "truth", "--kind", "labels", "--json")
    assert done.code == 0
    assert done.json["figures"]["ap"]["value"] is None
    assert done.json["figures"]["iou"]["value"] == 1
