"""What a file that is not a usable picture raises."""


class ImageError(ValueError):
    """A file, or what came in its place, is not a usable picture.

    The message is one line that names the file and says what is wrong with it.
    What the file system refuses (no such file, a folder, no permission) stays the
    `OSError` that says so.

    Notes
    -----
    O(1).

    Examples
    --------
    >>> from portraitkit.io import read_image
    >>> read_image(b"")
    Traceback (most recent call last):
        ...
    portraitkit.io.errors.ImageError: '<bytes>' is empty
    """
