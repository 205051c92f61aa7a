"""``portraitkit doctor`` finds what is broken and says the cure."""

import sys

import pytest

from portraitkit.cli import checkup


def states(findings):
    return {finding.what: finding.state for finding in findings}


def test_a_healthy_installation(cli):
    done = cli("doctor", "--json")
    assert done.code == 0, done.out
    assert done.json["healthy"]
    seen = {finding["what"] for finding in done.json["findings"]}
    assert {"portraitkit", "numpy", "OpenCV loads", "numba cache"} <= seen


def test_for_people(cli):
    done = cli("doctor")
    assert done.code == 0
    assert "OpenCV loads" in done.out


def test_two_onnxruntime_wheels(monkeypatch):
    monkeypatch.setattr(checkup, "installed", lambda names: [f"{n} 1.0" for n in names])
    found = {f.what: f for f in checkup._onnxruntime()}
    finding = found["onnxruntime wheels"]
    assert finding.state == "problem"
    assert "pip uninstall -y onnxruntime onnxruntime-gpu" in finding.cure


def test_two_opencv_wheels(monkeypatch):
    monkeypatch.setattr(checkup, "installed", lambda names: [f"{n} 4.1" for n in names])
    assert states(checkup._opencv())["OpenCV wheels"] == "problem"


def test_no_onnxruntime_is_no_problem(monkeypatch):
    monkeypatch.setattr(checkup, "installed", lambda _: [])
    (finding,) = checkup._onnxruntime()
    assert finding.state == "note"
    assert "portraitkit[gpu]" in finding.cure


def fail(message):
    def import_module(_name):
        raise ImportError(message)

    return import_module


def test_opencv_without_its_system_library(monkeypatch):
    message = "libGL.so.1: cannot open shared object file"
    monkeypatch.setattr(checkup, "import_module", fail(message))
    found = {f.what: f for f in checkup._opencv()}["OpenCV"]
    assert found.state == "problem"
    assert "libGL.so.1" in found.seen
    assert "libgl1" in found.cure


def test_broken_onnxruntime(monkeypatch):
    monkeypatch.setattr(checkup, "installed", lambda _: ["onnxruntime 1.0"])
    monkeypatch.setattr(checkup, "import_module", fail("no capi"))
    (finding,) = checkup._onnxruntime()
    assert (finding.state, "no capi" in finding.seen) == ("problem", True)


def test_missing_package(monkeypatch):
    monkeypatch.setattr(checkup, "requires", lambda _: ["nosuchpackage>=2", "numpy"])
    found = states(checkup._packages())
    assert found == {"nosuchpackage": "problem", "numpy": "ok"}


def test_unwritable_numba_cache(monkeypatch):
    monkeypatch.setattr(checkup, "_is_writable", lambda _: False)
    finding = checkup._numba_cache()
    assert finding.state == "note"
    assert "NUMBA_CACHE_DIR" in finding.cure


def test_a_problem_is_exit_1(cli, monkeypatch):
    broken = checkup.Finding("OpenCV", "problem", "[gone]", "pip install it")
    monkeypatch.setattr(checkup, "examine", lambda: [broken])
    done = cli("doctor")
    assert done.code == 1
    assert "[gone]" in done.out
    assert "pip install it" in done.out


@pytest.mark.skipif(sys.platform == "win32", reason="no POSIX paths")
def test_writable_is_judged_by_the_nearest_folder_there_is(tmp_path):
    assert checkup._is_writable(tmp_path / "not" / "yet")


def test_fetched_models_are_hashed(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("PORTRAITKIT_HOME", str(tmp_path))
    (finding,) = checkup._fetched()
    assert finding.seen == f"none of the catalogue, in {tmp_path}"
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "sinet-320.onnx").write_bytes(b"junk")
    _, finding = checkup._fetched()
    assert (finding.what, finding.state) == ("model sinet-320", "problem")
    assert finding.cure == "portraitkit models fetch sinet-320"
    monkeypatch.setattr(checkup, "import_module", fail("no cv2"))
    assert list(checkup._fetched()) == []
