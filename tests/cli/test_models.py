"""``portraitkit models``, against a server on this machine."""

import hashlib
import json

import numpy as np
import pytest
from loopback import serve

from portraitkit.models import ImageInput, MapOutput, ModelCard, Source, catalog
from portraitkit.models.catalog import CatalogEntry

BODIES = {name: np.random.default_rng(i).bytes(50_000) for i, name in enumerate("ab")}


@pytest.fixture
def site(monkeypatch, tmp_path):
    """A server, and a catalogue of the two networks that it has."""
    monkeypatch.setenv("PORTRAITKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("PORTRAITKIT_MIRROR", raising=False)
    with serve(**{f"/{name}.onnx": body for name, body in BODIES.items()}) as site:
        entries = {
            name: CatalogEntry(
                name=name,
                url=f"{site.url}/{name}.onnx",
                size=len(body),
                card=ModelCard(
                    name=name,
                    task="segment",
                    input=ImageInput(size=(4, 6)),
                    output=MapOutput(kind="probability"),
                    license="CC0-1.0",
                    source=Source(url="https://example.org", commit="abc"),
                    sha256=hashlib.sha256(body).hexdigest(),
                ),
            )
            for name, body in BODIES.items()
        }
        monkeypatch.setattr(catalog, "_read", lambda: entries)
        yield site


def test_list(cli, site, tmp_path):
    cli("models", "fetch", "b")
    done = cli("models", "list")
    assert done.code == 0
    for word in ("name", "license", "CC0-1.0", "segment", "yes", "no"):
        assert word in done.out
    listed = cli("models", "list", "--json").json
    assert listed["home"] == str(tmp_path / "home")
    assert [(m["name"], m["status"]) for m in listed["models"]] == [
        ("a", "absent"),
        ("b", "ok"),
    ]


def test_the_catalogue_as_shipped_is_listed(cli):
    listed = cli("models", "list", "--json").json["models"]
    for model in listed:
        assert model["license"]
        assert model["url"].startswith("https://")
        assert len(model["sha256"]) == 64
        assert model["size"] > 0
    assert "sinet-320" in [model["name"] for model in listed]


def test_info(cli, site):
    done = cli("models", "info", "a")
    assert done.code == 0
    sha256 = hashlib.sha256(BODIES["a"]).hexdigest()
    for line in ("license:       CC0-1.0", "size:          50000 bytes", sha256):
        assert line in done.out
    record = cli("models", "info", "a", "--json").json
    assert record["sha256"] == sha256
    assert record["status"] == "absent"
    assert record["card"]["source"]["commit"] == "abc"
    assert ModelCard.from_json(json.dumps(record["card"])).name == "a"


class TestFetch:
    def test_names(self, cli, site, tmp_path):
        done = cli("models", "fetch", "a", "a")
        path = tmp_path / "home/models/a.onnx"
        assert (done.code, done.out, done.err) == (0, f"{path}\n", "")
        assert path.read_bytes() == BODIES["a"]
        assert len(site.asked) == 1

    def test_all_as_json(self, cli, site, tmp_path):
        done = cli("models", "fetch", "--all", "--json")
        assert done.code == 0
        assert done.json["models"] == [
            {
                "name": name,
                "status": "ok",
                "path": str(tmp_path / f"home/models/{name}.onnx"),
                "sha256": hashlib.sha256(BODIES[name]).hexdigest(),
            }
            for name in "ab"
        ]

    def test_one_that_fails_does_not_keep_the_other(self, cli, site):
        del site.files["/a.onnx"]
        done = cli("models", "fetch", "--all", "--json")
        assert done.code == 1
        first, second = done.json["models"]
        assert (first["status"], second["status"]) == ("failed", "ok")
        assert "a.onnx answers 404 Not Found" in first["error"]
        assert done.err == f"portraitkit: {first['error']}\n"

    def test_broken_off_and_resumed(self, cli, site, tmp_path):
        site.break_after = 16_384
        done = cli("models", "fetch", "a")
        assert done.code == 1
        assert "16384 of 50000 bytes are kept; go on with: portraitkit" in done.err
        site.break_after = None
        assert cli("models", "fetch", "a").code == 0
        assert site.asked[-1] == ("/a.onnx", "bytes=16384-")

    def test_interrupted(self, cli, site, monkeypatch):
        def stop(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr("portraitkit.models.fetch_model", stop)
        done = cli("models", "fetch", "a")
        assert done.code == 130
        assert "interrupted; go on with: portraitkit models fetch a" in done.err

    def test_offline(self, cli, site):
        done = cli("models", "fetch", "a", "--offline")
        assert done.code == 1
        assert "a.onnx is absent, and nothing is downloaded offline" in done.err
        assert site.asked == []
        cli("models", "fetch", "a")
        assert cli("models", "fetch", "a", "--offline").code == 0

    def test_mirrors(self, cli, site, monkeypatch):
        with serve(**{"/all/a.onnx": BODIES["a"], "/b.onnx": BODIES["b"]}) as mirror:
            assert (
                cli("models", "fetch", "a", "--mirror", f"{mirror.url}/all").code == 0
            )
            monkeypatch.setenv("PORTRAITKIT_MIRROR", mirror.url)
            assert cli("models", "fetch", "b").code == 0
        assert site.asked == []

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            ((), "name what to fetch, or give --all"),
            (("a", "--all"), "name what to fetch, or give --all"),
            (("c",), "name must be one of the catalogue's a, b; got 'c'"),
            (("a", "--mirror", "here"), "--mirror must be an http:// or https://"),
        ],
    )
    def test_wrong_usage_is_exit_2(self, cli, site, arguments, error):
        done = cli("models", "fetch", *arguments)
        assert done.code == 2
        assert error in done.err
        assert site.asked == []


class TestVerify:
    def test_nothing_is_there(self, cli, site):
        done = cli("models", "verify")
        assert done.code == 0
        assert "nothing has been fetched" in done.err
        assert cli("models", "verify", "--json").json == {"models": []}

    def test_it_is_hashed_again(self, cli, site, tmp_path):
        cli("models", "fetch", "--all")
        done = cli("models", "verify")
        assert done.code == 0
        assert [line.split(":")[:2] for line in done.out.splitlines()] == [
            ["a", " ok"],
            ["b", " ok"],
        ]
        path = tmp_path / "home/models/b.onnx"
        path.write_bytes(BODIES["b"][:-1] + b"!")
        done = cli("models", "verify")
        assert done.code == 1
        assert f"b: {path} is damaged: fetch it with: portraitkit models fetch b" in (
            done.err
        )
        assert [
            m["status"] for m in cli("models", "verify", "--json").json["models"]
        ] == [
            "ok",
            "damaged",
        ]

    def test_what_is_named_must_be_there(self, cli, site):
        done = cli("models", "verify", "a")
        assert done.code == 1
        assert "a.onnx is absent: fetch it with: portraitkit models fetch a" in done.err


@pytest.mark.parametrize("command", ["segment", "split", "trimap"])
def test_running_never_downloads(cli, site, photos, command):
    done = cli(command, "in", "-o", "out", "--segmenter", "a")
    assert done.code == 2
    assert "fetch it once with: portraitkit models fetch a" in done.err
    assert site.asked == []
