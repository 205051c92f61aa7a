"""``portraitkit demo`` shows the whole thing on a photograph of known truth."""

import json

import numpy as np
from PIL import Image

from portraitkit.cli.scene import COPIES, group_photo


def test_scene_has_as_many_persons_as_copies_each_sizeable():
    photo, truth = group_photo()
    assert photo.shape == (*truth.shape, 3)
    areas = np.bincount(truth.ravel())
    assert len(areas) == len(COPIES) + 1
    assert (areas[1:] > 0.05 * truth.size).all()


def test_scene_is_the_same_every_time():
    for one, other in zip(group_photo(), group_photo(), strict=True):
        assert (one == other).all()


def test_every_person_is_found_and_everything_written(cli, tmp_path):
    done = cli("demo", "-o", "out", "--json")
    assert done.code == 0, done.out + done.err
    assert done.json["persons"] == done.json["found"] == len(COPIES)
    assert done.json["mask_iou"] >= 0.9
    assert min(done.json["person_ious"]) >= 0.65
    written = {p.name for p in (tmp_path / "out").iterdir()}
    assert written == set(done.json["files"])
    record = json.loads((tmp_path / "out/manifest.jsonl").read_text())
    assert (record["input"], record["status"]) == ("group.jpg", "ok")
    with Image.open(tmp_path / "out/sheet.png") as sheet:
        assert min(sheet.size) > 1000


def test_it_may_be_run_again(cli):
    assert cli("demo", "-o", "out", "-q").code == 0
    again = cli("demo", "-o", "out")
    assert again.code == 0
    assert "persons found: 3 of 3" in again.out


def test_a_folder_that_cannot_be_written(cli, tmp_path):
    (tmp_path / "file").write_text("")
    done = cli("demo", "-o", "file/out")
    assert done.code == 1
    assert "can't be written" in done.err
