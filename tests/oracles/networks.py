"""What a card means, slowly: sizes, resizing, normalising, decoding."""

import math

import numpy as np
from oracles.kernels_labels import warped

REACH = 3


def tap_matrix(n_in, n_out, how):
    """(n_out, n_in) weights of one axis."""
    matrix = np.zeros((n_out, n_in))
    step = n_in / n_out
    for i in range(n_out):
        if how == "area" and n_out < n_in:
            for j in range(n_in):
                shared = min(j + 1, (i + 1) * step) - max(j, i * step)
                matrix[i, j] = max(shared, 0) / step
        else:
            at = min(max((i + 0.5) * step - 0.5, 0), n_in - 1)
            low = min(int(at), n_in - 1)
            matrix[i, low] += 1 - (at - low)
            matrix[i, min(low + 1, n_in - 1)] += at - low
    return matrix


def resize(values, shape, how="auto"):
    values = np.asarray(values, float)
    if how == "auto":
        shrink = max(values.shape[0] / shape[0], values.shape[1] / shape[1])
        how = "area" if shrink > REACH else "bilinear"
    rows = tap_matrix(values.shape[0], shape[0], how)
    cols = tap_matrix(values.shape[1], shape[1], how)
    return np.einsum("iy,yx...,jx->ij...", rows, values, cols)


def half_up(number):
    return math.floor(number + 0.5)


