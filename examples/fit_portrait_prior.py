"""Fit the numbers inside the embedded default on a folder of portraits.

    python examples/fit_portrait_prior.py FOLDER -o portrait_prior.npz

FOLDER holds images/NAME.jpg, masks/NAME.png (0/255) and landmarks49.json: per NAME
the 49 points (x, y) of the usual face scheme (brows, nose, eyes, mouth), or null.
Nothing here is random beyond fixed seeds: equal folders give equal files, if the
linear algebra runs in one thread (OMP_NUM_THREADS=1): its sums depend on the number.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from scipy import ndimage

from portraitkit._core.resize import resize
from portraitkit.kernels import MeanMask
from portraitkit.models.builtin import cascade, faces, judge, view
from portraitkit.models.builtin.evidence import evidence
from portraitkit.models.builtin.prior import FARTHEST, PortraitPrior, Weighing

ROUNDS, RAMPS, SAMPLES = 2, 32, 1500
"""Weighings in a row, ramps in each, pixels sampled from each portrait."""
KNOWN, WIDEST = 1.6, 2.4
"""Face widths from the axis: as far as portraits reach, and where no body does."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--skip", type=int, default=0, metavar="N",
                        help="leave every N-th portrait out, for validation")  # fmt: skip
    args = parser.parse_args()
    names = sorted(path.stem for path in (args.folder / "images").iterdir())
    names = [n for i, n in enumerate(names) if not args.skip or i % args.skip]
    windows = {name: seek(args.folder, name) for name in names}
    plane = fit_face_plane(args.folder, windows)
    prior = PortraitPrior(np.zeros(view.CANVAS, np.uint8), (), plane)
    views = dict(find_views(args.folder, windows, prior))
    print(f"{len(views)} of {len(names)} portraits have a face inside their mask")
    prior = PortraitPrior(fit_person(args.folder, views), (), plane)
    fit_rounds(args.folder, views, prior).save(args.output)
    print(f"{args.output}: {args.output.stat().st_size} bytes")


def read_image(folder: Path, name: str) -> np.ndarray:
    pixels = cv2.imread(str(folder / "images" / f"{name}.jpg"))
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)


def read_mask(folder: Path, name: str) -> np.ndarray:
    path = str(folder / "masks" / f"{name}.png")
    return (cv2.imread(path, cv2.IMREAD_GRAYSCALE) > 127).astype(np.float32)


# --- faces ---------------------------------------------------------------------------


def true_face(points: np.ndarray) -> tuple[float, float, float]:
    """Center and width that the cascade's windows have for these landmarks."""
    eyes, mouth = points[19:31].mean(axis=0), points[31:].mean(axis=0)
    apart = np.linalg.norm(points[25:31].mean(axis=0) - points[19:25].mean(axis=0))
    width = 2.48 * max(apart, 0.95 * np.linalg.norm(mouth - eyes))
    x, y = 0.55 * eyes + 0.45 * mouth
    return x, y - 0.08 * width, width


def seek(folder: Path, name: str) -> np.ndarray:
    gray = cascade.gray_of(read_image(folder, name))
    return cascade.windows(gray, cascade.QUICK)


def fit_face_plane(folder: Path, windows: dict[str, np.ndarray]) -> np.ndarray:
    """Part windows on a face from the cascade's other windows: logistic regression."""
    landmarks = json.loads((folder / "landmarks49.json").read_text())
    features, labels = [], []
    for name, boxes in windows.items():
        if not landmarks.get(name):
            continue
        image = read_image(folder, name)
        gray = cascade.gray_of(image)
        x, y, width = np.array(true_face(np.array(landmarks[name]))) * (
            max(gray.shape) / max(image.shape)
        )
        away = np.hypot(*(boxes[:, :2] + boxes[:, 2:] / 2 - (x, y)).T) / width
        growth = np.abs(np.log(boxes[:, 2] / width))
        hit, miss = (away < 0.15) & (growth < 0.25), (away > 0.3) | (growth > 0.4)
        features.append(judge.describe(gray, boxes[hit | miss]))
        labels.append(hit[hit | miss])
    return newton(np.concatenate(features), np.concatenate(labels)).astype(np.float32)


def newton(x: np.ndarray, hit: np.ndarray, *, penalty: float = 1e-5) -> np.ndarray:
    """Balanced logistic regression, offset last."""
    x = np.concatenate([x, np.ones((len(x), 1))], axis=1).astype(np.float64)
    weight = np.where(hit, 0.5 / hit.sum(), 0.5 / (~hit).sum())
    plane = np.zeros(x.shape[1])
    for _ in range(20):
        p = 1 / (1 + np.exp(-x @ plane))
        slope = x.T @ (weight * (p - hit)) + penalty * plane
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x
        plane -= np.linalg.solve(curve + penalty * np.eye(len(plane)), slope)
    return plane


def find_views(
    folder: Path, windows: dict[str, np.ndarray], prior: PortraitPrior
) -> Iterator[tuple[str, view.View]]:
    """Yield the best face of each portrait, if it lies in the mask."""
    for name, sought in windows.items():
        image, mask = read_image(folder, name), read_mask(folder, name)
        for box in faces.find(image, prior, quick=sought)[0]:
            x, y = int((box[0] + box[2]) / 2), int((box[1] + box[3]) / 2)
            if mask[min(y, len(mask) - 1), min(x, mask.shape[1] - 1)]:
                yield name, view.view_of(box, image.shape, side=view.COARSE)
                break


