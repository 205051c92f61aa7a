"""``portraitkit segment``, ``trimap`` and ``grade``."""

import io
import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image

from portraitkit.io import read_mask
from portraitkit.matting import trimap


def picture(data):
    return np.asarray(Image.open(io.BytesIO(data)))


def as_png(array):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def mask():
    mask = np.zeros((60, 50), bool)
    mask[20:, 10:40] = True
    return mask


def test_segment_writes_one_mask_each(cli, photos, tmp_path):
    assert cli("segment", "in", "-o", "out").code == 0
    assert read_mask(tmp_path / "out/sub/a.mask.png").any()
    assert not read_mask(tmp_path / "out/cup.mask.png").any()


def test_segment_equals_split(cli, photos, tmp_path):
    cli("segment", "in", "-o", "one")
    cli("split", "in", "-o", "two")
    name = "sub/a.mask.png"
    assert (tmp_path / "one" / name).read_bytes() == (
        tmp_path / "two" / name
    ).read_bytes()


@pytest.mark.parametrize("kind", ["bool", "255", "1", "rgb"])
def test_trimap_of_a_mask_file(cli, tmp_path, mask, kind):
    array = {
        "bool": mask,
        "255": mask * np.uint8(255),
        "1": mask.astype(np.uint8),
        "rgb": np.repeat((mask * np.uint8(255))[..., None], 3, axis=2),
    }[kind]
    Image.fromarray(array).save(tmp_path / "m.png")
    assert cli("trimap", "m.png", "-o", "out", "--width", "6").code == 0
    got = np.asarray(Image.open(tmp_path / "out/m.trimap.png"))
    assert_array_equal(got, trimap(mask, width=6))
    record = json.loads((tmp_path / "out/manifest.jsonl").read_text())
    assert (record["from"], record["status"]) == ("mask", "ok")


def test_trimap_of_a_photograph(cli, photos, tmp_path):
    assert cli("trimap", "in", "-o", "out").code == 0
    got = np.asarray(Image.open(tmp_path / "out/sub/a.trimap.png"))
    assert set(np.unique(got)) == {0, 128, 255}
    assert not np.asarray(Image.open(tmp_path / "out/cup.trimap.png")).any()


class TestStdin:
    """Bytes in, bytes out, nothing else on stdout (a real process)."""

    def run(self, *arguments, stdin, cwd):
        import subprocess
        import sys

        return subprocess.run(
            [sys.executable, "-m", "portraitkit", *arguments],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            check=False,
        )

    def test_trimap(self, tmp_path, mask):
        done = self.run("trimap", "-", stdin=as_png(mask), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert_array_equal(picture(done.stdout), trimap(mask))
        assert done.stderr == b""
        assert list(tmp_path.iterdir()) == []

    def test_segment(self, tmp_path, portrait):
        done = self.run("segment", "-", stdin=as_png(portrait), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert picture(done.stdout).shape == (256, 256)

    def test_no_picture(self, tmp_path):
        done = self.run("segment", "-", stdin=b"nonsense", cwd=tmp_path)
        assert done.returncode == 1
        assert done.stdout == b""
        assert len(done.stderr.splitlines()) == 1


class TestGrade:
    def test_table(self, cli, photos):
        done = cli("grade", "in")
        assert done.code == 0
        assert "no face" in done.out
        assert "sub/a.jpg" in done.out

    def test_json(self, cli, photos):
        records = cli("grade", "in", "--json").json["records"]
        nobody, one = records
        assert (nobody["shot"], nobody["face_ratio"]) == ("no face", 0)
        assert one["shot"] == "whole body"
        assert len(one["boxes"]) == 1

    def test_bad_file(self, cli, photos):
        done = cli("grade", "in/cup.png", "absent.jpg")
        assert done.code == 1
        assert "absent.jpg: no such file" in done.err
        assert "cup.png" in done.out

    def test_records_to_a_folder(self, cli, photos, tmp_path):
        assert cli("grade", "in", "-o", "out").code == 0
        text = (tmp_path / "out/manifest.jsonl").read_text()
        assert [json.loads(line)["shot"] for line in text.splitlines()] == [
            "no face",
            "whole body",
        ]
        assert cli("grade", "in", "-o", "out").code == 2
        assert cli("grade", "in", "-o", "out", "--overwrite").code == 0
