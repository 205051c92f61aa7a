"""Files are whole or absent, whatever happens midway."""

import errno
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from portraitkit.io import atomic_write, write_mask

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


@pytest.mark.parametrize(
    "name",
    [
        "a.png",
        "ein Bild.png",
        "名前 ü.png",
        pytest.param("line\nbreak.png", marks=POSIX),
        pytest.param("x" * 251 + ".png", marks=POSIX),
    ],
)
def test_any_name(tmp_path, name):
    for content in (b"old", b"", b"new"):
        atomic_write(tmp_path / name, content)
        assert (tmp_path / name).read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "disk full"), KeyboardInterrupt]
)
@pytest.mark.parametrize("step", ["fdopen", "replace"])
@pytest.mark.parametrize("old", [None, b"old"])
def test_interrupted(tmp_path, monkeypatch, error, step, old):
    path = tmp_path / "a.png"
    if old is not None:
        path.write_bytes(old)

    def interrupt(*_args, **_options):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(*((os, step) if step == "fdopen" else (Path, step)), interrupt)
        with pytest.raises(type(error) if isinstance(error, OSError) else error):
            atomic_write(path, b"new")
    left = [file.read_bytes() for file in tmp_path.iterdir()]
    assert left == ([] if old is None else [old])


def test_errors_name_the_target_not_the_temporary_file(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError) as caught:
        atomic_write(tmp_path / "none" / "a.png", b"")
    assert str(tmp_path / "none" / "a.png") in str(caught.value)

    def refuse(path, *_args):
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError) as caught:
        atomic_write(tmp_path / "a.png", b"")
    assert str(caught.value) == (
        f"[Errno {errno.EACCES}] Permission denied: {str(tmp_path / 'a.png')!r}"
    )


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_read_only_folder(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(PermissionError, match=r"a\.png"):
        atomic_write(tmp_path / "a.png", b"")
    tmp_path.chmod(0o755)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_folder_that_takes_no_files():
    with pytest.raises(OSError, match=r"'/proc/self/a\.png'"):
        atomic_write("/proc/self/a.png", b"")


def test_a_folder_in_the_way(tmp_path):
    (tmp_path / "a.png").mkdir()
    with pytest.raises(IsADirectoryError, match=r"a\.png"):
        atomic_write(tmp_path / "a.png", b"")
    assert (tmp_path / "a.png").is_dir()


@POSIX
def test_a_name_too_long(tmp_path):
    with pytest.raises(OSError, match="too long"):
        atomic_write(tmp_path / ("x" * 300), b"")
    assert not list(tmp_path.iterdir())


@POSIX
def test_devices_are_left_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="a device cannot be replaced by a file"):
        atomic_write(tmp_path / "pipe", b"")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@POSIX
def test_links_are_followed(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link.png").symlink_to(tmp_path / "there" / "a.png")
    atomic_write(tmp_path / "link.png", b"new")
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "there" / "a.png").read_bytes() == b"new"


@POSIX
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        atomic_write(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~umask


def test_writers_in_a_race_leave_one_whole_file(tmp_path):
    path, contents = tmp_path / "a", [bytes([i]) * 100_000 for i in range(8)]
    threads = [
        threading.Thread(target=atomic_write, args=(path, content))
        for content in contents
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() in contents
    assert len(list(tmp_path.iterdir())) == 1


def test_a_refused_array_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.png"
    write_mask(path, [[True]])
    old = path.read_bytes()
    with pytest.raises(ValueError, match="mask must hold only"):
        write_mask(path, [[7]])
    assert path.read_bytes() == old
