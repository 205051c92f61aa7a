"""Every input gets its record, whatever happens to it or to its process."""

import pytest
from fakes import CopyJob, ImpossibleJob

from portraitkit.batch.engine import SetupError, run
from portraitkit.batch.inputs import Input


def inputs(folder, *names):
    items = []
    for name in names:
        path = folder / name
        path.write_text(name)
        items.append(Input(path, name, path.stem))
    return items


def by_name(records):
    return {record["input"]: record for record in records}


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_bad_input_does_not_stop_the_others(tmp_path, jobs):
    items = inputs(tmp_path, "a", "raise", "b", "bug", "c")
    items.insert(1, Input(tmp_path / "gone", "gone", "gone", "gone: no such file"))
    got = by_name(run(CopyJob(tmp_path), items, jobs=jobs))
    assert set(got) == {"a", "raise", "b", "bug", "c", "gone"}
    assert [got[name]["status"] for name in "abc"] == ["ok"] * 3
    assert got["raise"]["error"] == "raise is bad"  # on one line
    assert got["bug"]["error"].startswith("ZeroDivisionError")
    assert got["gone"]["error"] == "gone: no such file"
    assert all(record["seconds"] >= 0 for record in got.values())


def test_a_process_that_dies_costs_its_own_input_only(tmp_path):
    items = inputs(tmp_path, "a", "b", "die", "c", "d", "e", "f")
    got = by_name(run(CopyJob(tmp_path), items, jobs=2))
    assert [name for name in got if got[name]["status"] == "failed"] == ["die"]
    assert "its process died" in got["die"]["error"]
    assert len(got) == 7


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_job_that_cannot_start_says_why(tmp_path, jobs):
    items = inputs(tmp_path, "a", "b")
    with pytest.raises(SetupError, match=r"no model at there\.onnx"):
        list(run(ImpossibleJob(), items, jobs=jobs))


def test_nothing_to_do(tmp_path):
    assert list(run(ImpossibleJob(), [])) == []
