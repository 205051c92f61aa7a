"""The catalogue: what it lists is pinned, licensed, hashed, and true."""

import hashlib
import json
from pathlib import Path

import pytest

from portraitkit.models import catalog as catalog_module
from portraitkit.models import known_models
from portraitkit.models.catalog import find_entry


def test_every_entry_is_pinned_licensed_and_hashed():
    for name, entry in known_models().items():
        source = entry.card.source
        assert entry.name == entry.card.name == name
        assert entry.card.license
        assert entry.card.training_data
        assert len(entry.sha256) == 64
        assert entry.size > 0
        owner = source.url.removeprefix("https://github.com/")
        start = f"https://raw.githubusercontent.com/{owner}/{source.commit}"
        assert entry.url.startswith(start)
        assert len(source.commit) >= 12
        assert entry.url.endswith(f"/{source.path}")


def test_every_card_we_ship_can_be_fetched():
    cards = Path(catalog_module.__file__).with_name("cards").glob("*.card.json")
    names = {json.loads(card.read_text())["name"] for card in cards}
    assert names == set(known_models())


def test_sizes_and_hashes_are_those_of_the_files(data):
    given = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.stat().st_size
        for path in (data / "models").glob("*.onnx")
    }
    listed = {entry.sha256: entry.size for entry in known_models().values()}
    assert listed.items() <= given.items()


@pytest.mark.parametrize("name", ["sinet", "SINET-320", "", None, 3])
def test_unknown_names(name):
    with pytest.raises(ValueError, match=r"name must be one of .*sinet-320, .*; got"):
        find_entry(name)


def test_it_cannot_be_changed():
    with pytest.raises(TypeError):
        known_models()["mine"] = None
