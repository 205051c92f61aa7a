"""Benchmarks run by ``pytest benchmarks --benchmark-enable`` and end in one table."""

import cv2
import numpy as np
import pytest

from benchmarks._ratio import compare, table

ROWS = pytest.StashKey()


def pytest_collect_file(file_path, parent):
    """Collect bench_*.py, which the test suite does not."""
    named = file_path.name.startswith("bench_") and file_path.suffix == ".py"
    if named and not parent.session.isinitpath(file_path):
        return pytest.Module.from_parent(parent, path=file_path)
    return None


def pytest_configure(config):
    config.stash[ROWS] = []


def pytest_collection_modifyitems(config, items):
    options = ("benchmark_enable", "benchmark_only")
    if not any(config.getoption(option) for option in options):
        off = pytest.mark.skip(reason="timed: run with --benchmark-enable")
        for item in items:
            item.add_marker(off)


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash[ROWS]
    if rows:
        terminalreporter.section(
            "times faster than the peer, interleaved, peers in one thread"
        )
        terminalreporter.write_line(table(rows))


@pytest.fixture
def rows(request):
    """Return the rows that are shown at the end of the session."""
    return request.config.stash[ROWS]


@pytest.fixture
def ratios(rows):
    """`compare` whose rows are shown at the end of the session."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)

    def run(operation, runs, **knobs):
        found = compare(operation, runs, **knobs)
        rows.extend(found)
        return found

    yield run
    cv2.setNumThreads(threads)


@pytest.fixture
def portrait():
    """Make (H, W) bool masks: wavy hair above shoulders that the frame cuts off."""

    def make(height, width):
        y, x = np.mgrid[:height, :width]
        x, y = (x - width / 2) / height, y / height
        angle = np.arctan2(y - 0.4, x)
        head = np.hypot(x / 0.2, (y - 0.4) / 0.25) < 1 + 0.03 * np.sin(17 * angle)
        return head | ((x / 0.45) ** 2 + ((y - 1) / 0.42) ** 2 < 1)

    return make
