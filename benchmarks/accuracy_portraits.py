# ruff: noqa: T201
"""Score a segmenter on portraits with true masks, the face detector in the loop.

    python benchmarks/accuracy_portraits.py FOLDER [--segmenter FILE] [--every N]
    python benchmarks/accuracy_portraits.py FOLDER --worst 10 --out worst.png

FOLDER holds images/NAME.jpg and masks/NAME.png. Without --segmenter the embedded
default is scored; a portrait in which it finds no face counts 0.

IoU      intersection over union of (probability >= 0.5) and the true mask
contour  contour accuracy (F measure of DAVIS)
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from portraitkit.metrics import contour_accuracy, iou
from portraitkit.models import load_model

TRUTH, RESULT = (0, 255, 0), (255, 0, 0)


@dataclass(frozen=True)
class Score:
    path: Path
    iou: float
    contour: float
    faces: int
    seconds: float


def read(folder, path):
    with Image.open(path) as file:
        image = np.asarray(file.convert("RGB"))
    with Image.open(folder / "masks" / f"{path.stem}.png") as file:
        return image, np.asarray(file.convert("L")) > 127


def score(folder, path, segmenter, faces):
    image, truth = read(folder, path)
    start = time.perf_counter()
    found, count = segment(image, segmenter, faces)
    seconds = time.perf_counter() - start
    mask = found >= 0.5
    accuracy = contour_accuracy(mask, truth) if mask.any() else 0.0
    return Score(path, iou(mask, truth), accuracy, count, seconds)


def segment(image, segmenter, faces):
    """The probability, and how many faces it was guided by (-1: none needed)."""
    if not hasattr(segmenter, "from_faces"):
        return segmenter(image), -1
    found = faces(image)
    return segmenter.from_faces(image, found), len(found)


def report(scores):
    ious = np.array([s.iou for s in scores])
    missed = [s.path.stem for s in scores if s.faces == 0]
    low, middle = np.percentile(ious, [5, 50])
    print(f"portraits             {len(scores)}")
    print(f"mean IoU              {ious.mean():.4f}")
    print(f"5th percentile, median {low:.3f}, {middle:.3f}")
    print(f"mean contour accuracy {np.mean([s.contour for s in scores]):.4f}")
    print(f"no face found         {len(missed)} {' '.join(missed)}")
    print(f"several faces found   {sum(s.faces > 1 for s in scores)}")
    print(f"seconds, median       {np.median([s.seconds for s in scores]):.3f}")


def sheet(folder, scores, segmenter, faces, columns=5):
    tiles = [tile(folder, s, segmenter, faces) for s in scores]
    while len(tiles) % columns:
        tiles.append(np.zeros_like(tiles[0]))
    rows = [np.hstack(tiles[i : i + columns]) for i in range(0, len(tiles), columns)]
    return np.vstack(rows)


def tile(folder, scored, segmenter, faces, size=(240, 320)):
    image, truth = read(folder, scored.path)
    found, _ = segment(image, segmenter, faces)
    photo = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    outlined = photo.copy()
    for mask, color in ((truth, TRUTH), (found >= 0.5, RESULT)):
        small = cv2.resize(mask.astype(np.uint8), size)
        lines, _ = cv2.findContours(small, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(outlined, lines, -1, color, 2)
    shade = (cv2.resize(found, size) * 255).astype(np.uint8)
    text = f"{scored.path.stem} {scored.iou:.3f}"
    cv2.putText(photo, text, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 0, 0), 1)
    return np.vstack([photo, outlined, np.repeat(shade[..., None], 3, axis=2)])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--segmenter", default="builtin", metavar="FILE")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--worst", type=int, default=0, metavar="N")
    parser.add_argument("--out", type=Path, metavar="FILE.png")
    args = parser.parse_args()
    segmenter = load_model(args.segmenter, task="segment")
    faces = load_model("builtin", task="faces")
    paths = sorted((args.folder / "images").iterdir())[:: args.every]
    scores = [score(args.folder, path, segmenter, faces) for path in paths]
    report(scores)
    worst = sorted(scores, key=lambda s: s.iou)[: args.worst]
    for s in worst:
        print(f"  {s.path.stem}  IoU {s.iou:.3f}  contour {s.contour:.3f}  {s.faces}")
    if args.out and worst:
        Image.fromarray(sheet(args.folder, worst, segmenter, faces)).save(args.out)


if __name__ == "__main__":
    main()
