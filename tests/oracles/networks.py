"""What a card means, slowly: sizes, resizing, normalising, decoding."""

import math

import numpy as np

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


def tensor(image, card):
    """The network's input as (3, h, w) float64, channels in the network's order."""
    content, canvas, (top, left) = placement(image.shape[:2], card)
    small = resize(image, content, card.get("interpolation", "auto"))
    full = np.full((*canvas, 3), float(card.get("pad_value", 0)))
    full[top : top + content[0], left : left + content[1]] = small
    if card.get("channels", "RGB") == "BGR":
        full = full[..., ::-1]
    mean, std = card.get("mean", [0, 0, 0]), card.get("std", [1, 1, 1])
    return ((full * card.get("scale", 1) - mean) / std).transpose(2, 0, 1)


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
    marks = squash(marks, card.get("activation", "none"))
    wanted = card.get("class_index", 0)
    if card["score"] == "objectness":
        return marks[0]
    if card["score"] == "class":
        return marks[wanted]
    return marks[0] * marks[1 + wanted]


def cells(canvas, strides):
    return [
        (x, y, stride)
        for stride in strides
        for y in range(canvas[0] // stride)
        for x in range(canvas[1] // stride)
    ]


def corners(row, n, canvas, card):
    a, b, c, d = row
    if card["format"] == "yolox":
        x, y, stride = cells(canvas, card["strides"])[n]
        a, b = (a + x) * stride, (b + y) * stride
        c, d = math.exp(c) * stride, math.exp(d) * stride
    elif card.get("unit", "pixels") == "normalized":
        a, b, c, d = a * canvas[1], b * canvas[0], c * canvas[1], d * canvas[0]
    if card["format"] == "xyxy":
        return a, b, c, d
    if card["format"] == "xywh":
        return a, b, a + c, b + d
    return a - c / 2, b - d / 2, a + c / 2, b + d / 2


def detections(rows, marks, canvas, card):
    """Boxes in pixels of the network's input and scores, best first."""
    found = [
        (corners(row, n, canvas, card), score(mark, card))
        for n, (row, mark) in enumerate(zip(rows, marks, strict=True))
    ]
    found = [(b, s) for b, s in found if s > card["threshold"]]
    found = [(b, s) for b, s in found if b[0] < b[2] and b[1] < b[3]]
    boxes, scores = [b for b, _ in found], [s for _, s in found]
    iou = card.get("iou")
    kept = suppress(boxes, scores, 2 if iou is None else iou)
    return [boxes[i] for i in kept], [scores[i] for i in kept]


def boxes_back(boxes, shape, card):
    content, _, (top, left) = placement(shape, card)
    ys, xs = shape[0] / content[0], shape[1] / content[1]
    out = []
    for x1, y1, x2, y2 in boxes:
        moved = (x1 - left) * xs, (y1 - top) * ys, (x2 - left) * xs, (y2 - top) * ys
        out.append([min(max(v, 0), shape[1 - i % 2]) for i, v in enumerate(moved)])
    return out
