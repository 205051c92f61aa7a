"""A command line to type into, and photographs to give it."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data as pictures
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
def cli(tmp_path, monkeypatch):
    """Run a command in an empty folder, as a user would."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTRAITKIT_HOME", str(tmp_path / "home"))  # not the tester's

    def run(*arguments, stdin=None):
        result = CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)
        unexpected = result.exception and not isinstance(result.exception, SystemExit)
        if unexpected:
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture(scope="session")
def portrait():
    """A portrait of one person, small enough to be quick."""
    image = Image.fromarray(pictures.astronaut())
    return np.asarray(image.resize((256, 256), Image.Resampling.BOX))


@pytest.fixture
def photos(tmp_path, portrait):
    """Folder ``in`` with a portrait below it and a photograph of nobody."""
    folder = tmp_path / "in" / "sub"
    folder.mkdir(parents=True)
    Image.fromarray(portrait).save(folder / "a.jpg", quality=95)
    Image.fromarray(pictures.coffee()[:200, :200]).save(tmp_path / "in" / "cup.png")
    return tmp_path / "in"


def manifest(folder: Path):
    return [json.loads(x) for x in (folder / "manifest.jsonl").read_text().splitlines()]
