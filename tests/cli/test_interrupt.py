"""Stopped midway, a run leaves whole files and goes on where it was."""

import os
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")


@pytest.fixture
def many(tmp_path, portrait):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        Image.fromarray(portrait[:, ::-1] if number % 2 else portrait).save(
            folder / f"{number}.png"
        )
    return folder


@pytest.fixture
def whole(tmp_path, many, kept={}):  # noqa: B006 -- the same for every case
    """What a run that nothing stops writes."""
    if not kept:
        process = start(tmp_path, "-o", "whole", "-q")
        assert process.wait() == 0
        process.stderr.close()
        kept.update(contents(tmp_path / "whole"))
    return kept


def start(folder, *arguments):
    command = [sys.executable, "-m", "portraitkit", "split", "in", *arguments]
    heeded = signal.signal(signal.SIGINT, signal.SIG_DFL)  # a background job's is not
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that a signal to the group stays in it
        )
    finally:
        signal.signal(signal.SIGINT, heeded)


def wait_for_records(journal, count):
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if journal.exists() and len(journal.read_text().splitlines()) >= count:
            return
        time.sleep(0.02)
    pytest.fail("the run got nowhere")


def contents(folder):
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if not path.name.startswith("manifest")
    }


def stop(process, number):
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as the terminal does
    else:
        process.send_signal(number)


@pytest.mark.parametrize(
    ("jobs", "number"),
    [("1", signal.SIGINT), ("2", signal.SIGINT), ("2", signal.SIGKILL)],
)
def test_resume_gives_the_same_files(tmp_path, many, whole, jobs, number):
    process = start(tmp_path, "-o", "out", "--jobs", jobs)
    wait_for_records(tmp_path / "out/manifest.part.jsonl", 2)
    stop(process, number)
    _, err = process.communicate(timeout=60)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "--resume goes on" in err
        assert "Traceback" not in err
        assert not list((tmp_path / "out").glob(".*"))
    assert not (tmp_path / "out/manifest.jsonl").exists()
    for path in (tmp_path / "out").glob("*.png"):
        Image.open(path).load()  # whole

    resumed = start(tmp_path, "-o", "out", "--jobs", jobs, "--resume", "-q")
    assert resumed.wait() == 0
    resumed.stderr.close()
    assert contents(tmp_path / "out") == whole
    assert len((tmp_path / "out/manifest.jsonl").read_text().splitlines()) == 6