# --- shape ---------------------------------------------------------------------------


def small_mask(folder: Path, name: str, place: view.View) -> np.ndarray:
    return resize(read_mask(folder, name)[place.window], place.shape, how="area")


def fit_person(folder: Path, views: dict[str, view.View]) -> np.ndarray:
    """Average the masks and their mirror images in face units.

    Each pixel averages the portraits whose frame holds it; where few do, the nearest
    well-known pixel stands in.
    """
    person, seen = MeanMask(view.CANVAS), MeanMask(view.CANVAS)
    for name, place in views.items():
        mask = small_mask(folder, name, place)
        person.update(view.to_canvas(mask, place) > 0.5)
        seen.update(view.to_canvas(np.ones_like(mask), place) > 0.5)
    inside, held = (m.mean + m.mean[:, ::-1] for m in (person, seen))
    known = held > 0.06
    mean = np.where(known, inside / np.maximum(held, 1e-6), 0)
    nearest = ndimage.distance_transform_edt(
        ~known, return_distances=False, return_indices=True
    )
    column = (np.arange(view.CANVAS[1]) + 0.5) / view.UNIT + view.LEFT
    taper = np.clip((WIDEST - np.abs(column)) / (WIDEST - KNOWN), 0, 1)
    return np.round(mean[tuple(nearest)] * taper * 255).astype(np.uint8)


# --- evidence ------------------------------------------------------------------------


def fit_rounds(
    folder: Path, views: dict[str, view.View], prior: PortraitPrior
) -> PortraitPrior:
    """Each round learns from what the last one leaves on the same portraits."""
    placed = {n: view.from_canvas(prior.probability, v) for n, v in views.items()}
    guesses = dict(placed)
    rng = np.random.default_rng(0)
    for number in range(ROUNDS):
        rows, truth, weighing = [], [], None
        for name, place in views.items():
            found = evidence(
                view.crop(read_image(folder, name), place), guesses[name],
                placed[name], place,
            )  # fmt: skip
            picked = rng.integers(0, len(found), SAMPLES)
            rows.append(found[picked])
            truth.append(small_mask(folder, name, place).ravel()[picked])
        weighing = fit_weighing(np.concatenate(rows), np.concatenate(truth))
        prior = PortraitPrior(prior.person, (*prior.rounds, weighing), prior.face)
        if number + 1 < ROUNDS:
            for name, place in views.items():
                small = view.crop(read_image(folder, name), place)
                found = evidence(small, guesses[name], placed[name], place)
                guesses[name] = weighing(found).reshape(place.shape)
        print(
            f"round {number + 1}: cross-entropy {weighing_loss(weighing, rows, truth):.4f}"
        )
    return prior


def weighing_loss(weighing: Weighing, rows: list, truth: list) -> float:
    p = np.clip(weighing(np.concatenate(rows)), 1e-6, 1 - 1e-6)
    t = np.concatenate(truth)
    return float(-(t * np.log(p) + (1 - t) * np.log(1 - p)).mean())


def fit_weighing(
    x: np.ndarray, truth: np.ndarray, *, epochs: int = 5, rate: float = 3e-3
) -> Weighing:
    """Least cross-entropy by Adam over shuffled batches, the rate falling to zero."""
    rng = np.random.default_rng(0)
    center, spread = x.mean(axis=0), x.std(axis=0) + 1e-3
    x = np.clip((x - center) / spread, -FARTHEST, FARTHEST)
    bound = 1 / np.sqrt(x.shape[1])
    theta = [
        rng.uniform(-bound, bound, (x.shape[1], RAMPS)),
        np.zeros(RAMPS),
        rng.uniform(-1, 1, RAMPS) / np.sqrt(RAMPS),
        np.zeros(1),
    ]
    theta = [part.astype(np.float32) for part in theta]
    first, second = [np.zeros_like(t) for t in theta], [np.zeros_like(t) for t in theta]
    step, batches = 0, len(x) // 2048
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for batch in np.array_split(order, batches):
            step += 1
            now = rate * (1 - step / (epochs * batches + 1))
            slopes = gradient(theta, x[batch], truth[batch])
            for part, slope, m, s in zip(theta, slopes, first, second, strict=True):
                m += 0.1 * (slope - m)
                s += 0.001 * (slope * slope - s)
                fresh = np.sqrt(s / (1 - 0.999**step)) + 1e-8
                part -= now * m / (1 - 0.9**step) / fresh
    return Weighing(center, spread, *theta)


def gradient(
    theta: list[np.ndarray], x: np.ndarray, truth: np.ndarray
) -> list[np.ndarray]:
    ramps, offsets, weights, bias = theta
    lifted = np.maximum(x @ ramps + offsets, 0)
    error = (1 / (1 + np.exp(-(lifted @ weights + bias))) - truth) / len(x)
    back = np.outer(error, weights) * (lifted > 0)
    return [x.T @ back, back.sum(axis=0), lifted.T @ error, error.sum(keepdims=True)]


if __name__ == "__main__":
    main()
