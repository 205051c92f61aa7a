"""A command line, and folders of masks to give it."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from portraitkit.cli.app import app


@dataclass
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def evaluate(tmp_path, monkeypatch):
    """Run ``portraitkit evaluate`` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        line = ["evaluate", *(str(a) for a in arguments), "--resamples", "50"]
        result = CliRunner().invoke(app, line)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def save(tmp_path):
    """Write an array as a PNG below the folder."""

    def write(name, array):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        array = np.asarray(array)
        if array.dtype == bool:
            array = array.astype(np.uint8) * 255
        Image.fromarray(array).save(path)
        return path

    return write


def disk(height=60, width=50, x=25, y=30, radius=18):
    """A person seen from far away."""
    rows, columns = np.ogrid[:height, :width]
    return (columns - x) ** 2 + (rows - y) ** 2 <= radius**2


@pytest.fixture
def folders(save):
    """``truth``, ``near`` and ``far``: six masks each, ever further off."""
    for i in range(6):
        name = f"{'ab'[i % 2]}/{i}.png"
        save(f"truth/{name}", disk(radius=14 + i))
        save(f"near/{name}", disk(x=26, radius=14 + i))
        save(f"far/{name}", disk(x=28 + i, radius=14 + i))
