"""Hard-segmentation metrics from lists of pixels. Imports nothing from portraitkit."""

import math


def mean(values):
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def ratio(part, whole):
    return part / whole if whole else math.nan


def metrics(pairs, n_classes):
    """pixel, class accuracy, mean, frequency-weighted IoU of (predicted, true) pixels."""
    right = [sum(p == t == k for p, t in pairs) for k in range(n_classes)]
    true = [sum(t == k for _, t in pairs) for k in range(n_classes)]
    either = [sum(k in pair for pair in pairs) for k in range(n_classes)]
    ious = [ratio(r, e) for r, e in zip(right, either, strict=True)]
    weighted = [t * i for t, i in zip(true, ious, strict=True) if t]
    return (
        ratio(sum(right), len(pairs)),
        mean([ratio(r, t) for r, t in zip(right, true, strict=True)]),
        mean(ious),
        ratio(sum(weighted), len(pairs)),
    )
