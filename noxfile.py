"""Sessions for contributors: ``nox -l`` lists them."""

import nox

nox.options.sessions = ["tests", "lint"]


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments after -- go to pytest."""
    session.install("-e", ".[gpu,test]")
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Run every linter that CI runs."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("python", "docs/check_docstrings.py")


@nox.session
def boundscheck(session: nox.Session) -> None:
    """Run the loops' tests with every array index checked."""
    session.install("-e", ".[gpu,test]")
    rooms = ("superpixels", "kernels", "instance", "matting", "metrics")
    cache = session.create_tmp()
    env = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": cache}
    session.run("pytest", "-q", *(f"tests/{room}" for room in rooms), env=env)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure against the peers; prints a table of ratios."""
    session.install("-e", ".[gpu,test]", "edt")
    session.run("pytest", "benchmarks", "--benchmark-enable", *session.posargs)
