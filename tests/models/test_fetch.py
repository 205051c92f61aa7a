"""`fetch_model`, against a server on this machine."""

import hashlib
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from loopback import serve

from portraitkit.models import (
    FetchError,
    ImageInput,
    MapOutput,
    ModelCard,
    fetch_model,
    load_model,
)
from portraitkit.models import catalog as catalog_module
from portraitkit.models.cache import cached_path, home, look
from portraitkit.models.catalog import CatalogEntry, find_entry
from portraitkit.models.download import CHUNK

BODY = np.random.default_rng(5).bytes(200_000)
PATH = "/owner/nets/abc123/net.onnx"


@pytest.fixture
def site(monkeypatch, tmp_path):
    """A server that has the one network of a catalogue made for the test."""
    monkeypatch.setenv("PORTRAITKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve(**{PATH: BODY}) as site:
        card = ModelCard(
            name="net",
            task="segment",
            input=ImageInput(size=(4, 6), scale=1 / 255),
            output=MapOutput(kind="probability"),
            sha256=hashlib.sha256(BODY).hexdigest(),
        )
        entry = CatalogEntry(name="net", url=site.url + PATH, size=len(BODY), card=card)
        monkeypatch.setattr(catalog_module, "_read", lambda: {"net": entry})
        yield site


def files():
    """What lies in the folder of fetched files, and how much of it."""
    folder = home() / "models"
    return (
        {p.name: p.stat().st_size for p in folder.iterdir()} if folder.is_dir() else {}
    )


class TestFetch:
    def test_the_file_comes_once(self, site):
        seen = []
        path = fetch_model("net", progress=lambda *counts: seen.append(counts))
        assert path == cached_path(find_entry("net"))
        assert path.read_bytes() == BODY
        assert files() == {"net.onnx": len(BODY)}
        assert [total for _, total in seen] == [len(BODY)] * len(seen)
        done = [count for count, _ in seen]
        assert done == sorted(set(done))
        assert done[-1] == len(BODY)
        assert fetch_model("net") == path
        assert site.asked == [(PATH, None)]
        plain = path.with_name("plain")
        plain.touch()
        assert path.stat().st_mode == plain.stat().st_mode  # as the umask says

    def test_nothing_else_tells_of_it(self, site):
        import pooch

        told = []
        handler = logging.Handler()
        handler.emit = told.append
        pooch.get_logger().addHandler(handler)
        fetch_model("net")
        pooch.get_logger().info("heard")
        pooch.get_logger().removeHandler(handler)
        assert [record.getMessage() for record in told] == ["heard"]

    def test_broken_off_and_resumed(self, site):
        site.break_after = 65_536
        match = (
            r"^net: .* broke off: .*\. 65536 of 200000 bytes are kept; go on with: po"
        )
        with pytest.raises(FetchError, match=match):
            fetch_model("net")
        assert files() == {"net.onnx.part": 65_536}
        with pytest.raises(FetchError, match=r"131072 of 200000 bytes are kept"):
            fetch_model("net")
        site.break_after = None
        assert fetch_model("net").read_bytes() == BODY
        assert files() == {"net.onnx": len(BODY)}
        assert [r for _, r in site.asked] == [None, "bytes=65536-", "bytes=131072-"]

    @pytest.mark.parametrize("stop", [0, 1, 70_001, len(BODY) - 1])
    def test_broken_off_anywhere(self, site, stop):
        site.break_after = stop
        with pytest.raises(FetchError, match="broke off"):
            fetch_model("net")
        assert stop - CHUNK < files().get("net.onnx.part", 0) <= stop
        site.break_after = None
        assert fetch_model("net").read_bytes() == BODY

    def test_an_end_that_is_not_announced_is_noticed(self, site):
        site.lengths, site.break_after = False, 70_000
        with pytest.raises(FetchError, match=r"broke off\. 70000 of 200000 bytes"):
            fetch_model("net")
        assert files() == {"net.onnx.part": 70_000}

    def test_a_server_without_ranges_sends_it_all_again(self, site):
        site.break_after = 70_000
        with pytest.raises(FetchError, match="broke off"):
            fetch_model("net")
        site.break_after, site.ranges = None, False
        assert fetch_model("net").read_bytes() == BODY

    def test_a_part_of_another_file_is_thrown_away(self, site):
        part = home() / "models" / "net.onnx.part"
        for junk in (b"x" * 100, b"x" * len(BODY), b"x" * (len(BODY) + 5)):
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(junk)
            path = fetch_model("net")
            assert path.read_bytes() == BODY
            assert files() == {"net.onnx": len(BODY)}
            path.unlink()

    def test_a_finished_part_needs_no_server(self, site):
        part = home() / "models" / "net.onnx.part"
        part.parent.mkdir(parents=True)
        part.write_bytes(BODY)
        assert fetch_model("net").read_bytes() == BODY
        assert site.asked == []

    def test_a_range_that_cannot_be_had(self, site):
        """The server's file became shorter than what is kept."""
        part = home() / "models" / "net.onnx.part"
        part.parent.mkdir(parents=True)
        part.write_bytes(BODY[:150_000])
        site.files[PATH] = BODY[:100_000]
        with pytest.raises(FetchError, match="another file: it has 100000 bytes"):
            fetch_model("net")
        assert [r for _, r in site.asked] == ["bytes=150000-", None]

    def test_a_wrong_range_is_refused(self, site):
        site.break_after = 65_536
        with pytest.raises(FetchError, match="broke off"):
            fetch_model("net")
        site.break_after, site.wrong_span = None, True
        with pytest.raises(
            FetchError, match=r"bytes 65537-.*asked for those from 65536"
        ):
            fetch_model("net")
        assert "net.onnx" not in files()

    def test_a_wrong_hash_is_not_kept(self, site):
        site.files[PATH] = wrong = BODY[:-1] + bytes([BODY[-1] ^ 1])
        got = hashlib.sha256(wrong).hexdigest()
        with pytest.raises(FetchError, match=f"net: .* its sha256 is {got}, the cat"):
            fetch_model("net")
        assert files() == {}
        site.files[PATH] = BODY
        assert fetch_model("net").read_bytes() == BODY

    @pytest.mark.parametrize("lengths", [True, False])
    def test_a_longer_file_is_refused(self, site, lengths):
        site.files[PATH], site.lengths = BODY + b"!" * 500_000, lengths
        seen = []
        with pytest.raises(FetchError, match=r"another file: .*200000"):
            fetch_model("net", progress=lambda there, _: seen.append(there))
        assert max(seen, default=0) <= len(BODY)  # the rest was not waited for
        assert files() == {}

    @pytest.mark.parametrize("status", [403, 404, 500, 503])
    def test_refusals_name_the_status_and_the_address(self, site, status):
        site.status = status
        with pytest.raises(
            FetchError, match=rf"net: http://.*net.onnx answers {status} "
        ):
            fetch_model("net")
        assert "net.onnx" not in files()

    def test_nobody_answers(self, site):
        with serve() as gone:
            pass
        with pytest.raises(FetchError, match=r"no answer from .*: Connection refused"):
            fetch_model("net", mirror=gone.url)
        assert files() == {}

    def test_a_mirror_keeps_the_path(self, site):
        with serve(**{f"/all{PATH}": BODY}) as mirror:
            assert fetch_model("net", mirror=f"{mirror.url}/all/").read_bytes() == BODY
        assert site.asked == []

    @pytest.mark.parametrize("mirror", ["", "ftp://a/b", "file:///etc", "http://", 3])
    def test_bad_mirrors(self, site, mirror):
        with pytest.raises(ValueError, match="mirror must be an http:// or https://"):
            fetch_model("net", mirror=mirror)

    def test_a_damaged_file_is_replaced(self, site):
        path = fetch_model("net")
        path.write_bytes(BODY[:-1] + b"?")
        assert look(find_entry("net")) == "damaged"
        assert fetch_model("net").read_bytes() == BODY

    def test_what_failed_leaves_the_old_file(self, site):
        path = fetch_model("net")
        path.write_bytes(b"old")
        site.status = 404
        with pytest.raises(FetchError):
            fetch_model("net")
        assert path.read_bytes() == b"old"


class TestOffline:
    def test_what_is_there_is_had(self, site):
        path = fetch_model("net")
        assert fetch_model("net", offline=True) == path
        assert len(site.asked) == 1

    def test_what_is_not_there_asks_nobody(self, site):
        with pytest.raises(
            FetchError, match=r"absent, and nothing .* offline; .*: portraitkit"
        ):
            fetch_model("net", offline=True)
        assert site.asked == []
        assert not home().exists()

    def test_a_cache_that_cannot_be_written_is_read(self, site):
        path = fetch_model("net")
        path.parent.chmod(0o555)  # root may write all the same
        before = path.parent.stat().st_mtime_ns
        assert fetch_model("net", offline=True) == fetch_model("net") == path
        assert path.parent.stat().st_mtime_ns == before
        path.parent.chmod(0o755)

    def test_a_cache_that_cannot_be_written_is_named(self, site, tmp_path, monkeypatch):
        (tmp_path / "file").write_text("in the way")
        monkeypatch.setenv("PORTRAITKIT_HOME", str(tmp_path / "file"))
        match = (
            r"net: can't write to .*file/models: .*PORTRAITKIT_HOME may name another"
        )
        with pytest.raises(FetchError, match=match):
            fetch_model("net")
        assert site.asked == []

    def test_a_full_disk_is_named_and_the_rest_comes_later(self, site, tmp_path):
        """In a process that may write 100 kB to a file and no more."""
        pytest.importorskip("resource")
        entry = find_entry("net")
        script = f"""
import resource
from portraitkit.models import catalog, fetch_model
from portraitkit.models.card import ModelCard
card = ModelCard.from_json({entry.card.to_json()!r})
entry = catalog.CatalogEntry(name="net", url={entry.url!r}, size={entry.size}, card=card)
catalog._read = lambda: {{"net": entry}}
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    fetch_model("net")
except OSError as error:
    print(type(error).__name__, error)
"""
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        assert done.stdout.startswith("FetchError net: can't write to ")
        assert "File too large. PORTRAITKIT_HOME may name" in done.stdout
        assert list(files()) == ["net.onnx.part"]
        assert fetch_model("net").read_bytes() == BODY
        assert site.asked[1][1] is not None

    def test_two_at_once(self, site):
        pytest.importorskip("fcntl")
        seen = []

        def again(_there, _total):
            with pytest.raises(FetchError, match="net: another process is fetching it"):
                fetch_model("net")
            seen.append(files())

        assert fetch_model("net", progress=again).read_bytes() == BODY
        assert all(list(there) == ["net.onnx.part"] for there in seen)

    def test_a_part_that_another_holds(self, site):
        fcntl = pytest.importorskip("fcntl")
        part = home() / "models" / "net.onnx.part"
        part.parent.mkdir(parents=True)
        with part.open("ab") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            with pytest.raises(FetchError, match="another process is fetching it"):
                fetch_model("net")
        assert fetch_model("net").read_bytes() == BODY


class TestLoading:
    def test_what_was_not_fetched_says_what_to_type(self, site):
        match = r"'net' is in the catalogue but .*with: portraitkit models fetch net$"
        with pytest.raises(FileNotFoundError, match=match):
            load_model("net")
        assert site.asked == []

    def test_a_damaged_file_says_what_to_type(self, site):
        path = cached_path(find_entry("net"))
        path.parent.mkdir(parents=True)
        path.write_bytes(b"junk")
        match = (
            r"net\.onnx has another sha256, so it is .*portraitkit models fetch net$"
        )
        with pytest.raises(ValueError, match=match):
            load_model("net")

    def test_the_platform_has_a_place(self, monkeypatch):
        monkeypatch.delenv("PORTRAITKIT_HOME", raising=False)
        assert home().name == "portraitkit"
        monkeypatch.setenv("PORTRAITKIT_HOME", "~/nets")
        assert home() == Path("~/nets").expanduser()
