"""The catalogue's own networks, where the tester has them."""

import hashlib
import json
from urllib.parse import urlsplit

import numpy as np
import pytest
from loopback import serve

from portraitkit.io import read_image, read_labels, read_mask
from portraitkit.models import known_models, load_model

pytest.importorskip("onnxruntime")


def test_fetched_verified_and_named(cli, data, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    bodies = [path.read_bytes() for path in (data / "models").glob("*.onnx")]
    by_hash = {hashlib.sha256(body).hexdigest(): body for body in bodies}
    files = {
        urlsplit(entry.url).path: by_hash[entry.sha256]
        for entry in known_models().values()
    }
    with serve(**files) as site:
        site.break_after = 1_000_000
        assert cli("models", "fetch", "--all", "--mirror", site.url).code == 1
        site.break_after = None
        assert cli("models", "fetch", "--all", "--mirror", site.url).code == 0
    assert cli("models", "verify").out.count(": ok: ") == len(files) == 3

    photo = data / "multi/images/FudanPed00012.png"
    roles = {
        "segmenter": "sinet-320",
        "persons": "yolox-nano-416",
        "faces": "ultraface-rfb-320",
    }
    options = [word for role, name in roles.items() for word in (f"--{role}", name)]
    done = cli("split", photo, "-o", "out", *options)
    assert done.code == 0, done.err
    record = json.loads((tmp_path / "out/manifest.jsonl").read_text())
    for role, name in roles.items():
        entry = known_models()[name]
        told = record["models"][role]
        assert (told["card"], told["sha256"]) == (name, entry.sha256)
        assert told["license"] == entry.card.license
        assert told["provider"].endswith("ExecutionProvider")
    assert len(record["boxes"]) == 2
    assert (
        np.unique(read_labels(tmp_path / "out/FudanPed00012.instances.png")).size == 3
    )

    direct = load_model("sinet-320", device="cpu")(read_image(photo))
    mask = read_mask(tmp_path / "out/FudanPed00012.mask.png")
    assert (mask == (direct >= 0.5)).mean() > 0.999  # which may be by another provider
