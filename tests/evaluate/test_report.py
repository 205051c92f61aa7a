"""The report: one page, whole in itself, readable in any light and on a phone."""

import html
import re
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


@pytest.fixture
def report(evaluate, folders, save, tmp_path, rng):
    """A page with everything on it: grades, photographs, a rival, troubles."""
    for path in (tmp_path / "truth").rglob("*.png"):
        photo = rng.integers(0, 255, (60, 50, 3), np.uint8)
        save(f"photos/{path.relative_to(tmp_path / 'truth')}", photo)
    names = [f"{'ab'[i % 2]}/{i}" for i in range(6)]
    faces = ", ".join(f'"{name}.jpg": [18, 10, 32, 28]' for name in names[:5])
    (tmp_path / "grades.json").write_text(f"{{{faces}}}")
    save("far/a/0.png", np.zeros((3, 3), bool))
    save("far/<b onclick='x'>.png", np.zeros((3, 3), bool))

    def make(*more):
        line = ("far", "truth", "--against", "near", "--images", "photos")
        done = evaluate(*line, "--grades", "grades.json", "--report", "out", *more)
        assert done.code == 1
        return (tmp_path / "out/index.html").read_text("utf-8")

    return make


def test_whole_in_itself_and_without_scripts(report):
    page = report()
    sources = re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?([^"\'\s)]+)', page)
    assert sources
    assert all(source.startswith("data:image/") for source in sources)
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page


def test_says_everything(report):
    page = report()
    for words in (
        "far against near on truth",
        "Form of BSN, table 1",
        "Form of BSN, table 3",
        "Form of TriSeNet, table V",
        "Form of the superpixel paper, table 2",
        "half body (4)",
        "near is better",
        "Error atlas",
        "in coordinates of the face",
        "The 5 worst",
        "must be as large as its truth",
        "Predictions without a truth: 1",
        "95% percentiles of 50 draws",
    ):
        assert words in page, words
    assert "<b onclick" not in page
    assert "&lt;b onclick" in page


def test_equal_runs_give_equal_pages(report):
    assert report() == report("--jobs", "2")


def test_worst_come_first_and_only_as_many(report):
    page = report("--worst", "2")
    worst = page[page.index("The 2 worst") :]
    assert worst.index("b/5") < worst.index("a/4")
    assert worst.count("<img") == 2
    assert "worst</h2>" not in report("--worst", "0")


@pytest.mark.parametrize("kind", ["labels", "alpha"])
def test_other_kinds_have_pages(evaluate, folders, tmp_path, kind):
    done = evaluate("far", "truth", "--kind", kind, "--report", "out")
    assert done.code == 0, done.err
    page = (tmp_path / "out/index.html").read_text("utf-8")
    assert page.count("data:image/jpeg") == 6
    assert page.count("data:image/png") == 2


def browse(folder, page, *more, width=1000):
    """Open a page in Chromium; `width` is that of a frame inside the window."""
    outer = folder / "outer.html"
    outer.write_text(
        '<!DOCTYPE html><meta name="color-scheme" content="light dark">'
        f'<body style="margin:0"><iframe width="{width}" height="2400" '
        f'style="border:0" srcdoc="{html.escape(page)}" onload="document.title='
        "'over ' + (this.contentDocument.documentElement.scrollWidth - "
        f'{width})"></iframe>',
        "utf-8",
    )
    profile = f"--user-data-dir={folder / 'profile'}"
    line = [CHROMIUM, *FLAGS, profile, "--window-size=1000,2400", *more, outer.as_uri()]
    done = subprocess.run(line, check=True, capture_output=True, text=True, timeout=120)
    return done.stdout


def light_of(path):
    """The page's corner and its middle value, 0..255."""
    pixels = np.asarray(Image.open(path).convert("L"))
    return float(pixels[2, 2]), float(np.median(pixels))


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_opens_in_a_browser(report, tmp_path):
    page = report()
    shots = {"light": (), "dark": ("--force-dark-mode",)}
    seen = {}
    for name, flags in shots.items():
        shot = tmp_path / f"{name}.png"
        browse(tmp_path, page, *flags, f"--screenshot={shot}")
        seen[name] = light_of(shot)
    assert min(seen["light"]) > 230
    assert max(seen["dark"]) < 60


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("width", [390, 320])
def test_fits_a_phone(report, tmp_path, width):
    done = browse(tmp_path, report(), "--dump-dom", width=width)
    assert "<title>over 0</title>" in done
