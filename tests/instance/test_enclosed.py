"""What may be seeds of boxes inside others, and the walks to all of it."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from cutting import cut, frames_of
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from oracles import splitting, walks
from strategies import scenes

from portraitkit.instance import enclosed, split_instances, walker
from portraitkit.instance.auto import _all_chances, split_by_all
from portraitkit.instance.cells import held_by
from portraitkit.instance.ownership import exclusive_owners
from portraitkit.instance.pieces import Pieces
from portraitkit.superpixels import region_graph


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
