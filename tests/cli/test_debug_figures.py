"""``portraitkit split --debug-figures``: one picture that explains each split."""

import json

import numpy as np
import pytest
from PIL import Image

BOXES = [[20, 20, 150, 256], [110, 60, 250, 256]]
COLORS = (230, 97, 1), (33, 113, 181)
PANEL, GAP, TITLE = 600, 16, 30


def manifest(folder):
    return [json.loads(x) for x in (folder / "manifest.jsonl").read_text().splitlines()]


@pytest.fixture
def given(photos, tmp_path):
    """A mask and two overlapping boxes for the portrait, none for the cup."""
    (tmp_path / "masks/sub").mkdir(parents=True)
    mask = np.zeros((256, 256), bool)
    mask[30:250, 30:240] = True
    Image.fromarray(mask).save(tmp_path / "masks/sub/a.png")
    Image.new("1", (200, 200)).save(tmp_path / "masks/cup.png")
    (tmp_path / "b.json").write_text(json.dumps({"sub/a.jpg": BOXES, "cup.png": []}))
    return "--masks", "masks", "--boxes", "b.json"


def panels(path):
    """Return the page's panels of a square photograph, in order."""
    page = np.asarray(Image.open(path))
    assert page.shape[1] == 3 * (PANEL + GAP) + GAP
    step = PANEL + TITLE + GAP
    rows = (page.shape[0] - GAP) // step
    return [
        page[y + TITLE : y + TITLE + PANEL, x : x + PANEL]
        for y in (GAP + row * step for row in range(rows))
        for x in (GAP + column * (PANEL + GAP) for column in range(3))
        if page[y + TITLE : y + TITLE + PANEL, x : x + PANEL].std() > 1
    ]


def share(panel, color):
    return (np.abs(panel.astype(int) - color).max(axis=-1) <= 2).mean()


@pytest.mark.parametrize("method", ["auto", "chi2-geodesic", "nearest-box"])
def test_the_picture_shows_what_the_split_went_by(cli, given, tmp_path, method):
    done = cli(
        "split", "in", "-o", "out", *given, "--debug-figures", "--method", method
    )
    assert done.code == 0, done.err
    nobody, two = manifest(tmp_path / "out")
    assert "sub/a.debug.png" in two["files"]
    assert "cup.debug.png" in nobody["files"]
    found = panels(tmp_path / "out/sub/a.debug.png")
    boxes, seeds, superpixels, *distances, confidence, result = found
    assert len(distances) == len(BOXES)
    for color in COLORS:
        assert share(boxes, color) > 0.005
    # What only one box holds is tinted, what both hold nearly white.
    assert seeds[300, 120, 0] > seeds[300, 120, 2] + 60
    assert seeds[300, 500, 2] > seeds[300, 500, 0] + 60
    assert seeds[400, 300].min() > 170
    assert share(superpixels, (255, 235, 60)) > 0.02
    light = (252, 250, 200)
    for own, heat in enumerate(distances):
        assert share(heat[300:320, 110:130], light) == (1 if own == 0 else 0)
        assert share(heat[300:320, 490:510], light) == (1 if own == 1 else 0)
        assert share(heat, COLORS[own]) > 0.003
    assert share(confidence[300:320, 110:130], light) == 1
    assert result[300, 120, 0] > result[300, 120, 2] + 60
    assert len(panels(tmp_path / "out/cup.debug.png")) >= 2


def test_equal_bytes_from_processes_and_none_unasked(cli, given, tmp_path):
    flags = (*given, "--debug-figures")
    assert cli("split", "in", "-o", "one", *flags).code == 0
    assert cli("split", "in", "-o", "two", *flags, "--jobs", "2").code == 0
    for name in ("cup.debug.png", "sub/a.debug.png"):
        one, two = (tmp_path / folder / name for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    assert cli("split", "in", "-o", "one", *given, "--overwrite").code == 0
    assert not list((tmp_path / "one").rglob("*.debug.png"))


def test_resume_draws_only_what_is_missing(cli, given, tmp_path):
    flags = ("split", "in", "-o", "out", *given, "--debug-figures")
    assert cli(*flags).code == 0
    kept, lost = (tmp_path / "out" / n for n in ("cup.debug.png", "sub/a.debug.png"))
    stamp, content = kept.stat().st_mtime_ns, lost.read_bytes()
    lost.unlink()
    assert cli(*flags, "--resume").code == 0
    assert kept.stat().st_mtime_ns == stamp
    assert lost.read_bytes() == content
    without = cli("split", "in", "-o", "out", *given, "--resume")
    assert without.code == 2
    assert "other settings" in without.err


def test_own_figures_are_no_inputs(cli, given, tmp_path):
    boxes = json.loads((tmp_path / "b.json").read_text())
    assert cli("split", "in", "-o", "in", *given, "--debug-figures").code == 0
    assert (
        cli("split", "in", "-o", "in", *given, "--debug-figures", "--resume").code == 0
    )
    assert {r["input"] for r in manifest(tmp_path / "in")} == set(boxes)


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (300, 2)])
def test_odd_shapes(cli, tmp_path, shape):
    (tmp_path / "masks").mkdir()
    Image.new("RGB", shape[::-1], "red").save(tmp_path / "odd.png")
    Image.new("1", shape[::-1], 1).save(tmp_path / "masks/odd.png")
    boxes = {"odd.png": [[0, 0, 2, 700], [0, 0, 700, 2], [-9, -9, -1, -1]]}
    (tmp_path / "b.json").write_text(json.dumps(boxes))
    arguments = ("--masks", "masks", "--boxes", "b.json", "--debug-figures")
    done = cli("split", "odd.png", "-o", "out", *arguments)
    assert done.code == 0, done.err
    with Image.open(tmp_path / "out/odd.debug.png") as page:
        assert page.size[0] == 3 * (PANEL + GAP) + GAP
        assert page.size[1] <= 3 * (2 * PANEL + TITLE + GAP) + GAP
