"""Score a method on photographs that are changed in ways that change no truth.

    python benchmarks/changed_photos.py FOLDER [--method auto]

FOLDER and scores as for `accuracy_split.py`. A method that is right by luck, or because
its constants fit these very pixels, is right no more when they are mirrored, scaled,
noisy or gray; and a box is seldom drawn to the pixel.
"""

import argparse
import sys
from dataclasses import replace

import cv2
import numpy as np

from benchmarks.accuracy_split import (
    average_precision,
    contested_accuracy,
    load,
    split_all,
)

NOISE = 5
"""Standard deviation, in gray levels."""


def tight_boxes(truth):
    found = []
    for person in range(1, int(truth.max()) + 1):
        y, x = np.nonzero(truth == person)
        found.append((x.min(), y.min(), x.max() + 1, y.max() + 1))
    return np.array(found, float)


def mirrored(photo):
    truth = np.ascontiguousarray(photo.truth[:, ::-1])
    image = np.ascontiguousarray(photo.image[:, ::-1])
    return replace(photo, image=image, truth=truth, boxes=tight_boxes(truth))


def scaled(photo, by):
    how = cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC
    image = cv2.resize(photo.image, None, fx=by, fy=by, interpolation=how)
    ids = photo.truth.astype(np.int16)
    ids = cv2.resize(ids, image.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    truth = ids.astype(np.int32)
    return replace(photo, image=image, truth=truth, boxes=tight_boxes(truth))


def compressed(photo, quality):
    _, data = cv2.imencode(".jpg", photo.image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return replace(photo, image=cv2.imdecode(data, cv2.IMREAD_COLOR))


def noisy(photo):
    rng = np.random.default_rng(photo.truth.size)
    image = photo.image + rng.normal(0, NOISE, photo.image.shape)
    return replace(photo, image=np.clip(image, 0, 255).astype(np.uint8))


def blurred(photo):
    return replace(photo, image=cv2.GaussianBlur(photo.image, (0, 0), 1))


def lighter(photo):
    image = 255 * (photo.image / 255) ** 0.7
    return replace(photo, image=image.astype(np.uint8))


def gray(photo):
    mean = photo.image.mean(2, keepdims=True).astype(np.uint8)
    return replace(photo, image=np.repeat(mean, 3, axis=2))


def boxed(photo, wider):
    return replace(photo, boxes=photo.boxes + np.array([-1, -1, 1, 1]) * wider)


CHANGES = {
    "as they are": lambda photo: photo,
    "mirrored": mirrored,
    "half the size": lambda photo: scaled(photo, 0.5),
    "0.7 of the size": lambda photo: scaled(photo, 0.7),
    "1.4 times the size": lambda photo: scaled(photo, 1.4),
    "twice the size": lambda photo: scaled(photo, 2),
    "JPEG of quality 40": lambda photo: compressed(photo, 40),
    f"noise of {NOISE} levels": noisy,
    "blurred by a pixel": blurred,
    "lighter, gamma 0.7": lighter,
    "gray": gray,
    "boxes 1 pixel wider": lambda photo: boxed(photo, 1),
    "boxes 2 pixels wider": lambda photo: boxed(photo, 2),
    "boxes 4 pixels wider": lambda photo: boxed(photo, 4),
}


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--method", default="auto")
    options = parser.parse_args(arguments)
    photos = load(options.folder)
    sys.stdout.write(f"{'photographs':21} {'AP':>5} {'contested':>9} {'by photo':>8}\n")
    for name, change in CHANGES.items():
        changed = [change(photo) for photo in photos]
        splits = split_all(changed, method=options.method)
        precision, _ = average_precision(changed, splits)
        # Which pixels are contested, the true boxes say.
        tight = [replace(p, boxes=tight_boxes(p.truth)) for p in changed]
        pooled, by_photo = contested_accuracy(tight, splits)
        sys.stdout.write(f"{name:21} {precision:5.3f} {pooled:9.3f} {by_photo:8.3f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
