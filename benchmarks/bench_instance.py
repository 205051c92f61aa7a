"""Superpixels and splitting against their peers, run in turn, one thread.

Run ``python benchmarks/bench_instance.py``: the minimum of some rounds, in ms.
"""

import sys
import time

import cv2
import networkx as nx
import numpy as np
from skimage import graph as peer_graph
from skimage.segmentation import slic as peer_slic

from portraitkit.instance import geodesic_distances, split_instances
from portraitkit.instance.histogram import color_histograms, edge_chi_square
from portraitkit.superpixels import region_graph, slic


def group(height=600, width=800):
    """Three overlapping persons in clothes of their own, with noise; mask and boxes."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width]
    image = np.full((height, width, 3), 120.0)
    mask, boxes = np.zeros((height, width), bool), []
    for k, color in enumerate([(200, 60, 50), (50, 80, 190), (230, 210, 90)]):
        cx, rx = width * (0.3 + 0.2 * k), width * 0.16
        body = ((x - cx) / rx) ** 2 + ((y - height * 0.75) / (height * 0.5)) ** 2 < 1
        image[body] = color
        mask |= body
        boxes.append([cx - rx, height * 0.25, cx + rx, height])
    image += rng.normal(0, 12, image.shape)
    return image.clip(0, 255).astype(np.uint8), mask, boxes


def affinities(image, labels):
    graph = region_graph(labels)
    weights = edge_chi_square(color_histograms(image, labels), graph)
    ends = [[0], [graph.n_regions - 1]]
    return geodesic_distances(graph, weights, ends)


def peer_affinities(image, labels):
    rag = peer_graph.rag_mean_color(image, labels)
    ends = [min(rag), max(rag)]
    return [nx.multi_source_dijkstra_path_length(rag, {end}) for end in ends]


def compare(title, calls, rounds=7):
    """Print the best time of each call, the calls taking turns."""
    best = dict.fromkeys(calls, np.inf)
    for turn in range(rounds + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if turn:  # the first compiles
                best[name] = min(best[name], time.perf_counter() - start)
    row = "  ".join(f"{name} {1e3 * t:.1f}" for name, t in best.items())
    sys.stdout.write(f"{title:34} {row}\n")


def main():
    cv2.setNumThreads(1)
    image, mask, boxes = group()
    compare(
        "SLIC 800x600, 500",
        {"ours": lambda: slic(image), "skimage": lambda: peer_slic(image, 500)},
    )
    compare(
        "SLIC 800x600 on a mask, 500",
        {
            "ours": lambda: slic(image, mask=mask),
            "skimage": lambda: peer_slic(image, 500, mask=mask),
        },
        rounds=3,
    )
    labels = slic(image)
    compare(
        "graph, color weights, Dijkstra",
        {
            "ours": lambda: affinities(image, labels),
            "skimage + networkx": lambda: peer_affinities(image, labels),
        },
    )
    methods = ("nearest-box", "watershed", "chi2-geodesic", "auto")
    compare(
        "split_instances 800x600",
        {
            name: lambda name=name: split_instances(image, mask, boxes, method=name)
            for name in methods
        },
    )
    large = group(3000, 4000)
    compare(
        "split_instances 4000x3000",
        {
            name: lambda name=name: split_instances(*large, method=name)
            for name in methods
        },
        rounds=2,
    )


if __name__ == "__main__":
    main()
