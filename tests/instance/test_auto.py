"""The ingredients of "auto" against slow definitions, and what they are for."""

import itertools
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import splitting, walks
from strategies import boxes_for, masks, scenes

from portraitkit.instance import enclosed, likeness, split_instances, walker
from portraitkit.instance.affinity import decide
from portraitkit.instance.auto import _all_chances, split_by_all
from portraitkit.instance.cells import box_cells, held_by
from portraitkit.instance.ownership import Frames, exclusive_owners
from portraitkit.instance.pieces import Pieces, cut_pieces
from portraitkit.instance.sides import (
    Side,
    are_tight,
    box_sides,
    likeliest,
    unreached,
)
from portraitkit.superpixels import region_graph, slic
from portraitkit.superpixels.clustering import lab_of


def frames_of(boxes, shape):
    return Frames.of(np.array(boxes, float), shape)


def cut(scene, n_segments=12):
    pieces = cut_pieces(scene, n_segments, cells=box_cells(scene.frames))
    held = held_by(pieces.labels, pieces.graph.n_regions, scene.frames)
    return pieces, held


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


class TestEnclosed:
    @given(scenes(max_side=10))
    def test_equals_the_slow_definition(self, scene_of, case):
        scene = scene_of(*case)
        pieces, held = cut(scene)
        n, frames = pieces.graph.n_regions, scene.frames
        costs = 1.0 + np.arange(len(pieces.graph.edges)) % 7
        got = enclosed.with_enclosed(pieces, held, costs, frames)
        weights = dict(zip(map(tuple, pieces.graph.edges.tolist()), costs, strict=True))
        remote, bare = frames.distances(pieces.center), False
        expected = pieces.seed.copy()
        for share, seed in zip(enclosed.SHARES, got * (3 if len(got) == 1 else 1),
                               strict=True):  # fmt: skip
            claims = {}
            for i in np.flatnonzero(frames.visible):
                total = pieces.size[held[:, i]].sum()
                alone = pieces.size[held[:, i] & (held.sum(1) == 1)].sum()
                inside = {k for k in range(n) if held[k, i] and pieces.seed[k] < 0}
                if alone > 0.03 * total or not inside:
                    continue
                bare = True
                alien = {k for k in range(n)
                         if not held[k, i] or pieces.seed[k] not in (-1, i + 1)}  # fmt: skip
                far = splitting.shortest(n, weights, alien)
                own = walks.hardest(
                    {k: int(pieces.size[k]) for k in inside},
                    {k: far[k] for k in inside}, remote[:, i], share,
                )  # fmt: skip
                for k in own:
                    claims.setdefault(k, []).append((remote[k, i], i + 1))
            for k, own in claims.items():
                near = [who for far, who in own if far == min(own)[0]]
                if len(near) > 1:
                    near = [who for who in near if who not in pieces.seed]
                if near and expected[k] < 0:
                    expected[k] = near[0]
            assert_array_equal(seed, expected)
        assert len(got) == (3 if bare else 1)

    @given(scenes(max_side=10))
    def test_chances_for_each_of_what_may_be_seeds(self, scene_of, case):
        scene = scene_of(*case)
        pieces, held = cut(scene)
        able, pull = scene.frames.able(held), pieces.graph.border.astype(float)
        free = np.flatnonzero(pieces.seed < 0)
        likely = pieces.seed.copy()
        likely[free[::2]] = np.where(
            held[free[::2]].any(1), able[free[::2]].argmax(1) + 1, -1
        )
        self.check_chances(pieces, [pieces.seed, likely], pull, able)

    def test_what_other_seeds_are_met_from_is_not_believed(self, scene_of):
        """Where two are of one place, nobody may have seeds; or both do."""
        boxes = [[0, 0, 12, 6]] * 2
        scene = scene_of(np.zeros((6, 12, 3), np.uint8), np.ones((6, 12), bool), boxes)
        pieces, held = cut(scene)
        likely = pieces.seed.copy()
        likely[[0, -1]] = 1, 2
        pull = pieces.graph.border.astype(float)
        self.check_chances(pieces, [pieces.seed, likely, pieces.seed], pull, held)

    @staticmethod
    def check_chances(pieces, seeds, pull, able):
        """They are what walks to each say, at first and again."""
        each = [
            walker.meeting_chances(
                replace(pieces, seed=seed), pull, able.shape[1], able=able
            )
            for seed in seeds
        ]
        got = None
        for _ in range(2):
            got = _all_chances(pieces, seeds, pull, able, got)
            assert_allclose(got, each, atol=1e-6)

    @pytest.mark.parametrize("owner", [1, 2])
    def test_all_that_may_be_seeds_count_alike(self, scene_of, owner):
        """One is sure, two are but inclined to the other person."""
        boxes = [[0, 1, 8, 5], [4, 1, 12, 5]]
        scene = scene_of(np.zeros((6, 12, 3), np.uint8), np.ones((6, 12), bool), boxes)
        says = [np.array(row)[:: 3 - 2 * owner] for row in ([0.1, 0.3], [0.9, 0])]

        def chances(pieces, *_):
            return [np.tile(says[i], (pieces.graph.n_regions, 1)) for i in (0, 1, 0)]

        with patch("portraitkit.instance.auto._all_chances", chances):
            labels, _ = split_by_all(scene, 12)
        assert (labels[2:4, 5:7] == owner).all()

    @staticmethod
    def seeds_of(mask, boxes, shares=(0.4,)):
        """Seeds of a row of pieces of one pixel each, all steps being equal."""
        frames = frames_of(boxes, (1, len(mask)))
        row = np.array([mask], bool)
        labels = np.where(row, row.cumsum() - 1, -1).astype(np.int32)
        x = np.flatnonzero(row) + 0.5
        pieces = Pieces(
            labels,
            exclusive_owners(row, frames)[row].astype(np.int64),
            np.ones(len(x), np.int64),
            np.stack([x, np.full(len(x), 0.5)], axis=1),
            region_graph(labels),
        )
        held = held_by(labels, len(x), frames)
        costs = np.ones(len(pieces.graph.edges))
        found = np.zeros(len(mask), int)
        with patch.object(enclosed, "SHARES", shares):
            *_, found[row[0]] = enclosed.with_enclosed(pieces, held, costs, frames)
        return found

    def test_what_two_claim_goes_to_the_nearer(self):
        boxes = [[0, 0, 20, 1], [4, 0, 12, 1], [6, 0, 14, 1]]
        seeds = self.seeds_of([1] * 20, boxes)
        assert_array_equal(seeds[4:14], [-1, -1, 2, 2, 2, 3, 3, 3, -1, -1])

    def test_what_is_surest_stays_although_another_is_nearer(self):
        """Who wants more claims a piece that is one's surest."""
        boxes = [[0, 0, 12, 1], [6, 0, 8, 1], [5, 0, 10, 1]]
        for shares, seeds in (
            ((0.5,), [-1, 3, 3, 3, -1]),
            ((0.1, 0.5), [-1, 2, 3, 3, -1]),
        ):
            assert_array_equal(self.seeds_of([1] * 12, boxes, shares)[5:10], seeds)

    def test_what_two_claim_from_as_far_goes_to_the_first_without_seeds(self):
        boxes = [[0, 0, 20, 1], [6, 0, 14, 1], [6, 0, 14, 1]]
        seeds = self.seeds_of([1] * 20, boxes)
        assert_array_equal(np.unique(seeds[6:14]), [-1, 2])

    def test_what_two_with_seeds_claim_from_as_far_stays_undecided(self):
        claims = np.array([[0.5, 0.5, np.inf], [0.5, 0.25, np.inf]])
        assert_array_equal(enclosed._nearest(claims, np.array([1, -1, 2])), [0, 2])
        assert_array_equal(enclosed._nearest(claims, np.array([1, -1, -1])), [2, 2])

    def test_out_of_reach_is_as_far_as_the_farthest(self):
        mask = [1] * 7 + [0] + [1] * 4 + [0] + [1] * 7
        seeds = self.seeds_of(mask, [[0, 0, 20, 1], [4, 0, 12, 1]])
        assert_array_equal(seeds[4:12], [-1, -1, 2, 0, 2, 2, -1, -1])

    def test_a_box_with_something_to_itself_needs_none(self):
        boxes = [[0, 0, 95, 1], [4, 0, 100, 1]]
        seeds = self.seeds_of([1] * 100, boxes)
        assert_array_equal(np.unique(seeds[4:95]), [-1])
        boxes = [[0, 0, 98, 1], [4, 0, 100, 1]]
        seeds = self.seeds_of([1] * 100, boxes)
        assert (seeds[4:98] == 2).any()

    def test_a_child_before_its_parent(self):
        image = np.full((60, 40, 3), 60, np.uint8)
        image[30:58, 6:16] = (220, 180, 40)
        boxes = [[0, 0, 40, 60], [4, 28, 18, 60]]
        mask = np.ones((60, 40), bool)
        split = split_instances(image, mask, boxes)
        assert (split.labels[31:57, 7:15] == 2).all()
        assert (split.labels[:28] == 1).all()


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
