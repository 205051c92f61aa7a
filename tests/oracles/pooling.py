"""What pooling over superpixels means, said slowly."""

import math
from collections import Counter

import numpy as np


def pool_mean(values, labels, k):
    """Mean of each label's pixels by exact summation; 0 where it has none."""
    height, width, channels = values.shape
    bags = [[[] for _ in range(channels)] for _ in range(k)]
    for y in range(height):
        for x in range(width):
            if labels[y, x] >= 0:
                for c in range(channels):
                    bags[labels[y, x]][c].append(float(values[y, x, c]))
    means = [[math.fsum(b) / len(b) if b else 0.0 for b in row] for row in bags]
    return np.array(means).reshape(k, channels)


def pool_mean_grad(grad, labels):
    """Each pixel's share of its superpixel's gradient."""
    out = np.zeros((*labels.shape, grad.shape[1]))
    for p in np.ndindex(labels.shape):
        if labels[p] >= 0:
            out[p] = grad[labels[p]] / np.count_nonzero(labels == labels[p])
    return out


def unpool(pooled, labels):
    """Each pixel's superpixel's row."""
    out = np.zeros((*labels.shape, pooled.shape[1]))
    for p in np.ndindex(labels.shape):
        if labels[p] >= 0:
            out[p] = pooled[labels[p]]
    return out


def pool_majority(classes, labels, k):
    """The most frequent class, of equals the smallest; 0 where there is none."""
    winners = []
    for label in range(k):
        counts = Counter(classes[labels == label].tolist())
        ranked = sorted(counts, key=lambda kind: (-counts[kind], kind))
        winners.append(ranked[0] if ranked else 0)
    return np.array(winners, dtype=int)
