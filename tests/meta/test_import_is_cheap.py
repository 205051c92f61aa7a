"""`import portraitkit` pulls in nothing heavy, and needs nothing optional."""

import subprocess
import sys

HEAVY = {
    "numba",
    "cv2",
    "skimage",
    "scipy",
    "PIL",
    "networkx",
    "onnxruntime",
    "torch",
    "jax",
    "typer",
    "rich",
    "pooch",
    "requests",
}


def run(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_bare_import_loads_nothing_heavy():
    loaded = run("import portraitkit, sys; print(*sys.modules)").split()
    assert not HEAVY & {name.partition(".")[0] for name in loaded}


def test_bare_import_prints_nothing():
    assert run("import portraitkit") == ""


def test_bare_import_adds_less_than_a_tenth_of_a_second_to_numpy():
    code = (
        "import time, numpy; start = time.perf_counter(); import portraitkit;"
        "print(time.perf_counter() - start)"
    )
    assert min(float(run(code)) for _ in range(5)) < 0.1


def test_help_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from portraitkit.cli import main\n"
        "sys.argv = ['portraitkit', 'split', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print('LOADED', *sys.modules)"
    )
    loaded = run(code).split("LOADED")[1].split()
    light = {"typer", "rich"}
    assert not (HEAVY - light) & {name.partition(".")[0] for name in loaded}
