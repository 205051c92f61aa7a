"""Seeds from tips at tight boxes and from faces, against slow definitions."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import splitting as oracle
from oracles import walks
from strategies import boxes_for, scenes

from portraitkit.instance import split_instances
from portraitkit.instance.hints import with_faces, with_tips
from portraitkit.instance.ownership import Frames, exclusive_owners


class TestTips:
    def test_who_ends_at_a_side_owns_that_end(self):
        mask = np.zeros((60, 60), bool)
        mask[20:50, 10:40] = True  # the body both boxes hold
        mask[8:20, 14:18] = True  # ends where the taller box does
        boxes = [[10, 8, 40, 50], [10, 20, 40, 50]]
        frames = Frames.of(np.array(boxes, float), mask.shape)
        owner = exclusive_owners(mask, frames)
        seeds = with_tips(np.where(owner > 0, -1, owner), frames)
        assert (seeds[8, 14:18] == 1).all()
        assert (seeds[40] <= 0).all()

    @given(scenes())
    def test_only_the_undecided_changes(self, case):
        _, mask, boxes = case
        frames = Frames.of(np.array(boxes, float), mask.shape)
        owner = exclusive_owners(mask, frames)
        seeds = with_tips(owner, frames)
        assert_array_equal(seeds[owner >= 0], owner[owner >= 0])
        assert set(np.unique(seeds[owner < 0])) <= {-1, *range(1, len(boxes) + 1)}

    @given(scenes(max_side=16), st.data())
    def test_equal_the_slow_definition(self, case, data):
        _, mask, boxes = case
        frames = Frames.of(np.array(boxes, float), mask.shape)
        owner = exclusive_owners(mask, frames)
        blank = data.draw(hnp.arrays(bool, mask.shape))
        owner[blank & (owner > 0)] = -1
        expected = walks.tips(
            owner, frames.spans(), frames.boxes, frames.sides(owner != 0)
        )
        assert_array_equal(with_tips(owner, frames), expected)

    @pytest.mark.parametrize("height", [70, 80])
    def test_of_large_boxes_within_two_hundredths(self, height):
        mask = np.zeros((100, 40), bool)
        mask[10 + (height > 75) : 10 + height, 10:20] = True
        mask[9, 12:14] = True
        boxes = np.array([[10.0, 10, 20, 10 + height], [10, 11, 20, 10 + height]])
        frames = Frames.of(boxes, mask.shape)
        owner = np.where(mask, -1, 0).astype(np.int32)
        expected = walks.tips(owner, frames.spans(), boxes, frames.sides(mask))
        assert_array_equal(with_tips(owner, frames), expected)

    @pytest.mark.parametrize(
        ("first", "second", "given"),
        [
            ((1, 0), (3, 3), True),  # up to the photograph's frame
            ((10, 10), (9, 9), False),  # the second goes on beyond, by a pixel
            ((9.5, 9), (10, 9), True),  # that pixel is in the first's own box
        ],
    )
    def test_of_large_boxes_who_goes_on_beyond(self, first, second, given):
        mask = np.zeros((100, 60), bool)
        (top, _), (other, start) = first, second
        mask[min(first[1], start) : 90, 10:20] = True
        mask[20:80, 30:50] = True
        boxes = np.array([[10.0, top, 20, 90], [10, other, 20, 90], [30, 20, 50, 80]])
        frames = Frames.of(boxes, mask.shape)
        owner = exclusive_owners(mask, frames)
        if top == 1:
            owner[owner == 1] = -1
        expected = walks.tips(owner, frames.spans(), boxes, frames.sides(mask))
        seeds = with_tips(owner, frames)
        assert_array_equal(seeds, expected)
        line = int(np.ceil(max(top, 1)))
        assert (seeds[line, 12] == 1) == given

    @pytest.mark.parametrize("taken", [0, 1, 2])
    def test_beside_what_is_decided(self, taken):
        """Of two ends at a side the left is nobody's, the first's, or the second's."""
        mask = np.zeros((60, 60), bool)
        mask[20:50, 10:40] = mask[10:20, 14:18] = mask[10:20, 30:34] = True
        boxes = np.array([[10.0, 10, 40, 50], [10, 4, 40, 50]])
        frames = Frames.of(boxes, mask.shape)
        owner = np.where(mask, -1, 0).astype(np.int32)
        owner[20:] = mask[20:]
        owner[10, 14:16] = taken or -1
        seeds = with_tips(owner, frames)
        assert_array_equal(seeds[10, 14:16], [taken or 1] * 2)
        assert_array_equal(seeds[10, 30:34], [-1 if taken == 1 else 1] * 4)

    def test_a_corner_ends_at_two_sides_of_one_box(self):
        mask = np.zeros((60, 60), bool)
        mask[10:14, 10:14] = mask[14:50, 12:40] = True
        boxes = np.array([[10.0, 10, 40, 50], [2, 2, 58, 58], [40, 50, 50, 58]])
        mask[50:58, 40:50] = True
        frames = Frames.of(boxes, mask.shape)
        seeds = with_tips(exclusive_owners(mask, frames), frames)
        assert (seeds[10, 10:14] == 1).all()
        assert (seeds[10:14, 10] == 1).all()

    @given(scenes())
    def test_mirroring_mirrors_them(self, case):
        _, mask, boxes = case
        height, width = mask.shape
        whole = np.round(boxes)
        turned = [(width - x2, height - y2, width - x1, height - y1)
                  for x1, y1, x2, y2 in whole]  # fmt: skip

        def tips(mask, boxes):
            frames = Frames.of(np.array(boxes, float), mask.shape)
            return with_tips(exclusive_owners(mask, frames), frames)

        expected = tips(mask, whole)[::-1, ::-1]
        assert_array_equal(tips(mask[::-1, ::-1], turned), expected)

    def test_an_end_that_two_claim_stays_undecided(self):
        mask = np.zeros((60, 60), bool)
        mask[8:50, 14:18] = True
        frames = Frames.of(np.array([[5.0, 8, 40, 50]] * 2), mask.shape)
        assert not (with_tips(exclusive_owners(mask, frames), frames) > 0).any()

    @pytest.mark.parametrize("beyond", [0, 1])
    def test_what_goes_on_beyond_does_not_end(self, beyond):
        mask = np.zeros((60, 60), bool)
        mask[1 - beyond : 50, 14:18] = True
        boxes = np.array([[14.0, 1, 18, 50], [14, 6, 18, 50]])
        frames = Frames.of(boxes, mask.shape)
        owner = np.where(mask, -1, 0).astype(np.int32)
        tips = with_tips(owner, frames)[1, 15]
        assert tips == (-1 if beyond else 1)

    def test_an_end_that_another_goes_on_from_stays_undecided(self):
        mask = np.zeros((60, 60), bool)
        mask[9:50, 20:30] = mask[40:50, 10:50] = True
        frames = Frames.of(np.array([[10.0, 10, 50, 50], [18, 9, 32, 50]]), mask.shape)
        owner = exclusive_owners(mask, frames)
        assert (owner[9, 20:30] == 2).all()
        assert (with_tips(owner, frames)[10:14, 20:30] == -1).all()

    def test_boxes_without_mask_say_nothing(self):
        mask = np.zeros((60, 60), bool)
        mask[8:50, 14:18] = mask[20:50, 10:30] = True
        boxes = [[10.0, 8, 30, 50], [10, 20, 30, 50]]
        more = [*boxes, [40, 2, 50, 12], [40, 20, 50, 32], [40, 40, 50, 52]]
        few, many = (Frames.of(np.array(b, float), mask.shape) for b in (boxes, more))
        owner = np.where(mask, -1, 0).astype(np.int32)
        seeds = with_tips(owner, few)
        assert (seeds > 0).any()
        assert_array_equal(with_tips(owner, many), seeds)

    def test_loose_boxes_say_nothing(self):
        mask = np.zeros((60, 60), bool)
        mask[10:50, 10:20] = True
        boxes = np.array([[10.0, 10, 30, 55], [5, 3, 26, 57]])
        frames = Frames.of(boxes, mask.shape)
        owner = np.where(mask, -1, 0).astype(np.int32)
        assert_array_equal(with_tips(owner, frames), owner)

    def test_a_side_at_the_frame_says_nothing(self):
        mask = np.zeros((20, 20), bool)
        mask[:, 5:15] = True
        frames = Frames.of(np.array([[5.0, 0, 15, 20]] * 2), mask.shape)
        owner = exclusive_owners(mask, frames)
        frames_inside = Frames.of(np.array([[5.0, 2, 15, 18]] * 2), mask.shape)
        for f in (frames, frames_inside):
            assert_array_equal(with_tips(owner, f)[:, 8:12], owner[:, 8:12])


