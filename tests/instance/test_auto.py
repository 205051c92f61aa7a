"""The ingredients of "auto" against slow definitions, and what they are for."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from cutting import cut, frames_of
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import splitting, walks
from strategies import boxes_for, masks, scenes

from portraitkit.instance import likeness, split_instances
from portraitkit.instance.affinity import decide
from portraitkit.instance.auto import split_by_all
from portraitkit.instance.cells import box_cells
from portraitkit.instance.sides import (
    Side,
    are_tight,
    box_sides,
    likeliest,
    unreached,
)
from portraitkit.superpixels import slic
from portraitkit.superpixels.clustering import lab_of


class TestCells:
    @given(st.data(), masks(max_side=12))
    def test_a_cell_is_a_set_of_boxes(self, data, mask):
        boxes = data.draw(boxes_for(mask.shape, most=5))
        cells = box_cells(frames_of(boxes, mask.shape))
        shown = splitting.clipped(boxes, mask.shape)
        sets = {}
        for y, x in np.ndindex(mask.shape):
            held = frozenset(walks.holders(shown, x + 0.5, y + 0.5))
            assert sets.setdefault(held, cells[y, x]) == cells[y, x]
        assert len(set(sets.values())) == len(sets)

    def test_more_boxes_than_bits(self):
        boxes = [[k, 0, k + 1, 1] for k in range(200)]
        cells = box_cells(frames_of(boxes, (1, 210)))
        assert len(np.unique(cells)) == 201
        assert (cells[0, 200:] == cells[0, 200]).all()

    @given(scenes(max_side=12))
    def test_who_may_own_a_piece(self, scene_of, case):
        image, mask, boxes = case
        scene = scene_of(image, mask, boxes)
        pieces, held = cut(scene)
        able = scene.frames.able(held)
        shown = splitting.clipped(boxes, mask.shape)
        for y, x in np.argwhere(mask):
            k = pieces.labels[y, x]
            expected = walks.holders(shown, x + 0.5, y + 0.5)
            assert set(np.flatnonzero(held[k])) == expected
            expected = {i for i, _ in splitting.candidates(shown, x + 0.5, y + 0.5)}
            assert set(np.flatnonzero(able[k])) == expected


class TestCosts:
    @given(scenes(max_side=8), st.integers(2, 40))
    def test_equal_the_slow_definition(self, scene_of, case, n_segments):
        image, mask, boxes = case
        scene = scene_of(image, mask, boxes)
        pieces, _ = cut(scene)
        got = likeness.crossing_costs(scene, pieces, n_segments)
        coarse = [
            slic(image, n_segments=max(n_segments // c, 1), mask=mask)
            for c in (2, 4, 8)
        ]
        lab = lab_of(image).astype(float)
        for (a, b), cost in zip(pieces.graph.edges.tolist(), got, strict=True):
            color = walks.color_step(
                lab, pieces.labels, a, b, likeness.LIGHT, likeness.NOISE
            )
            apart = np.mean([walks.apart(pieces.labels, c, a, b) for c in coarse])
            assert cost == pytest.approx(color * np.exp(2 * apart), rel=1e-4)

    @given(scenes(max_side=10))
    def test_level_borders_count_more(self, scene_of, case):
        pieces, _ = cut(scene_of(*case))
        graph = pieces.graph
        for (a, b), border, length in zip(
            graph.edges.tolist(), graph.border, likeness.upright_borders(pieces),
            strict=True,
        ):  # fmt: skip
            level = walks.level_border(pieces.labels, a, b)
            assert length == border + (likeness.UPRIGHT - 1) * level


class TestSides:
    @given(scenes(max_side=14))
    def test_are_strips_along_the_boxes(self, scene_of, case):
        scene = scene_of(*case)
        pieces, _ = cut(scene)
        found = box_sides(pieces, scene.frames)
        height, width = pieces.labels.shape
        expected = []
        for i, box in splitting.clipped(case[2], scene.mask.shape):
            x1, y1, x2, y2 = (
                int(np.clip(np.ceil(v - 0.5), 0, n))
                for v, n in zip(box, (width, height) * 2, strict=True)
            )
            wide, tall = (
                max(round(0.02 * (x2 - x1)), 2),
                max(round(0.02 * (y2 - y1)), 2),
            )
            strips = [
                {(y, x) for y in range(y1, y2) for x in range(x1, x2) if x < x1 + wide},
                {(y, x) for y in range(y1, y2) for x in range(x1, x2) if y < y1 + tall},
                {
                    (y, x)
                    for y in range(y1, y2)
                    for x in range(x1, x2)
                    if x >= x2 - wide
                },
                {
                    (y, x)
                    for y in range(y1, y2)
                    for x in range(x1, x2)
                    if y >= y2 - tall
                },
            ]
            held = scene.mask[y1:y2, x1:x2].any()
            for strip, gone in zip(strips, scene.frames.cut[i], strict=True):
                if held and not gone:
                    names = {int(pieces.labels[p]) for p in strip} - {-1}
                    expected.append((i, names))
        y, x = np.nonzero(scene.mask)
        shown = splitting.clipped(case[2], scene.mask.shape)
        out = [
            not walks.holders(shown, c + 0.5, r + 0.5)
            for r, c in zip(y, x, strict=True)
        ]
        if sum(out) > 0.01 * len(out):
            expected = []
        assert [(s.person, set(s.pieces.tolist())) for s in found] == expected

    @pytest.mark.parametrize(("spill", "n_sides"), [(0, 4), (100, 4), (101, 0)])
    def test_boxes_that_leave_mask_out_are_not_tight(self, spill, n_sides):
        mask = np.zeros((200, 200), bool)
        mask[10:110, 10:109] = True
        mask[150, 0:spill] = True
        assert np.count_nonzero(mask) == 9900 + spill
        frames = frames_of([[10, 10, 109, 110]], mask.shape)
        assert len(frames.sides(mask)) == n_sides

    def test_are_as_deep_as_two_hundredths_of_the_box(self, scene_of):
        mask = np.zeros((110, 420), bool)
        mask[5:105, 5:405] = True
        image = np.zeros((110, 420, 3), np.uint8)
        pieces, _ = cut(scene := scene_of(image, mask, [[5, 5, 405, 105]]))
        pieces = replace(
            pieces, labels=np.where(mask, np.arange(mask.size).reshape(mask.shape), -1)
        )
        left, top, right, bottom = box_sides(pieces, scene.frames)
        for side, width in ((left, 8), (right, 8)):
            assert len(side.pieces) == width * 100
        for side, height in ((top, 2), (bottom, 2)):
            assert len(side.pieces) == height * 400

    def test_who_reaches_them(self):
        sides = [Side(0, np.array([0, 1])), Side(1, np.array([2]))]
        missed = unreached(sides, np.array([2, 1, 1]))
        assert [s.person for s in missed] == [1]
        assert not are_tight(sides, missed)
        assert are_tight(sides * 2, missed)
        chances = np.array([[0.1, 0.9], [0, 0], [0.3, 0.2]])
        free = np.ones(3, bool)
        assert likeliest(missed, chances, free) == (2, 1)
        assert likeliest(sides, chances, free) == (2, 1)
        assert likeliest(sides, chances, free & [True, True, False]) == (0, 0)
        assert likeliest(sides, chances * 0, free) is None

    @pytest.mark.parametrize("tight", [True, False])
    def test_a_foot_at_the_end_of_a_tight_box(self, scene_of, tight):
        """Its color and its place say that the foot is the second person's."""
        image = np.full((80, 80, 3), 90, np.uint8)
        image[:, :44] = (200, 80, 40)
        mask = np.zeros((80, 80), bool)
        mask[10:60, 10:30] = mask[57:60, 30:44] = mask[52:60, 44:54] = True
        mask[10:46, 40:70] = mask[46:70, 54:70] = True
        slack = 0 if tight else 6
        boxes = [[10 - slack, 10 - slack, 54, 60 + slack],
                 [40, 10 - slack, 70 + slack, 70 + slack]]  # fmt: skip
        labels, _ = split_by_all(scene_of(image, mask, boxes), 40)
        assert (labels[55, 50] == 1) == tight

    @pytest.mark.parametrize("most", [0, 1])
    def test_who_misses_a_side_is_given_the_likeliest_piece_there(
        self, scene_of, monkeypatch, most
    ):
        """The same foot, where no end is told beforehand: only its side speaks."""
        monkeypatch.setattr("portraitkit.instance.auto.MOST", most)
        monkeypatch.setattr(
            "portraitkit.instance.auto.with_tips", lambda seeds, _frames: seeds
        )
        image = np.full((80, 80, 3), 90, np.uint8)
        image[:, :44] = (200, 80, 40)
        mask = np.zeros((80, 80), bool)
        mask[10:60, 10:30] = mask[57:60, 30:44] = mask[52:60, 44:54] = True
        mask[10:46, 60:70] = mask[46:70, 54:70] = True
        scene = scene_of(image, mask, [[10, 10, 54, 60], [44, 10, 70, 70]])
        labels, _ = split_by_all(scene, 40)
        assert labels[55, 52] == (1 if most else 2)


