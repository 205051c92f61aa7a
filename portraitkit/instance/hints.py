"""Seeds that boxes and faces hint at, where no single box decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..superpixels.connected import connected_regions
from .ownership import FEW, bare_boxes

if TYPE_CHECKING:
    from .._core.typing import Boxes, Floats, Ints, Labels
    from .ownership import Frames

DEPTH = 0.02
"""How far from its box's side a person may end, in shares of the box."""
TIGHT = 0.6
"""Share of their sides at which somebody must end for boxes to count as tight."""
LOW, ASIDE = 1.5, 0.8
"""How far a face may be below its box's top, in faces, and from its middle, in halves."""
ALIKE = 0.7
"""Share of their span that boxes of the same place have in common."""


def with_tips(owner: Labels, frames: Frames) -> Labels:
    """Add to the seeds in `owner` what must be a person's, for its box to be tight.

    A box touches its person on all four sides. Where no pixel that is surely the
    person's ends at a side, it must be one of the undecided areas that end there:
    within `DEPTH` of the side, without going on beyond it. Areas that two boxes
    claim stay undecided, and so do those that go on beyond the side as another's; a
    side that the photograph's frame cuts says nothing, nor does a box without mask.
    Where people end at too few sides, the boxes are loose, and none says anything.
    """
    claims = np.zeros(owner.shape, np.int32)
    sides = frames.sides(owner != 0)
    ended = [_claim(owner, claims, frames, person, side) for person, side in sides]
    if not ended or sum(ended) < TIGHT * len(ended):
        return owner
    seeds = owner.copy()
    np.copyto(seeds, claims, where=(owner < 0) & (claims > 0))
    return seeds


def _claim(owner: Labels, claims: Labels, frames: Frames, i: int, side: int) -> bool:
    """Claim for person i the areas that end at a side of its box, if there are any."""
    box, span = frames.boxes[i], frames.spans()[i]
    along = 1 - side % 2
    here, there = (v if side % 2 else v.T for v in (owner, claims))
    start = box[side]
    if side >= 2:
        here, there, start = here[::-1], there[::-1], len(here) - start
    depth = max(round(DEPTH * (box[2 + side % 2] - box[side % 2])), 1)
    line = round(start)
    first = line - depth
    band = slice(max(first, 0), max(line + depth, 0))
    areas, n = connected_regions(np.minimum(np.abs(here[band]), 1) - 1)
    inside = np.zeros(areas.shape, bool)
    inside[max(line, 0) - band.start :, span[along] : span[along + 2]] = True
    ends = np.zeros(n + 1, bool)
    ends[areas[inside]] = True
    if first >= 0:
        ends[areas[:1]] = False
    beyond = areas[: max(line, 0) - band.start, span[along] : span[along + 2]]
    other = here[band][: beyond.shape[0], span[along] : span[along + 2]]
    ends[beyond[(other > 0) & (other != i + 1)]] = False
    ends[-1] = False
    found = ends[areas] & inside
    if (here[band][found] == i + 1).any():
        return True
    claimed = there[band]
    claimed[found] = np.where(np.isin(claimed[found], (0, i + 1)), i + 1, -1)
    return bool(found.any())


def with_faces(owner: Labels, frames: Frames, faces: Boxes) -> Labels:
    """Add the middles of faces to the seeds, where boxes alone do not tell persons apart.

    Those of boxes that hold hardly any, or lie where others do. Other persons are split
    better without: from a face, walks go to all skin around, whose ever.
    """
    if not len(faces):
        return owner
    seeds, bare = owner.copy(), bare_boxes(owner, frames, FEW)
    low, high = faces[:, :2] / 2, faces[:, 2:] / 2
    middle, reach = low + high, (high - low) / 2
    first = _pixel(middle - reach, frames)
    last = _pixel(middle + reach, frames)
    for face, person, doubted in _pairs(faces, middle, frames):
        if bare[person] or doubted:
            (x1, y1), (x2, y2) = first[face], last[face]
            part = seeds[y1:y2, x1:x2]
            part[part < 0] = person + 1
    return seeds


def _pixel(points: Floats, frames: Frames) -> Ints:
    """(K, 2) the first column and row at or after (K, 2) x, y in the image."""
    return np.ceil(points - 0.5).clip(0, frames.shape[::-1]).astype(np.int64)


def _pairs(faces: Boxes, middle: Floats, frames: Frames) -> list[tuple[int, int, bool]]:
    """Match faces to boxes, the one highest in its box first.

    The last of the three says whether another box, about the same, claims the face too.
    """
    costs = _claims(faces, middle, frames)
    doubted = np.isfinite(costs).sum(1) > 1
    pairs = []
    while np.isfinite(costs).any():
        face, person = np.unravel_index(costs.argmin(), costs.shape)
        pairs.append((int(face), int(person), bool(doubted[face])))
        costs[face], costs[:, person] = np.inf, np.inf
    return pairs


def _claims(faces: Boxes, middle: Floats, frames: Frames) -> Floats:
    """(M, N) how far a face is from the middle of its box's top, in halves of the box.

    inf where the box does not hold it. A face in several boxes that are not about the
    same may be of the one near whose top it is, if there is just one, or these are.
    """
    face, person = np.nonzero(frames.holding(middle))
    frame = frames.centered[person]
    x, y = ((middle[face] - frame[:, :2]) / frame[:, 2:]).T
    halves = faces[face] / 2
    below = halves[:, 1] - frames.boxes[person, 1] / 2
    near = (below / LOW <= halves[:, 3] - halves[:, 1]) & (np.abs(x) <= ASIDE)
    costs = np.full((len(middle), len(frames.boxes)), np.inf)
    costs[face, person] = y + np.abs(x)
    far = np.zeros(costs.shape, bool)
    far[face[~near], person[~near]] = True
    for cost, beyond in zip(costs, far, strict=True):
        for left_out in (beyond, slice(None)):
            if not _alike(frames.boxes[np.isfinite(cost)]):
                cost[left_out] = np.inf
    return costs


def _alike(boxes: Boxes) -> bool:
    """Whether what all boxes have in common is most of what they span."""
    if len(boxes) < 2:
        return True
    low, high = boxes[:, :2], boxes[:, 2:]
    common = (high.min(0) - low.max(0)).clip(0)
    return bool((common / (high.max(0) - low.min(0))).prod() >= ALIKE)