class TestFaces:
    def test_a_face_decides_between_equal_boxes(self):
        image, mask = np.zeros((40, 40, 3), np.uint8), np.ones((40, 40), bool)
        image[:, 20:] = (200, 120, 60)
        boxes = [[2, 0, 38, 40], [0, 0, 40, 40]]
        faces = [[4, 4, 14, 14], [26, 4, 36, 14]]
        split = split_instances(image, mask, boxes, faces=faces)
        assert split.labels[9, 9] != split.labels[9, 31]

    @pytest.mark.parametrize(
        ("face", "person"),
        [
            ([10, 32, 14, 37], 2),
            ([10, 37, 14, 42], 2),
            ([10, 38, 14, 43], 0),  # more than one and a half faces below the top
            ([17, 32, 21, 37], 2),
            ([19, 32, 23, 37], 0),  # more than four fifths to the side
            ([30, 2, 34, 7], 0),  # the outer box has pixels enough
        ],
    )
    def test_a_face_is_near_the_top_of_a_box_without_pixels(self, face, person):
        frames = Frames.of(np.array([[0.0, 0, 40, 60], [2, 30, 22, 60]]), (60, 40))
        owner = exclusive_owners(np.ones((60, 40), bool), frames)
        seeds = with_faces(owner, frames, np.array([face], float))
        assert np.unique(seeds[owner < 0]).tolist() == [-1, person][: 1 + (person > 0)]

    def test_every_face_in_equal_boxes_is_somebodys(self, rng):
        truth = np.repeat(np.arange(6), 30)[None].repeat(90, axis=0)
        image = rng.integers(0, 256, (6, 3))[truth].astype(np.uint8)
        # One of them is a child.
        faces = [[30 * i + 8, 40 * (i == 2) + 4, 30 * i + 22, 40 * (i == 2) + 22]
                 for i in range(6)]  # fmt: skip
        boxes = np.tile([0, 0, 180, 90], (6, 1))
        split = split_instances(image, truth >= 0, boxes, faces=faces)
        assert not split.empty.any()
        for x1, y1, x2, y2 in faces:
            assert len(np.unique(split.labels[y1 + 5 : y2 - 5, x1 + 5 : x2 - 5])) == 1

    def test_a_face_says_nothing_of_a_box_with_pixels(self):
        frames = Frames.of(np.array([[0.0, 0, 30, 40], [10, 7, 40, 40]]), (40, 40))
        owner = exclusive_owners(np.ones((40, 40), bool), frames)
        face = np.array([[14.0, 8, 18, 13]])
        assert_array_equal(with_faces(owner, frames, face), owner)
        bare = np.minimum(owner, -1)
        assert np.unique(with_faces(bare, frames, face)).tolist() == [-1, 2]

    @pytest.mark.parametrize(
        ("faces", "chosen"),
        [
            ([[18, 2, 22, 10], [30, 2, 34, 10], [19, 7, 23, 15]], [0, 2]),
            ([[24, 0, 28, 8], [22, 8, 26, 16], [18, 1, 22, 9]], [0, 2]),
        ],
    )
    def test_of_more_faces_than_boxes_the_highest_and_most_central(self, faces, chosen):
        frames = Frames.of(np.array([[0.0, 0, 40, 60]] * 2), (60, 40))
        owner = np.full((60, 40), -1, np.int32)
        seeds = with_faces(owner, frames, np.array(faces, float))
        given_away = [
            i
            for i, (x1, y1, x2, y2) in enumerate(faces)
            if seeds[(y1 + y2) // 2, (x1 + x2) // 2] > 0
        ]
        assert given_away == chosen

    @pytest.mark.parametrize(("left", "some"), [(10, False), (3, True)])
    def test_a_face_in_two_boxes_counts_if_they_are_alike(self, left, some):
        boxes = [[0.0, 0, 40, 60], [2, 30, 22, 60], [left, 30, left + 20, 60]]
        frames = Frames.of(np.array(boxes), (60, 40))
        owner = exclusive_owners(np.ones((60, 40), bool), frames)
        seeds = with_faces(owner, frames, np.array([[14.0, 32, 18, 37]]))
        assert (seeds[owner < 0] > 0).any() == some

    @given(scenes(), st.data())
    def test_only_the_undecided_changes(self, case, data):
        _, mask, boxes = case
        faces = np.array(data.draw(boxes_for(mask.shape)), float)
        frames = Frames.of(np.array(boxes, float), mask.shape)
        owner = exclusive_owners(mask, frames)
        seeds = with_faces(owner, frames, faces)
        assert_array_equal(seeds[owner >= 0], owner[owner >= 0])

    @given(st.data(), st.integers(1, 4), st.integers(1, 4))
    def test_equal_the_slow_definition(self, data, n_boxes, n_faces):
        # No middle half of a face ends at the center of a pixel.
        side = st.integers(0, 60).map(lambda v: v / 4 - 2 + 1 / 64)

        def draw(n):
            corners = data.draw(
                st.lists(st.tuples(side, side, side, side), min_size=n, max_size=n)
            )
            low = np.array([c[:2] for c in corners])
            return np.hstack([low, low + [[c[2] + 3.1, c[3] + 3.3] for c in corners]])

        # No two pairs are equally near.
        boxes, faces = draw(n_boxes), draw(n_faces) + np.arange(n_faces)[:, None] / 512
        owner = np.full((12, 14), -1, np.int32)
        owner[:, 5] = 0
        frames = Frames.of(boxes, owner.shape)
        shown = oracle.clipped(boxes, owner.shape)
        expected = walks.face_seeds(owner, shown, faces)
        assert_array_equal(with_faces(owner, frames, faces), expected)

    def test_beyond_all_measure_are_only_cut(self):
        owner = np.full((20, 20), -1, np.int32)
        frames = Frames.of(np.array([[0.0, 0, 20, 20], [2, 0, 18, 20]]), owner.shape)
        for far in (1e9, 1e100, 1.7e308):
            seeds = with_faces(owner, frames, np.array([[20 - far, 1 - far, far, far]]))
            assert (seeds == seeds[0, 0]).all()
            assert seeds[0, 0] > 0
            off = np.array([[far / 2, far / 2, far, far]])
            assert_array_equal(with_faces(owner, frames, off), owner)