def placement(shape, card):
    """(content, canvas, offset) for an image of `shape`; `card` is card["input"]."""
    resize_how, k = card.get("resize", "stretch"), card.get("multiple", 1)
    room = card.get("size") or [card["longest"]] * 2
    factor = min(room[0] / shape[0], room[1] / shape[1])
    if card.get("shortest"):
        factor = min(card["longest"] / max(shape), card["shortest"] / min(shape))
    if resize_how == "pad" and factor > 1:
        factor = 1
    content = [max(1, half_up(side * factor)) for side in shape]
    if card.get("size"):
        canvas = list(room)
    elif resize_how == "stretch":
        canvas = [max(k, half_up(side / k) * k) for side in content]
    else:
        canvas = [math.ceil(side / k) * k for side in content]
    if resize_how == "stretch":
        content = canvas
    offset = [0, 0]
    if card.get("anchor", "center") == "center":
        offset = [(a - b) // 2 for a, b in zip(canvas, content, strict=True)]
    return content, canvas, offset


def colors(image, card):
    """The network's colors as (3, h, w) float64, in the network's order."""
    content, canvas, (top, left) = placement(image.shape[:2], card)
    small = resize(image, content, card.get("interpolation", "auto"))
    full = np.full((*canvas, 3), float(card.get("pad_value", 0)))
    full[top : top + content[0], left : left + content[1]] = small
    if card.get("channels", "RGB") == "BGR":
        full = full[..., ::-1]
    mean, std = card.get("mean", [0, 0, 0]), card.get("std", [1, 1, 1])
    return ((full * card.get("scale", 1) - mean) / std).transpose(2, 0, 1)


def position(shape, face):
    """(2, h, w): x and y of pixel centers, in faces from the face's center."""
    out = np.zeros((2, *shape))
    half = 1
    if face is None:
        face, half = [0, 0, shape[1], shape[0]], 0.5
    for i in range(shape[0]):
        for j in range(shape[1]):
            for k, at in enumerate((j + 0.5, i + 0.5)):
                low, high = face[k], face[k + 2]
                out[k, i, j] = (at - (low + high) / 2) / ((high - low) * half)
    return out


def tensor(image, card, mean=None, face=None):
    """The network's input as (C, h, w) float64."""
    content, canvas, (top, left) = placement(image.shape[:2], card)
    planes = [*colors(image, card)]
    if face is not None:
        y, x = content[0] / image.shape[0], content[1] / image.shape[1]
        face = [face[0] * x, face[1] * y, face[2] * x, face[3] * y]
    for extra in card.get("extras", []):
        if extra == "shape" and face is not None:
            inside = warped(mean, content, face, card["reference_face"])
        elif extra == "shape":
            inside = resize(mean, content)
        else:
            inside = position(content, face)["xy".index(extra)]
        plane = np.zeros(canvas)
        plane[top : top + content[0], left : left + content[1]] = inside
        planes.append(plane)
    return np.stack(planes)


def probability(scores, card):
    """(C, h, w) scores -> (h, w); `card` is card["output"]."""
    person, ignore = card.get("person", [1]), card.get("ignore", [])
    out = np.zeros(scores.shape[1:])
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            z = scores[:, y, x]
            kept = [c for c in range(len(z)) if c not in ignore]
            if card["kind"] == "argmax":
                out[y, x] = int(z[0]) in person
            elif card["kind"] == "sigmoid":
                out[y, x] = 1 / (1 + math.exp(-z[person[0]]))
            elif card["kind"] == "softmax":
                total = sum(math.exp(z[c]) for c in kept)
                out[y, x] = sum(math.exp(z[c]) for c in person) / total
            else:
                total = sum(z[c] for c in kept) if ignore else 1
                out[y, x] = min(sum(z[c] for c in person) / total, 1)
    return out


def map_back(values, shape, card):
    content, canvas, (top, left) = placement(shape, card)
    if content != canvas:
        values = resize(values, canvas)
        values = values[top : top + content[0], left : left + content[1]]
    return resize(values, shape)


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(width, 0) * max(height, 0)
    area = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return shared / (area - shared)


def suppress(boxes, scores, iou):
    """Rows kept: each is better than, or far from, everything kept before it."""
    kept = []
    for i in sorted(range(len(boxes)), key=lambda row: (-scores[row], row)):
        if all(overlap(boxes[i], boxes[j]) <= iou for j in kept):
            kept.append(i)
    return kept


def squash(marks, activation):
    if activation == "sigmoid":
        return [1 / (1 + math.exp(-m)) for m in marks]
    if activation == "softmax":
        total = sum(math.exp(m) for m in marks)
        return [math.exp(m) / total for m in marks]
    return list(marks)


def score(marks, card):
    wanted = card.get("class_index", 0)
    if card["score"] == "labeled":
        found = squash(marks[:1], card.get("activation", "none"))[0]
        return found if marks[1] == wanted else -math.inf
    marks = squash(marks, card.get("activation", "none"))
    if card["score"] == "objectness":
        return marks[0]
    if card["score"] == "class":
        return marks[wanted]
    product = marks[0] * marks[1 + wanted]
    return math.sqrt(product) if card["score"].startswith("sqrt") else product


def priors(canvas, card):
    """(x, y) in pixels and (unit x, unit y) of each row."""
    out = []
    strides, counts = card.get("strides"), card.get("cells")
    offset = card.get("offset", 0.5 if card["format"] == "ssd" else 0)
    for k in range(len(strides or counts)):
        if counts:
            rows, columns = counts[k]
        else:
            rows, columns = (math.ceil(side / strides[k]) for side in canvas)
        dy, dx = (
            [strides[k]] * 2 if strides else (canvas[0] / rows, canvas[1] / columns)
        )
        for y in range(rows):
            for x in range(columns):
                place = (x + offset) * dx, (y + offset) * dy
                if card["format"] == "ssd":
                    out += [(place, tuple(anchor)) for anchor in card["anchors"][k]]
                else:
                    out += [(place, (dx, dy))] * card.get("per_cell", 1)
    return out


def mean_of_bins(logits):
    weights = squash(logits, "softmax")
    return sum(k * w for k, w in enumerate(weights))


def corners(row, n, canvas, card):
    kind = card["format"]
    if kind in ("yolox", "distances", "ssd"):
        (x, y), (ux, uy) = priors(canvas, card)[n]
    if kind == "distances":
        bins = card.get("bins", 1)
        if bins > 1:
            row = [mean_of_bins(row[k * bins : (k + 1) * bins]) for k in range(4)]
        return x - row[0] * ux, y - row[1] * uy, x + row[2] * ux, y + row[3] * uy
    a, b, c, d = row
    if kind == "yolox":
        a, b, c, d = x + a * ux, y + b * uy, math.exp(c) * ux, math.exp(d) * uy
    elif kind == "ssd":
        v, w = card.get("variances", (0.1, 0.2))
        a, b, c, d = x + v * a * ux, y + v * b * uy, w * c, w * d
        if card.get("log_sizes", True):
            c, d = math.exp(c), math.exp(d)
        c, d = c * ux, d * uy
    elif kind == "yxyx":
        a, b, c, d = b, a, d, c
    if card.get("unit", "pixels") == "normalized":
        a, b, c, d = a * canvas[1], b * canvas[0], c * canvas[1], d * canvas[0]
    if kind in ("xyxy", "yxyx"):
        return a, b, c, d
    if kind == "xywh":
        return a, b, a + c, b + d
    return a - c / 2, b - d / 2, a + c / 2, b + d / 2


def spots(row, n, canvas, card):
    """[(x, y), ...] of one row of landmarks."""
    pairs = [(row[k], row[k + 1]) for k in range(0, len(row), 2)]
    if card["format"] in ("yolox", "distances", "ssd"):
        (x, y), (ux, uy) = priors(canvas, card)[n]
        v = card.get("variances", (0.1, 0.2))[0] if card["format"] == "ssd" else 1
        return [(x + v * a * ux, y + v * b * uy) for a, b in pairs]
    if card.get("unit", "pixels") == "normalized":
        return [(a * canvas[1], b * canvas[0]) for a, b in pairs]
    return pairs


def detections(rows, marks, canvas, card, landmarks=None):
    """Boxes and landmarks in pixels of the network's input, scores; best first."""
    landmarks = [[]] * len(rows) if landmarks is None else landmarks
    found = []
    for n, (row, mark, points) in enumerate(zip(rows, marks, landmarks, strict=True)):
        if score(mark, card) > card["threshold"]:
            box = corners(row, n, canvas, card)
            if box[0] < box[2] and box[1] < box[3]:
                found.append((box, score(mark, card), spots(points, n, canvas, card)))
    iou = card.get("iou")
    boxes, scores, points = ([each[k] for each in found] for k in range(3))
    kept = suppress(boxes, scores, 2 if iou is None else iou)
    return [[values[i] for i in kept] for values in (boxes, scores, points)]


def points_back(points, shape, card):
    content, _, (top, left) = placement(shape, card)
    ys, xs = shape[0] / content[0], shape[1] / content[1]
    return [[((x - left) * xs, (y - top) * ys) for x, y in row] for row in points]


def boxes_back(boxes, shape, card):
    content, _, (top, left) = placement(shape, card)
    ys, xs = shape[0] / content[0], shape[1] / content[1]
    out = []
    for x1, y1, x2, y2 in boxes:
        moved = (x1 - left) * xs, (y1 - top) * ys, (x2 - left) * xs, (y2 - top) * ys
        out.append([min(max(v, 0), shape[1 - i % 2]) for i, v in enumerate(moved)])
    return out
