"""The command ``portraitkit``: the room that prints and exits."""


def main() -> None:
    """Run the command line."""
    from .app import app

    app()
