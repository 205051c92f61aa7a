"""Loops run from a read-only installation, and say so when compiling takes long."""

import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import portraitkit
from portraitkit._core import jit

CODE = """
import sys, numpy as np
import portraitkit
assert portraitkit.__file__.startswith(sys.argv[1]), portraitkit.__file__
from portraitkit.kernels import contour
from portraitkit.kernels import boundary_band
mask = np.zeros((9, 9), bool); mask[3:, 3:] = True
print(int(boundary_band(mask, width=3).sum()))
"""


@pytest.fixture
def read_only_installation(tmp_path):
    """A copy of the package where numba can write nowhere.

    Root may write to read-only folders, so the places are taken by files: a
    folder can't be made where a file is.
    """
    site = tmp_path / "site"
    source = Path(portraitkit.__file__).parent
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(source, site / "portraitkit", ignore=ignore)
    for folder in [site, *site.rglob("*")]:
        if folder.is_dir():
            (folder / "__pycache__").write_text("")
            folder.chmod(0o555)
    home = tmp_path / "home"
    home.write_text("")
    yield site, home
    for folder in [site, *site.rglob("*")]:
        if folder.is_dir():
            folder.chmod(0o755)


def test_loops_run_where_nothing_can_be_written(read_only_installation):
    site, home = read_only_installation
    keep = {"PATH", "LD_LIBRARY_PATH", "SYSTEMROOT"}
    env = {key: value for key, value in os.environ.items() if key in keep}
    env |= {"HOME": str(home), "XDG_CACHE_HOME": str(home), "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", CODE, str(site)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        cwd=site,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0
    assert done.stderr == ""


def test_loops_keep_nan_and_release_nothing_unchecked():
    @jit.compiled
    def is_nan(values):
        count = 0
        for i in range(values.size):
            count += np.isnan(values[i])
        return count

    assert is_nan(np.array([np.nan, 1.0])) == 1


def test_long_compilation_is_announced_once(caplog, monkeypatch):
    caplog.set_level(logging.INFO, "portraitkit")
    monkeypatch.setattr(jit, "PATIENCE", 0.05)
    notice = jit._Notice()
    for _ in range(2):
        notice.on_start(None)
        time.sleep(0.2)
        notice.on_end(None)
    assert [r.message for r in caplog.records if "compiling loops" in r.message] == [
        "compiling loops: this happens once on a machine and takes some seconds"
    ]


def test_short_compilation_is_not_announced(caplog):
    caplog.set_level(logging.INFO, "portraitkit")
    notice = jit._Notice()
    notice.on_start(None)
    notice.on_end(None)
    time.sleep(0.05)
    assert not caplog.records
