"""`average_precision` against a slow definition and pycocotools."""

import contextlib
import io
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from oracles import precision as oracle
from strategies import instance_cases

from portraitkit.metrics import _judging, _share, average_precision
from portraitkit.metrics._cases import cases
from portraitkit.metrics._numba import precision as loops

ON, OFF = np.ones((1, 4), bool), np.zeros((1, 4), bool)
LEFT = np.array([[1, 1, 0, 0]], bool)


def coco_precision(predictions, truths, crowd):
    """What pycocotools says at each threshold; -1 without truth."""
    coco, cocoeval = (
        pytest.importorskip("pycocotools.coco"),
        pytest.importorskip("pycocotools.cocoeval"),
    )
    from pycocotools.mask import encode

    def entry(image, mask, **more):
        rle = encode(np.asfortranarray(mask, np.uint8))
        return {"image_id": image, "category_id": 1, "segmentation": rle, **more}

    known = [
        entry(i, mask, iscrowd=int(flag), area=int(mask.sum()), bbox=[0, 0, 1, 1])
        for i, (masks, flags) in enumerate(zip(truths, crowd, strict=True))
        for mask, flag in zip(masks, flags, strict=True)
    ]
    found = [
        entry(i, mask, score=float(score), area=int(mask.sum()), iscrowd=0)
        for i, (masks, scores) in enumerate(predictions)
        for mask, score in zip(masks, scores, strict=True)
    ]
    sides = []
    with contextlib.redirect_stdout(io.StringIO()):
        for entries in (known, found):
            side = coco.COCO()
            side.dataset = {
                "images": [
                    {"id": i, "height": 1, "width": 1} for i in range(len(truths))
                ],
                "categories": [{"id": 1}],
                "annotations": [e | {"id": n} for n, e in enumerate(entries, 1)],
            }
            side.createIndex()
            sides.append(side)
        run = cocoeval.COCOeval(*sides, "segm")
        run.evaluate()
        run.accumulate()
    return run.eval["precision"][:, :, 0, 0, -1].mean(axis=1)


def check(predictions, truths, crowd):
    got = average_precision(predictions, truths, crowd=crowd)
    theirs = coco_precision(predictions, truths, crowd)
    theirs = np.where(theirs < 0, np.nan, theirs)
    assert_allclose(list(got.at.values()), theirs, atol=1e-12)
    assert_allclose(got.ap, theirs.mean(), atol=1e-12)
    return got


