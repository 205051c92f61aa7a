"""What an output folder remembers, and how a run resumes."""

import json

import pytest
from fakes import CopyJob

from portraitkit.batch.folder import run_into
from portraitkit.batch.inputs import Input
from portraitkit.batch.manifest import Manifest, fingerprint


@pytest.fixture
def inputs(tmp_path):
    items = []
    for name in ("a", "b", "raise", "c"):
        path = tmp_path / f"{name}.jpg"
        path.write_text(name)
        items.append(Input(path, path.name, name))
    return items


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def go(out, inputs, *, resume=False, settings=0, jobs=1):
    manifest = Manifest(out, {"settings": settings})
    return list(run_into(CopyJob(out), inputs, manifest, resume=resume, jobs=jobs))


def lines(out):
    return [json.loads(x) for x in (out / "manifest.jsonl").read_text().splitlines()]


def test_records_are_in_input_order(out, inputs):
    go(out, inputs, jobs=2)
    assert [r["input"] for r in lines(out)] == ["a.jpg", "b.jpg", "raise.jpg", "c.jpg"]
    assert [r["status"] for r in lines(out)] == ["ok", "ok", "failed", "ok"]
    assert not (out / "manifest.part.jsonl").exists()


def test_a_stopped_run_resumes_where_it_was(out, inputs):
    run = run_into(CopyJob(out), inputs, Manifest(out, {"settings": 0}))
    next(run), next(run)
    run.close()
    with (out / "manifest.part.jsonl").open("a") as journal:
        journal.write('{"input": "c.jpg", "stat')  # killed while writing
    assert not (out / "manifest.jsonl").exists()
    before = (out / "a.mask.png").stat().st_mtime_ns
    got = go(out, inputs, resume=True)
    assert (out / "a.mask.png").stat().st_mtime_ns == before
    assert {r["input"] for r in got} == {"a.jpg", "b.jpg", "raise.jpg", "c.jpg"}
    assert [r["input"] for r in lines(out)] == ["a.jpg", "b.jpg", "raise.jpg", "c.jpg"]


def test_resume_does_again_what_failed_or_lost_its_file(out, inputs):
    go(out, inputs)
    (out / "b.mask.png").unlink()
    inputs[2] = Input(inputs[0].path, "raise.jpg", "mended")
    before = (out / "a.mask.png").stat().st_mtime_ns
    go(out, inputs, resume=True)
    assert (out / "b.mask.png").read_text() == "b"
    assert (out / "a.mask.png").stat().st_mtime_ns == before


def test_resume_with_other_inputs_keeps_the_earlier_records(out, inputs):
    go(out, inputs[:2])
    go(out, inputs[3:], resume=True)
    assert [r["input"] for r in lines(out)] == ["a.jpg", "b.jpg", "c.jpg"]


def test_other_settings_are_noticed(out, inputs):
    go(out, inputs)
    assert not Manifest(out, {"settings": 0}).other_settings()
    assert Manifest(out, {"settings": 1}).other_settings()


def test_doing_anew_removes_files_that_no_longer_come_out(out, inputs):
    go(out, inputs)
    record = lines(out)[0]
    (out / "a.person-9.trimap.png").write_text("old")
    record["files"].append("a.person-9.trimap.png")
    (out / "manifest.jsonl").write_text(json.dumps(record) + "\n")
    go(out, inputs)
    assert not (out / "a.person-9.trimap.png").exists()
    assert (out / "a.mask.png").exists()


def test_an_interrupted_overwrite_resumes_with_what_it_had_not_reached(out, inputs):
    go(out, inputs)
    for item in inputs:
        item.path.write_text("new " + item.path.stem)
    run = run_into(CopyJob(out), inputs, Manifest(out, {"settings": 1}))
    next(run)
    run.close()
    assert not Manifest(out, {"settings": 1}).other_settings()
    go(out, inputs, settings=1, resume=True)
    written = {name: (out / f"{name}.mask.png").read_text() for name in "abc"}
    assert written == {name: f"new {name}" for name in "abc"}
    assert [r["status"] for r in lines(out)] == ["ok", "ok", "failed", "ok"]


def test_what_an_overwrite_had_not_reached_is_no_record_of_a_resume(out, inputs):
    go(out, inputs)
    run = run_into(CopyJob(out), inputs, Manifest(out, {"settings": 0}))
    next(run)
    run.close()
    go(out, inputs[:2], resume=True)
    assert [r["input"] for r in lines(out)] == ["a.jpg", "b.jpg"]


def test_leftovers_of_a_killed_process_are_swept(out, inputs):
    (out / ".portraitkit-0123.tmp").write_text("half")
    go(out, inputs)
    assert not list(out.glob(".*"))


def test_fingerprint_depends_on_values_not_on_order():
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
