"""Every label one region: equal to the slow definition, also where parts are many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import adoption as oracle
from oracles import regions

from portraitkit.superpixels import adoption, slic
from portraitkit.superpixels._numba import adoption as loops
from portraitkit.superpixels.connected import find_all_runs, walled


@st.composite
def cases(draw):
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    mask = rng.random((height, width)) < draw(st.sampled_from([0.6, 0.9, 1]))
    mask[0, 0] = True
    parts, n_parts = regions.connected(mask.astype(int) - 1)
    share = rng.integers(1, 4, n_parts)
    names = rng.integers(0, share[parts]) + (np.cumsum(share) - share)[parts]
    # Larger areas than noise has: rows repeat what is above them where they may.
    for y in range(1, height):
        same = (rng.random(width) < 0.7) & (parts[y] == parts[y - 1])
        names[y, same] = names[y - 1, same]
    labels = np.where(mask, names, -1).astype(np.int16)
    k = int(share.sum())
    planes = rng.integers(0, 400, (3, height, 32 * (width // 32 + 1)))
    centers = rng.integers(0, 400, (k, 5)).astype(np.int32)
    part_of = np.repeat(np.arange(n_parts, dtype=np.int32), share)
    least, spared = (
        draw(st.sampled_from([0, 2, 9])),
        draw(st.sampled_from([0.1, 0.5, 1])),
    )
    return labels, planes.astype(np.int16), centers, part_of, least, spared


def run(labels, planes, centers, part_of, least, spared):
    image = walled(labels.shape, labels.dtype)
    image[1:-1, : labels.shape[1]] = labels
    start, name, _ = runs = find_all_runs(image)
    before = start.copy()
    adoption.one_region_each(runs, planes, centers, part_of, least=least, spared=spared)
    assert_array_equal(start, before)
    out = np.repeat(name, np.diff(start)).reshape(len(labels), -1)
    assert (out[:, labels.shape[1] :] == -1).all()
    return out[:, : labels.shape[1]]


class TestAgainstOracle:
    @given(cases())
    def test_equals_slow_definition(self, case):
        assert_array_equal(run(*case), oracle.one_region_each(*case))

    @given(cases())
    @settings(max_examples=20)
    def test_compiled_equals_interpreted(self, case):
        fast = run(*case)
        with pytest.MonkeyPatch.context() as patch:
            for name, loop in vars(loops).copy().items():
                if hasattr(loop, "py_func"):
                    patch.setattr(adoption, name, loop.py_func, raising=False)
                    patch.setattr(loops, name, loop.py_func)
            assert_array_equal(run(*case), fast)

    @given(cases(), st.booleans())
    def test_room_for_as_many_pairs_as_there_can_be(self, case, at_once):
        def rooms(most, _):
            return (most,) if at_once else (1, most)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(adoption, "rooms", rooms)
            assert_array_equal(run(*case), oracle.one_region_each(*case))

    @given(
        st.sampled_from([(-9, 3), (-40, -1), (-2, -1)]),
        st.integers(0, 2**16),
        st.integers(1, 5),
        st.integers(1, 9),
    )
    def test_pairs_are_all_there_or_none(self, owners, seed, height, width):
        rng = np.random.default_rng(seed)
        labels = walled((height, width), np.int32)
        labels[1:-1, :width] = np.arange(height * width).reshape(height, width)
        coarse = rng.random(height) < 0.5  # Few runs below many, many below few.
        labels[1:-1, :width][coarse] = np.arange(height)[coarse, None]
        start, name, first = find_all_runs(labels)
        chosen = rng.integers(*owners, name.size)
        # Of neighbors, one is an orphan.
        chosen[::2] = abs(chosen[::2]) if owners[0] == -2 else chosen[::2]
        owner = np.where(name < 0, -1, chosen)
        owner = owner.astype(np.int32)
        most = 3 * len(name)
        lists = np.zeros((2, most, 2), np.int32)
        n = loops.pair(start, owner, first, labels.shape[1], *lists)
        assert min(n) >= 0
        for room in range(most):
            some = np.full((2, most, 2), -7, np.int32)
            got = loops.pair(start, owner, first, labels.shape[1], *some[:, :room])
            assert (some[:, room:] == -7).all()
            assert got in ((-1, -1), n)
            if got == n:
                for k in range(2):
                    assert_array_equal(some[k, : n[k]], lists[k, : n[k]])

    @given(cases())
    def test_labels_stay_in_their_part_and_in_one_piece(self, case):
        labels, *_, part_of, _, _ = case
        out = run(*case)
        assert_array_equal(out < 0, labels < 0)
        assert_array_equal(part_of[out[out >= 0]], part_of[labels[labels >= 0]])
        n = len(np.unique(out[out >= 0]))
        assert regions.connected(out)[1] == n


def adopt(labels, centers, **knobs):
    labels = np.asarray(labels, np.int16)
    planes = np.zeros((3, labels.shape[0], 32), np.int16)
    planes[0, :, : labels.shape[1]] = 10 * labels
    centers = np.array([[light, 0, 0, 0, 0] for light in centers], np.int32)
    part_of = np.zeros(len(centers), np.int32)
    return run(labels, planes, centers, part_of, **{"least": 0, "spared": 0.1} | knobs)


class TestByHand:
    def test_an_orphan_goes_as_a_whole_to_the_nearest_color(self):
        labels = [[0, 0, 0, 0, 2, 2, 1, 1, 1], [2] * 9, [2] * 9]
        # The smaller area of 2 lies between 0 and 1, and is of color 20.
        labels[1] = [0, 0, 0, 0, 1, 1, 1, 1, 1]
        assert_array_equal(adopt(labels, [12, 40, 20])[0], [0] * 6 + [1] * 3)
        assert_array_equal(adopt(labels, [50, 26, 20])[0], [0] * 4 + [1] * 5)

    def test_of_equal_colors_the_first_met_has_it(self):
        labels = [[2, 2, 2, 2, 2, 2, 2], [0, 0, 0, 2, 1, 1, 1], [0, 0, 0, 3, 1, 1, 1]]
        labels += [[0, 0, 0, 2, 1, 1, 1]]
        assert adopt(labels, [10, 10, 20, 90])[3, 3] == 0

    def test_orphans_among_orphans_wait_for_their_neighbours(self):
        labels = [[0, 0, 0, 0, 1, 2, 1, 2, 1]]
        # 1 and 2 keep one pixel each; those keep their label, the rest comes to them.
        assert_array_equal(adopt(labels, [0, 10, 20])[0], [0, 0, 0, 0, 1, 2, 2, 2, 2])

    def test_the_share_that_is_spared_stays(self):
        labels = [[0] * 9 + [1] + [2] * 9 + [3]]
        count = [
            len(np.unique(adopt(labels, [0, 10, 20, 30], least=5, spared=spared)))
            for spared in (0.1, 0.5, 0.75, 1.0)
        ]
        assert count == [2, 2, 4, 4]

    def test_a_tiny_part_keeps_its_label(self):
        mask = np.zeros((20, 20), bool)
        mask[:18, :18] = mask[19, 19] = True
        labels = slic(np.zeros((20, 20, 3), np.uint8), n_segments=2, mask=mask)
        assert_array_equal(labels >= 0, mask)
        assert labels[19, 19] == 1