class TestAgainstOthers:
    @given(instance_cases())
    def test_equals_pycocotools(self, case):
        check(*case)

    @given(instance_cases())
    def test_equals_slow_definition(self, case):
        got = average_precision(*case[:2], crowd=case[2])
        for threshold in (0.5, 0.75):
            expected = oracle.average_precision(*case, threshold)
            assert_allclose(got.at[threshold], expected, atol=1e-9)

    def test_more_than_a_hundred_predictions(self, rng):
        noise = rng.random((150, 6, 7)) < 0.5
        truths = [noise[::9], noise[140:]]
        predictions = [(noise, rng.permutation(150)), (noise, np.arange(150) // 7)]
        check(predictions, truths, [np.zeros(17, bool), np.zeros(10, bool)])

    def test_small_masks_across_words(self):
        """A person may begin and end in any word of an image's bits."""
        spots = np.zeros((12, 3, 100), bool)
        for i, spot in enumerate(spots):
            spot.flat[25 * i : 25 * i + 20] = True
        found = spots | np.roll(spots, 2, axis=2)
        check([(found, np.arange(12) / 12)], [spots], [np.zeros(12, bool)])
        check([(found[:4], np.ones(4))], [spots[2:] | spots[-1]], [np.zeros(10, bool)])

    def test_equal_scores_keep_the_order_of_images(self, rng):
        noise = rng.random((40, 6, 7)) < 0.5
        predictions = [(noise[i::4], np.zeros(10)) for i in range(4)]
        truths = [noise[i::4][: 3 * i] for i in range(4)]
        check(predictions, truths, [np.zeros(len(t), bool) for t in truths])

    def test_crowds_go_last_and_the_rest_keeps_its_order(self, rng):
        """Of equal overlaps the last counts, among many too."""
        truths, crowd = list(rng.random((90, 2, 3)) < 0.5), rng.random(90) < 0.5
        load = _judging.Load()
        (case,) = cases([([], [])], [truths], [crowd])
        load.add(case)
        persons, crowds = np.flatnonzero(~crowd), np.flatnonzero(crowd)
        assert_array_equal(load.masks, [truths[i] for i in (*persons, *crowds)])

    @given(instance_cases())
    def test_compiled_equals_interpreted(self, case):
        """Crowds behind the first truth; thresholds that little overlap passes."""
        load = _judging.Load()
        for one in cases(*case):
            load.add(one)
        images, areas, shared = _judging._count(load.masks, load.images)
        images[:, 3] = np.minimum(images[:, 1], 1)
        results = []
        for pick in (lambda f: f, lambda f: f.py_func):
            values = np.zeros((2, len(load.scores)), np.uint8)
            with pytest.MonkeyPatch.context() as patch:
                for name in ("rate", "match_one"):
                    patch.setattr(loops, name, pick(getattr(loops, name)))
                pick(loops.match)(images, areas, shared, np.array([0.1, 0.5]), values)
            order, means = np.argsort(load.scores, kind="stable"), np.zeros(2)
            pick(loops.average)(values, order, 3, np.linspace(0, 1, 101), means)
            results.append((values, means))
        for one, other in zip(*results, strict=True):
            assert_array_equal(one, other)


class TestKnownCases:
    def test_nobody_found(self):
        assert check([([], [])], [[ON]], [[False]]).ap == 0

    def test_nobody_there(self):
        got = average_precision([([ON], [1.0])], [[]])
        assert np.isnan(got.ap)
        assert np.isnan(list(got.at.values())).all()
        assert np.isnan(average_precision([], []).ap)

    def test_only_a_crowd(self):
        assert np.isnan(check([([ON], [1.0])], [[ON]], [[True]]).ap)

    def test_a_crowd_excuses_what_is_inside_it(self):
        found = [([LEFT, LEFT, ON], [0.9, 0.8, 0.7])]
        crowd = [[True, False]]
        assert check(found, [[LEFT, ON]], crowd).at[0.95] == 1
        assert check(found, [[~LEFT, ON]], crowd).at[0.95] < 0.5

    def test_a_small_part_of_a_crowd_lies_inside_it(self):
        """However little of the crowd it is; a person it would hardly overlap."""
        found = [([ON & ~LEFT, LEFT & [[1, 0, 0, 0]]], [0.9, 0.8])]
        truths = [[ON, ON & ~LEFT]]
        assert check(found, truths, [[True, False]]).at[0.95] == 1
        assert check([(found[0][0][::-1], [0.9, 0.8])], truths, [[True, False]]).ap == 1
        assert check(found, truths, [[False, True]]).ap < 0.2

    def test_empty_masks_match_nothing(self):
        assert check([([OFF], [0.5])], [[OFF, ON]], [[False, False]]).ap == 0

    def test_recalls_are_rounded_as_coco_rounds_them(self):
        """Of ten persons seven are found, the last prediction is wrong."""
        found, truths = [([ON] * 7 + [OFF], np.arange(8)[::-1])], [[ON] * 10]
        ap = check(found, truths, [[False] * 10]).ap
        assert_allclose(ap, 70 / 101)
        expected = oracle.average_precision(found, truths, [[False] * 10], 0.5)
        assert_allclose(ap, expected)

    def test_keys_are_the_thresholds(self):
        got = average_precision([([ON], [0.1])], [[ON]])
        keys = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
        assert got.at == dict.fromkeys(keys, 1.0)

    def test_stacks_generators_views_and_spellings(self, rng):
        noise = np.asfortranarray(rng.random((6, 9, 11)) < 0.5)
        noise.flags.writeable = False
        scores = rng.random(6)
        flat = (noise.copy()[i] for i in range(6))
        plain = average_precision([(list(noise), scores)], [noise[:3]])
        assert plain == average_precision(
            iter([(flat, scores.tolist())]), iter([noise[:3] * np.uint8(255)])
        )


class TestThreads:
    """Small loads stand for many megabytes of masks, and cores for the machine's."""

    @pytest.fixture(params=[1, 2, 3, 8])
    def cores(self, request, monkeypatch):
        monkeypatch.setattr(_judging, "LOAD", 500)
        monkeypatch.setattr(_share, "cores", lambda: request.param)
        return request.param

    @staticmethod
    def group(rng, images=60):
        noise = rng.random((images, 6, 5, 7)) < 0.5
        noise[:, 3:] ^= rng.random((images, 3, 5, 7)) < 0.1
        found = [(m[: i % 4], rng.integers(0, 3, i % 4)) for i, m in enumerate(noise)]
        truths = [list(m[i % 3 : 4]) for i, m in enumerate(noise)]
        return found, truths, [rng.random(len(t)) < 0.3 for t in truths]

    def test_result_does_not_depend_on_them(self, rng, cores, monkeypatch):
        found, truths, crowd = self.group(rng)
        got = average_precision(found, truths, crowd=crowd)
        one_by_one = average_precision(iter(found), truths, crowd=crowd)
        assert got == one_by_one
        assert 0 < got.ap < 1
        check(found, truths, crowd)

    def test_there_are_no_more_than_cores_nor_than_four(self, rng, cores, monkeypatch):
        names, count = set(), _judging._count

        def spy(*load):
            names.add(threading.current_thread().name)
            time.sleep(1e-3)
            return count(*load)

        monkeypatch.setattr(_judging, "_count", spy)
        average_precision(*self.group(rng)[:2])
        assert len(names) == min(cores, 4)
        assert threading.main_thread().name in names
        assert threading.active_count() == 1 + sum(
            not t.name.startswith("portraitkit") for t in threading.enumerate()[1:]
        )

    @pytest.mark.parametrize("known", [0, 1, 15, 30, 100, 300])
    def test_loads_are_large_then_small(self, rng, monkeypatch, known):
        """Of ten images, or a quarter of those behind it; of one if none is known."""
        masks = rng.random((2, 5, 7)) < 0.5
        monkeypatch.setattr(_judging, "LOAD", 10 * masks.size)
        count = known or 9
        sides = [([masks[0]], [i]) for i in range(count)], [[masks[1]]] * count
        loads = list(_judging._bunches(_judging._loads(cases(*sides, None), known)))
        assert [score for load in loads for score in load.scores] == list(range(count))
        sizes = [len(load.images) for load in loads]
        assert [load.size for load in loads] == [n * masks.size for n in sizes]
        if known < 20:
            assert sizes == {0: [1] * 9, 1: [1], 15: [10, 5]}[known]
        else:
            left = count - np.cumsum([0, *sizes[:-1]])
            assert sizes[:2] == [10, 10]
            assert sizes[2:] == np.clip(-(-left[2:] // 5), 1, 10).tolist()

    def test_first_bad_image_is_named(self, rng, cores):
        found, truths, _ = self.group(rng)
        found[43], truths[44] = None, [ON * 3]
        found[41], truths[41] = ([ON], [np.nan]), []
        with pytest.raises(ValueError, match=r"predictions\[41\] must have 1 finite"):
            average_precision(found, truths)
        with pytest.raises(ValueError, match=r"truths must .*; got only 30"):
            average_precision(found, truths[:30])

    @pytest.mark.parametrize("lazy", [0, 1])
    def test_an_iterator_gives_one_image_at_a_time(self, rng, cores, lazy):
        """So it may use one buffer for all, and need not hold a set in memory."""
        sides = list(self.group(rng)[:2])
        expected = average_precision(*sides)
        buffer = np.zeros((6, 5, 7), bool)

        def entries(side):
            for entry in side:
                masks = entry if lazy else entry[0]
                assert threading.current_thread() is threading.main_thread()
                buffer[: len(masks)] = masks
                view = buffer[: len(masks)]
                yield view if lazy else (view, entry[1])
                buffer[:] = True

        sides[lazy] = entries(sides[lazy])
        assert average_precision(*sides) == expected

    def test_a_small_call_has_none(self, rng, monkeypatch):
        """Two loads of the real size."""
        monkeypatch.setattr(_share, "Thread", None)
        monkeypatch.setattr(_share, "cores", lambda: 8)
        masks = rng.random((2, 600, 800)) < 0.5
        n_images = 2 * (-(-_judging.LOAD // masks.size))
        sides = [([masks[0]], [1])] * n_images, [[masks[1]]] * n_images
        assert average_precision(*sides).ap == 0
        with pytest.raises(TypeError, match="NoneType"):
            average_precision(*(2 * side for side in sides))


class TestRefusals:
    @pytest.mark.parametrize(
        ("predictions", "truths", "crowd", "error", "match"),
        [
            ([], [[ON]], None, ValueError, "truths must .* one entry per image.*more"),
            ([([], [])], [], None, ValueError, "truths must .*; got only 0"),
            ([([], [])], [[]], [], ValueError, "crowd must .*; got only 0"),
            ([([], [])], [[]], [[], []], ValueError, "crowd must .*; got more than 1"),
            ([([], [])], [[ON]], [[]], ValueError, r"crowd\[0\] must hold 1 flags"),
            ([([], [])], [[ON]], [[3]], ValueError, r"crowd\[0\] must hold booleans"),
            (
                [([ON], [])],
                [[]],
                None,
                ValueError,
                r"predictions\[0\] must have 1 fini",
            ),
            ([([ON], [np.nan])], [[]], None, ValueError, "finite scores.* got .*nan"),
            ([([ON], [[0.1]])], [[]], None, ValueError, r"finite scores.*\(1, 1\)"),
            ([[ON]], [[]], None, TypeError, r"predictions\[0\] must be a pair"),
            (
                [([ON * 0.5], [1])],
                [[]],
                None,
                TypeError,
                r"predictions\[0\] must be a b",
            ),
            ([([], [])], [[ON * 2]], None, ValueError, r"truths\[0\] must hold only 0"),
            (
                [([ON.T], [1])],
                [[ON]],
                None,
                ValueError,
                r"predictions\[0\] .* \(4, 1\)",
            ),
            (
                [([], [])],
                [[ON, ON.T]],
                None,
                ValueError,
                r"truths\[0\] must have the sh",
            ),
        ],
    )
    def test_message_names_the_entry(self, predictions, truths, crowd, error, match):
        with pytest.raises(error, match=match):
            average_precision(predictions, truths, crowd=crowd)
