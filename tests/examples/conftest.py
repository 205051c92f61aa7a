"""Examples are run as users run them: as scripts, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from portraitkit.io import write_image, write_mask

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def example(tmp_path):
    """Run an example on one thread and return what it prints."""

    def run(name, *arguments):
        command = [sys.executable, EXAMPLES / name, *map(str, arguments)]
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def modules(monkeypatch):
    """Let a test import what the examples share."""
    monkeypatch.syspath_prepend(EXAMPLES)


@pytest.fixture
def folder(tmp_path, modules):
    """Return a folder whose first eight portraits are real ones, where there are."""
    data = os.environ.get("PORTRAITKIT_DATA")
    if data:
        return Path(data) / "portraits/train"
    from portraits import astronauts

    made = tmp_path / "portraits"
    for part in ("images", "masks"):
        (made / part).mkdir(parents=True)
    for portrait in astronauts(8):
        write_image(made / f"images/{portrait.name}.png", portrait.image)
        write_mask(made / f"masks/{portrait.name}.png", portrait.mask)
    return made


@pytest.fixture
def portrait(modules):
    """A bright disk for a person, its box for a face."""
    from portraits import Portrait

    y, x = np.indices((120, 90)) + 0.5
    mask = (y - 60) ** 2 + (x - 30) ** 2 <= 15**2
    image = np.where(mask[..., None], 255, 0).astype(np.uint8).repeat(3, axis=2)
    return Portrait(image, mask, np.array([15.0, 45, 45, 75]))
