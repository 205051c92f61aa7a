"""Files that are whole or absent."""

import errno
import os
from pathlib import Path

TEMPORARY = ".portraitkit-"
"""How the names of unfinished files begin."""


def atomic_write(path: str | os.PathLike[str], data: bytes | memoryview) -> None:
    """Write a file that is never seen half-written.

    Parameters
    ----------
    path : path
        The file; replaced if it exists. A symbolic link is followed.
    data : bytes
        Its whole content.

    Raises
    ------
    OSError
        If the folder is missing or read-only, the disk is full or `path` is a
        folder or device; names `path`. The old file, if any, is as it was.

    Notes
    -----
    The bytes go to a file ".portraitkit-<random>.tmp" in the same folder, which is
    then renamed over `path`. It is removed on every error and on Ctrl-C; only a
    killed process can leave one. The mode of the file is what the umask leaves of
    0o666. Nothing is forced to the disk: this guards against interruption, not
    against power cuts. O(len(data)) time.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     atomic_write(Path(folder) / "a.txt", b"all")
    ...     [(file.name, file.read_bytes()) for file in Path(folder).iterdir()]
    [('a.txt', b'all')]
    """
    try:
        _replace(Path(os.path.realpath(path)), memoryview(data))
    except OSError as error:  # which names the temporary file: name the target
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


def _replace(target: Path, data: memoryview) -> None:
    if target.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "a device cannot be replaced by a file")
    temporary = target.with_name(f"{TEMPORARY}{os.urandom(8).hex()}.tmp")
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o666), "wb") as file:
            file.write(data)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