class TestUpright:
    def test_a_head_goes_with_what_is_below_it(self):
        """It borders one person's body below it as far as another's beside it."""
        image = np.full((50, 40, 3), 90, np.uint8)
        image[:10, 30:] = (190, 150, 120)
        mask = np.zeros((50, 40), bool)
        mask[:10, 20:] = mask[:40, 30:] = True
        boxes = [[30, 0, 40, 40], [20, 0, 40, 10]]
        labels = split_instances(image, mask, boxes, n_segments=20).labels
        assert (labels[:9, 31:] == 1).all()


class TestAuto:
    image = np.random.default_rng(1).integers(0, 256, (60, 60, 3), np.uint8)

    def test_an_end_at_a_tight_box_is_only_its_own(self, scene_of):
        mask = np.zeros((60, 60), bool)
        mask[20:50, 10:40] = mask[8:20, 14:18] = True
        scene = scene_of(self.image, mask, [[10, 8, 40, 50], [10, 20, 40, 50]])
        blank = replace(scene, seeds=np.where(mask, -1, 0).astype(np.int32))
        labels, sure = split_by_all(blank, 20)
        assert (labels[8, 14:18] == 1).all()
        assert (sure[8, 14:18] == 1).all()

    def test_all_ends_at_a_tight_box_are_sure(self, scene_of):
        """Both are in the loose box too; one would do for the side to be reached."""
        mask = np.zeros((60, 60), bool)
        mask[20:50, 10:40] = mask[8:20, 14:18] = mask[8:20, 30:34] = True
        mask[10:50, 45:55] = True
        boxes = [[10, 8, 40, 50], [8, 3, 42, 52], [45, 10, 55, 50]]
        labels, sure = split_by_all(scene_of(self.image, mask, boxes), 20)
        for end in (labels[8, 14:18], labels[8, 30:34]):
            assert (end == 1).all()
        for end in (sure[8, 14:18], sure[8, 30:34]):
            assert (end == 1).all()

    def test_a_walk_ends_where_the_box_does(self, scene_of):
        """Past its box the first can't be, so the second is nearer than it seems."""
        image, mask = np.zeros((40, 100, 3), np.uint8), np.zeros((40, 100), bool)
        mask[10:20] = mask[30:35, 60:70] = True
        boxes = [[0, 4, 50, 26], [10, 4, 100, 26], [50, 4, 90, 38]]
        labels, _ = split_by_all(scene_of(image, mask, boxes), 20)
        assert (labels[10:20, :20] == 1).all()
        assert (labels[10:20, 45:50] == 2).all()

    def test_a_bent_piece_is_of_who_holds_it_not_its_center(self):
        image, mask = np.zeros((30, 30, 3), np.uint8), np.zeros((30, 30), bool)
        mask[0, :10] = mask[:10, 0] = mask[5:9, 20:30] = mask[20:30, 5:9] = True
        boxes = [[0, 0, 30, 14], [0, 0, 14, 30], [1, 1, 6, 6]]
        split = split_instances(image, mask, boxes, n_segments=1)
        assert_array_equal(split.empty, [False, False, True])

    @given(scenes(max_side=12))
    def test_gives_no_pixel_to_a_box_beside_it(self, case):
        image, mask, boxes = case
        labels = split_instances(image, mask, boxes, n_segments=6).labels
        shown = splitting.clipped(boxes, mask.shape)
        for y, x in np.argwhere(mask):
            able = {i + 1 for i, _ in splitting.candidates(shown, x + 0.5, y + 0.5)}
            assert labels[y, x] in able

    def test_a_row_of_many(self):
        mask = np.ones((30, 300), bool)
        image = np.repeat(np.arange(30) % 2 * 120 + 60, 10)[None, :, None]
        image = np.broadcast_to(image, (30, 300, 3)).astype(np.uint8)
        boxes = [[k * 10 - 3, 0, k * 10 + 13, 30] for k in range(30)]
        labels = split_instances(image, mask, boxes).labels
        assert (labels[15, 5::10] == np.arange(1, 31)).all()

    def test_of_two_colors_each_keeps_its_own(self):
        image, mask = np.zeros((20, 40, 3), np.uint8), np.ones((20, 40), bool)
        image[:, :25] = (200, 30, 30)
        for boxes in itertools.permutations([[0, 0, 28, 20], [12, 0, 40, 20]]):
            split = split_instances(image, mask, boxes)
            first = 1 if boxes[0][0] == 0 else 2
            assert_array_equal(split.labels[0], [first] * 25 + [3 - first] * 15)

    def test_decides_among_those_that_may(self, scene_of):
        boxes = [[0, 0, 40, 60], [20, 0, 60, 60]]
        pieces, held = cut(
            scene := scene_of(self.image, np.ones((60, 60), bool), boxes)
        )
        free = pieces.seed < 0
        able = np.stack([np.arange(len(held)) % 2 == i for i in range(2)], axis=1)
        costs = np.ones(held.shape)
        persons, _ = decide(costs, pieces, scene.frames, able=able)
        assert_array_equal(persons[free] - 1, able[free].argmax(1))
