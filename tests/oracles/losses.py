"""The losses term by term, as their equations are printed."""

import math

import numpy as np


def softmax(scores):
    powers = [math.exp(s - max(scores)) for s in scores]
    return [p / sum(powers) for p in powers]


def log_softmax(scores):
    top = max(scores)
    return [s - top - math.log(sum(math.exp(t - top) for t in scores)) for s in scores]


def soft_label(logits, labels):
    """(..., K), (..., K) -> (...)."""
    out = np.empty(logits.shape[:-1])
    for at in np.ndindex(out.shape):
        logs = log_softmax([float(v) for v in logits[at]])
        out[at] = -math.fsum(
            float(k) * v for k, v in zip(labels[at], logs, strict=True)
        )
    return out


def global_kernel(logits, target, kernel):
    """(..., H, W, K), (..., H, W), (H, W) -> (..., H, W)."""
    out = np.empty(target.shape)
    for at in np.ndindex(out.shape):
        logs = log_softmax([float(v) for v in logits[at]])
        out[at] = -float(kernel[at[-2:]]) * logs[int(target[at])]
    return out


def balanced_edge(logits, edge):
    """(H, W), (H, W) -> (H, W)."""
    beta = sum(not on for on in edge.flat) / edge.size
    out = np.empty(edge.shape)
    for at in np.ndindex(out.shape):
        z = float(logits[at])
        if edge[at]:
            out[at] = beta * _softplus(-z)
        else:
            out[at] = (1 - beta) * _softplus(z)
    return out


def consensus(logits, branch):
    """(B, P, K) -> (P, K)."""
    others = [b for b in range(len(logits)) if b != branch]
    return np.array(
        [
            np.mean([softmax([float(v) for v in logits[b][p]]) for b in others], axis=0)
            for p in range(logits.shape[1])
        ]
    )


def n_pair(features, classes, form):
    total = []
    for p, a in zip(features, classes, strict=True):
        for q, b in zip(features, classes, strict=True):
            d = math.dist([float(v) for v in p], [float(v) for v in q])
            if a == b:
                total.append(_softplus(d) - math.log(2))
            elif form == "printed":
                total.append(math.log(1 + math.exp(-d) / 2))
            else:
                total.append(math.log(1 + math.exp(-d)))
    return math.fsum(total) / len(features)


def n_pair_grad(features, classes, form):
    rows = [[float(v) for v in row] for row in features]
    out = np.zeros(np.shape(features))
    for i, p in enumerate(rows):
        for j, q in enumerate(rows):
            d = math.dist(p, q)
            if d == 0:
                continue
            decayed = math.exp(-d)
            if classes[i] == classes[j]:
                slope = 1 / (1 + decayed)
            elif form == "printed":
                slope = -(decayed / 2) / (1 + decayed / 2)
            else:
                slope = -decayed / (1 + decayed)
            unit = np.array([(a - b) / d for a, b in zip(p, q, strict=True)])
            out[i] += 2 * slope * unit / len(rows)
    return out


def _softplus(x):
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def central_differences(function, point, step=1e-5):
    """Gradient of a scalar function of one float64 array."""
    grad = np.empty(point.shape)
    for at in np.ndindex(point.shape):
        above, below = point.copy(), point.copy()
        above[at] += step
        below[at] -= step
        grad[at] = (float(function(above)) - float(function(below))) / (2 * step)
    return grad
