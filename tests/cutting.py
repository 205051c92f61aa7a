"""Scenes cut into pieces, as "auto" cuts them."""

import numpy as np

from portraitkit.instance.cells import box_cells, held_by
from portraitkit.instance.ownership import Frames
from portraitkit.instance.pieces import cut_pieces


def frames_of(boxes, shape):
    return Frames.of(np.array(boxes, float), shape)


def cut(scene, n_segments=12):
    pieces = cut_pieces(scene, n_segments, cells=box_cells(scene.frames))
    held = held_by(pieces.labels, pieces.graph.n_regions, scene.frames)
    return pieces, held
