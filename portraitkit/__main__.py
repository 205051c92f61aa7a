"""``python -m portraitkit`` is the command ``portraitkit``."""

from .cli import main

if __name__ == "__main__":
    main()
