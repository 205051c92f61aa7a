"""``portraitkit split``, typed as a user would type it."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from portraitkit.io import read_labels, read_mask


def manifest(folder):
    return [json.loads(x) for x in (folder / "manifest.jsonl").read_text().splitlines()]


def tree(folder):
    return sorted(
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    )


def contents(folder):
    return {
        name: (folder / name).read_bytes()
        for name in tree(folder)
        if name != "manifest.jsonl"
    }


def timeless(folder):
    return [{**r, "seconds": 0} for r in manifest(folder)]


def test_a_folder_keeps_its_tree(cli, photos, tmp_path):
    done = cli("split", "in", "-o", "out", "--cutouts", "--coco", "--confidence")
    assert done.code == 0, done.err
    assert tree(tmp_path / "out") == [
        "coco.json",
        "cup.confidence.png",
        "cup.instances.png",
        "cup.mask.png",
        "manifest.jsonl",
        "sub/a.confidence.png",
        "sub/a.instances.png",
        "sub/a.mask.png",
        "sub/a.person-1.cutout.png",
        "sub/a.person-1.trimap.png",
    ]
    nobody, one = manifest(tmp_path / "out")
    assert (nobody["input"], nobody["status"], nobody["shot"]) == (
        "cup.png",
        "no-person",
        "no face",
    )
    assert nobody["boxes"] == []
    assert not read_mask(tmp_path / "out/cup.mask.png").any()
    assert not read_labels(tmp_path / "out/cup.instances.png").any()
    assert (one["input"], one["status"]) == ("sub/a.jpg", "ok")
    assert len(one["boxes"]) == len(one["scores"]) == 1
    assert set(one["models"]) == {"segmenter", "persons", "faces"}
    assert one["seconds"] > 0
    mask = read_mask(tmp_path / "out/sub/a.mask.png")
    assert mask.shape == (256, 256)
    assert 0.2 < mask.mean() < 0.8
    trimap = np.asarray(Image.open(tmp_path / "out/sub/a.person-1.trimap.png"))
    assert set(np.unique(trimap)) == {0, 128, 255}
    coco = json.loads((tmp_path / "out/coco.json").read_text())
    assert [image["file_name"] for image in coco["images"]] == ["cup.png", "sub/a.jpg"]
    assert coco["annotations"][0]["area"] == int(mask.sum())


def test_processes_do_not_change_the_files(cli, photos, tmp_path):
    assert cli("split", "in", "-o", "one").code == 0
    assert cli("split", "in", "-o", "two", "--jobs", "2").code == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert timeless(tmp_path / "one") == timeless(tmp_path / "two")


def test_resume_overwrite_and_neither(cli, photos, tmp_path):
    first = cli("split", "in/sub/a.jpg", "-o", "out")
    assert first.code == 0
    again = cli("split", "in/sub/a.jpg", "-o", "out")
    assert again.code == 2
    assert "--resume" in again.err
    assert "--overwrite" in again.err
    stamp = (tmp_path / "out/a.mask.png").stat().st_mtime_ns
    assert cli("split", "in/sub/a.jpg", "-o", "out", "--resume").code == 0
    assert (tmp_path / "out/a.mask.png").stat().st_mtime_ns == stamp
    assert cli("split", "in/sub/a.jpg", "-o", "out", "--overwrite").code == 0
    assert (tmp_path / "out/a.mask.png").stat().st_mtime_ns != stamp
    other = cli("split", "in/sub/a.jpg", "-o", "out", "--resume", "--width", "4")
    assert other.code == 2
    assert "other settings" in other.err
    both = cli("split", "in/sub/a.jpg", "-o", "out", "--resume", "--overwrite")
    assert both.code == 2


def test_results_without_a_manifest_are_not_overwritten_either(cli, photos, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.mask.png").write_text("precious")
    assert cli("split", "in/sub/a.jpg", "-o", "out").code == 2
    assert (tmp_path / "out/a.mask.png").read_text() == "precious"


def test_json_is_one_object_on_stdout(cli, photos):
    done = cli("split", "in", "-o", "out", "--json")
    assert done.json["ok"] == done.json["no_person"] == 1
    assert [r["input"] for r in done.json["records"]] == ["cup.png", "sub/a.jpg"]
    assert "ok" not in done.err


def test_quiet_says_nothing(cli, photos):
    done = cli("split", "in/cup.png", "-o", "out", "-q")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_max_size_shrinks_the_results(cli, photos, tmp_path):
    boxes = {"a.jpg": [[0, 0, 100, 200]]}
    (tmp_path / "b.json").write_text(json.dumps(boxes))
    arguments = ("--max-size", "128", "--boxes", "b.json")
    assert cli("split", "in/sub/a.jpg", "-o", "out", *arguments).code == 0
    (record,) = manifest(tmp_path / "out")
    assert record["size"] == [128, 128]
    assert record["boxes"] == [[0, 0, 50, 100]]
    assert read_mask(tmp_path / "out/a.mask.png").shape == (128, 128)


def test_stdin_to_stdout_and_to_a_folder(cli, photos, tmp_path):
    data = (photos / "sub/a.jpg").read_bytes()
    done = cli("split", "-", "-o", "out", stdin=data)
    assert done.code == 0, done.err
    assert (tmp_path / "out/stdin.mask.png").is_file()


class TestBoxes:
    def test_given_boxes_are_used_in_their_order(self, cli, photos, tmp_path):
        boxes = [[128, 0, 256, 256], [0, 0, 128, 256]]
        (tmp_path / "b.json").write_text(json.dumps({"sub/a.jpg": boxes}))
        assert cli("split", "in", "-o", "out", "--boxes", "b.json").code == 0
        record = manifest(tmp_path / "out")[1]
        assert record["boxes"] == boxes
        assert record["boxes_from"] == "file"
        labels = read_labels(tmp_path / "out/sub/a.instances.png")
        assert set(np.unique(labels[:, 200:])) <= {0, 1}

    def test_boxes_off_the_image_are_clipped(self, cli, photos, tmp_path):
        boxes = [[-50, -50, 400, 400], [900, 900, 950, 950]]
        (tmp_path / "b.json").write_text(json.dumps({"a.jpg": boxes}))
        done = cli("split", "in/sub/a.jpg", "-o", "out", "--boxes", "b.json")
        assert done.code == 0
        assert "a.person-2.trimap.png" not in tree(tmp_path / "out")
        (record,) = manifest(tmp_path / "out")
        assert record["boxes"] == [[0, 0, 256, 256], [256, 256, 256, 256]]

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ('{"cup.png": [[NaN, 0, 5, 5]]}', "boxes for cup.png must be finite"),
            ('{"cup.png": [[9, 0, 5, 5]]}', "boxes for cup.png must have x1 < x2"),
            ('{"cup.png": [[1, 2]]}', "boxes for cup.png must be of shape"),
            ('{"cup.png": ["left"]}', "boxes for cup.png must be"),
            ('{"zebra.jpg": []}', "boxes for 'zebra.jpg', not an input"),
        ],
    )
    def test_bad_boxes_fail_one_input(self, cli, photos, tmp_path, text, error):
        (tmp_path / "b.json").write_text(text)
        done = cli("split", "in", "-o", "out", "--boxes", "b.json")
        assert done.code == 1
        assert error in done.err
        assert len(done.err.strip().splitlines()) == 2  # the error and the summary
        records = {r["input"]: r for r in manifest(tmp_path / "out")}
        assert records["sub/a.jpg"]["status"] == "ok"
        assert "failed" in [r["status"] for r in records.values()]

    def test_a_file_that_is_no_boxes_is_wrong_usage(self, cli, photos, tmp_path):
        (tmp_path / "b.json").write_text("nonsense")
        done = cli("split", "in", "-o", "out", "--boxes", "b.json")
        assert done.code == 2
        assert "b.json" in done.err
        assert cli("split", "in", "-o", "out", "--boxes", "absent.json").code == 2


class TestMasks:
    def test_given_masks_are_split(self, cli, photos, tmp_path):
        (tmp_path / "masks/sub").mkdir(parents=True)
        mask = np.zeros((256, 256), np.uint8)
        mask[100:, 50:90] = mask[100:, 150:200] = 255
        Image.fromarray(mask).save(tmp_path / "masks/sub/a.png")
        (tmp_path / "b.json").write_text(
            json.dumps({"sub/a.jpg": [[40, 90, 100, 256], [140, 90, 210, 256]]})
        )
        arguments = ("--masks", "masks", "--boxes", "b.json")
        done = cli("split", "in", "-o", "out", *arguments)
        assert done.code == 1  # cup.png has no mask
        assert "no mask for" in done.err
        labels = read_labels(tmp_path / "out/sub/a.instances.png")
        assert np.array_equal(labels, (mask > 0) * (1 + (np.arange(256) > 120)))

    def test_masks_shrink_with_the_photograph(self, cli, photos, tmp_path):
        (tmp_path / "masks").mkdir()
        mask = np.zeros((256, 256), bool)
        mask[128:] = True
        Image.fromarray(mask).save(tmp_path / "masks/a.png")
        arguments = ("--masks", "masks", "--max-size", "64")
        assert cli("split", "in/sub/a.jpg", "-o", "out", *arguments).code == 0
        got = read_mask(tmp_path / "out/a.mask.png")
        assert np.array_equal(got, mask[::4, ::4])

    def test_a_mask_of_another_size_is_refused(self, cli, photos, tmp_path):
        (tmp_path / "masks").mkdir()
        Image.new("L", (9, 7)).save(tmp_path / "masks/cup.png")
        done = cli("split", "in/cup.png", "-o", "out", "--masks", "masks")
        assert done.code == 1
        assert "200x200; got 9x7" in done.err
        assert tree(tmp_path / "out") == ["manifest.jsonl"]


def write_bad_files(folder, portrait):
    """All of them are pictures by their names; one is one."""
    Image.fromarray(portrait).save(folder / "good é\n name.png")
    buffer = io.BytesIO()
    Image.fromarray(portrait).save(buffer, "JPEG")
    (folder / "zero.jpg").write_bytes(b"")
    (folder / "truncated.jpg").write_bytes(buffer.getvalue()[:2000])
    (folder / "text.png").write_text("this is no picture")
    (folder / "folder.jpg").mkdir()
    (folder / "bomb.png").write_bytes(png_header(30_000, 30_000))
    Image.new("RGB", (1, 1)).save(folder / "one.png")
    Image.new("RGB", (1, 700)).save(folder / "thin.png")
    Image.fromarray(portrait).save(folder / "really-png.jpg", "PNG")
    return {"zero.jpg", "truncated.jpg", "text.png", "folder.jpg", "bomb.png"}


def png_header(width, height):
    import struct
    import zlib

    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize("jobs", [1, 2])
def test_bad_files_cost_themselves_only(cli, tmp_path, portrait, jobs):
    (tmp_path / "in").mkdir()
    bad = write_bad_files(tmp_path / "in", portrait)
    done = cli("split", "in", "-o", "out", "--jobs", jobs)
    assert done.code == 1
    records = {r["input"]: r for r in manifest(tmp_path / "out")}
    assert {n for n, r in records.items() if r["status"] == "failed"} == bad
    lines = done.err.strip().splitlines()
    assert len(lines) == len(bad) + 1
    for name in bad:
        assert sum(line.startswith(f"portraitkit: {name}: ") for line in lines) == 1
        assert records[name]["files"] == []
        assert records[name]["error"]
    assert records["one.png"]["status"] == records["thin.png"]["status"] == "no-person"
    assert records["good é\n name.png"]["status"] == "ok"
    written = [f for r in records.values() for f in r["files"]]
    assert sorted([*written, "manifest.jsonl"]) == tree(tmp_path / "out")


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            (("in",), "no output folder"),
            (("-o", "out"), "no inputs"),
            (("empty", "-o", "out"), "no pictures in empty"),
            (("in", "-", "-o", "out"), "can't be mixed"),
            (("in", "-o", "in/cup.png"), "is a file"),
            (("in", "-o", "out", "--segmenter", "absent.onnx"), "absent.onnx"),
            (("in", "-o", "out", "--masks", "absent"), "no such folder"),
            (("in", "-o", "out", "--device", "cuda"), "device must be"),
            (("in", "-o", "out", "--threshold", "7"), "threshold must be"),
            (("--from-file", "absent.txt", "-o", "out"), "absent.txt"),
            (("in", "-o", "out", "--jobs", "0"), "--jobs"),
            (("in", "-o", "out", "--method", "magic"), "--method"),
        ],
    )
    def test_wrong_usage_is_exit_2(self, cli, photos, tmp_path, arguments, error):
        (tmp_path / "empty").mkdir()
        done = cli("split", *arguments)
        assert done.code == 2
        assert error in done.err

    def test_missing_input_fails_alone(self, cli, photos, tmp_path):
        done = cli("split", "absent.jpg", "in/cup.png", "-o", "out")
        assert done.code == 1
        assert "absent.jpg: no such file" in done.err
        assert [r["status"] for r in manifest(tmp_path / "out")] == [
            "failed",
            "no-person",
        ]

    def test_an_output_folder_that_cannot_be_made(self, cli, photos):
        done = cli("split", "in", "-o", "in/cup.png/out")
        assert done.code in (1, 2)
        assert "in/cup.png/out" in done.err

    def test_inputs_from_a_list(self, cli, photos, tmp_path):
        (tmp_path / "list.txt").write_text("in/cup.png\nin/sub/a.jpg\n")
        assert cli("split", "--from-file", "list.txt", "-o", "out").code == 0
        assert [r["input"] for r in manifest(tmp_path / "out")] == ["cup.png", "a.jpg"]
