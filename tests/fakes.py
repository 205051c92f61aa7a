"""Jobs that need no model, importable by spawned processes."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from portraitkit.io import atomic_write


@dataclass(frozen=True)
class CopyJob:
    """Copy each input; do what its name says."""

    output: Path = Path()
    slow: float = 0.0

    def prepare(self):
        return self._copy

    def _copy(self, item):
        time.sleep(self.slow)
        if "raise" in item.name:
            msg = f"{item.name} is\nbad"
            raise ValueError(msg)
        if "bug" in item.name:
            raise ZeroDivisionError
        if "die" in item.name:
            os._exit(9)
        file = f"{item.target}.mask.png"
        target = self.output / file
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(target, item.path.read_bytes())
        return {"status": "ok", "files": [file]}


@dataclass(frozen=True)
class ImpossibleJob:
    """A job whose model is missing."""

    def prepare(self):
        msg = "no model at there.onnx"
        raise FileNotFoundError(msg)
