"""Folders of alpha mattes."""

import numpy as np
import pytest
from PIL import Image

from portraitkit.metrics import matte_errors


@pytest.fixture
def mattes(tmp_path, rng):
    """Mattes as 8-bit, 16-bit and float pictures and as .npy."""
    ramp = np.tile(np.linspace(0, 1, 48, dtype=np.float32), (32, 1))
    truth = np.rint(ramp * 255) / np.float32(255)
    for side, values in (("truth", truth), ("pred", truth**2)):
        folder = tmp_path / side
        folder.mkdir()
        bits = np.rint(values * 65535).astype(np.uint16)
        Image.fromarray((values * 255).round().astype(np.uint8)).save(folder / "a.png")
        Image.fromarray(bits).save(folder / "b.png")
        Image.fromarray(values.astype(np.float32)).save(folder / "c.tiff")
        np.save(folder / "d.npy", values)
    return truth**2, truth


def test_errors_are_those_of_the_metric(evaluate, mattes):
    done = evaluate("pred", "truth", "--json")
    assert done.code == 0, done.err
    assert done.json["kind"] == "alpha"
    wanted = matte_errors(*(side.astype(np.float32) for side in mattes))
    for record in done.json["records"]:
        for name in ("sad", "mse", "gradient", "connectivity"):
            want = pytest.approx(getattr(wanted, name), rel=0.05)
            assert record["scores"][name] == want
    contest = evaluate("truth", "truth", "--against", "pred", "--json").json
    assert contest["comparison"]["sad"]["verdict"] == "first"
    assert contest["comparison"]["sad"]["better"] == 4


def test_trimaps_say_where(evaluate, mattes, tmp_path):
    (tmp_path / "trimaps").mkdir()
    trimap = np.zeros((32, 48), np.uint8)
    trimap[:, 20:30] = 128
    for name in "abcd":
        Image.fromarray(trimap).save(tmp_path / f"trimaps/{name}.trimap.png")
    done = evaluate("pred", "truth", "--trimaps", "trimaps", "--json").json
    wanted = matte_errors(*(s.astype(np.float32) for s in mattes), trimap=trimap)
    assert done["figures"]["sad"]["value"] == pytest.approx(wanted.sad, rel=0.05)


def test_bad_trimaps_are_named(evaluate, mattes, tmp_path):
    (tmp_path / "trimaps").mkdir()
    trimaps = {name: np.full((32, 48), 128, np.uint8) for name in "abcd"}
    trimaps["a"], trimaps["b"] = trimaps["a"] * 0, trimaps["b"][:, :9]
    for name, trimap in trimaps.items():
        Image.fromarray(trimap).save(tmp_path / f"trimaps/{name}.png")
    done = evaluate("pred", "truth", "--trimaps", "trimaps")
    assert done.code == 1
    assert "trimaps/a.png: must hold unknown pixels (128); it has none" in done.err
    assert "trimaps/b.png: must be as large as its truth, 48x32; got 9x32" in done.err


def test_bad_mattes_are_named(evaluate, mattes, tmp_path):
    pred = tmp_path / "pred"
    holes = np.full((32, 48), 0.5, np.float32)
    holes[0, :3] = np.nan
    np.save(pred / "d.npy", holes)
    Image.fromarray(holes).save(pred / "c.tiff")
    np.save(pred / "b.npy", np.full((32, 48), 1.5))
    (pred / "b.png").unlink()
    np.save(pred / "a.npy", np.array([{}], object))
    (pred / "a.png").unlink()
    done = evaluate("pred", "truth", "--kind", "alpha", "--json")
    assert done.code == 1
    errors = {one["input"]: one["error"] for one in done.json["failed"]}
    assert set(errors) == set("abcd")
    for name, words in (
        ("a", "a.npy"),
        ("b", "1.5"),
        ("c", "3 pixels are NaN"),
        ("d", "3 pixels are NaN"),
    ):
        assert words in errors[name]
        assert f"pred/{name}." in errors[name]
