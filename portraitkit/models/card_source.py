"""The section of a card that says where a network file comes from."""

from __future__ import annotations

from dataclasses import dataclass

from ._fields import Part, ruled
from ._rules import optional, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Part):
    """Where a network file comes from, pinned.

    Parameters
    ----------
    url : str
        Address of the repository or of the file.
    commit : str, optional
        Commit of the repository that held the file.
    path : str, optional
        Path of the file inside that repository.

    Raises
    ------
    ValueError
        If a field is wrong; the message names it.

    Examples
    --------
    >>> Source(url="https://example.org/nets", commit="dbf69b043cf7").path is None
    True
    """

    url: str = ruled(text())
    commit: str | None = ruled(optional(text()), default=None)
    path: str | None = ruled(optional(text()), default=None)

    @classmethod
    def prefix(cls) -> str:
        """See `Part`."""
        return "source."
