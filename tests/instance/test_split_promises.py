"""What `split_instances` promises whatever the method, the picture and the boxes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from oracles import regions
from oracles.splitting import check_partition
from strategies import scenes

from portraitkit.instance import split_instances

METHODS = ["auto", "chi2-geodesic", "nearest-box", "random-walker", "watershed"]
method = st.sampled_from(METHODS)


class TestPartition:
    @given(scenes(), method, st.integers(1, 30))
    def test_every_pixel_of_the_mask_has_one_person(self, scene, name, n_segments):
        image, mask, boxes = scene
        split = split_instances(image, mask, boxes, method=name, n_segments=n_segments)
        check_partition(split, mask, boxes)

    @given(scenes(), method, st.sampled_from([1e-6, 9e-6, 5e-5]))
    def test_also_at_full_size(self, scene, name, max_megapixels):
        image, mask, boxes = scene
        split = split_instances(
            image, mask, boxes, method=name, max_megapixels=max_megapixels
        )
        check_partition(split, mask, boxes)

    @given(scenes(), method)
    def test_faces_are_only_a_hint(self, scene, name):
        image, mask, boxes = scene
        faces = np.array(boxes) * [1, 1, 0.5, 0.5] + [0, 0, 9, 9]
        split = split_instances(image, mask, boxes, method=name, faces=faces)
        check_partition(split, mask, boxes)

    @given(scenes(), method)
    def test_inputs_stay_and_may_be_views(self, scene, name):
        image, mask, boxes = scene
        wanted = split_instances(image, mask, boxes, method=name)
        image.flags.writeable = mask.flags.writeable = False
        odd = np.asfortranarray(image), np.repeat(mask * np.uint8(255), 2, 1)[:, ::2]
        got = split_instances(*odd, np.float32(boxes), method=name)
        for field in ("labels", "unknown", "confidence", "empty"):
            assert_array_equal(getattr(got, field), getattr(wanted, field))
            assert getattr(got, field).flags.writeable

    @given(scenes(most=1), method)
    def test_one_box_takes_all(self, scene, name):
        image, mask, boxes = scene
        split = split_instances(image, mask, boxes, method=name)
        assert_array_equal(split.labels, mask)
        assert_array_equal(split.confidence, mask)


class TestWithoutBoxes:
    @given(scenes(), method)
    def test_isolated_areas_are_persons_in_reading_order(self, scene, name):
        image, mask, _ = scene
        split = split_instances(image, mask, [], method=name)
        expected, _ = regions.connected(mask.astype(int) - 1, eight=True)
        assert_array_equal(split.labels, expected + 1)
        assert_array_equal(split.unknown, mask)
        assert split.empty.shape == (0,)


@pytest.mark.parametrize("name", METHODS)
class TestAwkwardCases:
    def test_touching_people_with_disjoint_boxes(self, name):
        image, mask = np.zeros((9, 8, 3), np.uint8), np.ones((9, 8), bool)
        boxes = [[0, 0, 4, 9], [4, 0, 8, 9]]
        split = split_instances(image, mask, boxes, method=name)
        assert_array_equal(split.labels[0], [1] * 4 + [2] * 4)
        assert not split.unknown.any()

    def test_nested_boxes_follow_color(self, name):
        image, mask = np.zeros((30, 30, 3), np.uint8), np.ones((30, 30), bool)
        image[8:22, 16:26] = (250, 200, 40)
        boxes = [[0, 0, 30, 30], [16, 8, 26, 22]]
        split = split_instances(image, mask, boxes, method=name, n_segments=60)
        assert split.labels[15, 21] == 2
        assert (split.labels[:8] == 1).all()
        assert not split.empty.any()

    def test_identical_boxes(self, name):
        mask = np.ones((20, 20), bool)
        image = np.zeros((20, 20, 3), np.uint8)
        split = split_instances(image, mask, [[0, 0, 20, 20]] * 2, method=name)
        assert (split.labels > 0).all()
        assert split.unknown.all()

    def test_far_pieces_and_boxes_without_mask(self, name):
        image, mask = np.zeros((12, 40, 3), np.uint8), np.zeros((12, 40), bool)
        mask[2:6, 1:5] = mask[8:10, 30:34] = True
        boxes = [[0, 0, 6, 7], [35, 7, 40, 12], [10, 0, 16, 12], [-9, -9, -1, -1]]
        split = split_instances(image, mask, boxes, method=name)
        assert (split.labels[2:6, 1:5] == 1).all()
        assert (split.labels[8:10, 30:34] == 2).all()
        assert_array_equal(split.empty, [False, False, True, True])

    def test_boxes_all_off_the_image_still_share_the_mask(self, name):
        image, mask = np.zeros((4, 9, 3), np.uint8), np.ones((4, 9), bool)
        boxes = [[-9, 0, -5, 4], [14, 0, 18, 4]]
        split = split_instances(image, mask, boxes, method=name)
        assert (split.labels[:, :4] == 1).all()
        assert (split.labels[:, 5:] == 2).all()

    def test_ten_in_a_row(self, name):
        rng = np.random.default_rng(0)
        image, mask = np.zeros((40, 210, 3), np.uint8), np.ones((40, 210), bool)
        colors = rng.integers(0, 256, (10, 3))
        for i in range(10):
            image[:, 5 + 20 * i : 25 + 20 * i] = colors[i]
        boxes = [[20 * i, 0, 30 + 20 * i, 40] for i in range(10)]
        split = split_instances(image, mask, boxes, method=name)
        assert not split.empty.any()
        assert (np.diff(split.labels, axis=1) >= 0).all()

    def test_someone_cut_in_two_by_who_stands_before(self, name):
        image, mask = np.zeros((40, 60, 3), np.uint8), np.zeros((40, 60), bool)
        mask[10:40, 5:55] = mask[:, 22:38] = True
        image[:] = (30, 60, 200)
        image[:, 22:38] = (220, 40, 40)
        boxes = [[5, 10, 55, 40], [22, 0, 38, 40]]
        split = split_instances(image, mask, boxes, method=name)
        assert (split.labels[10:, 5:22] == 1).all()
        assert (split.labels[10:, 38:55] == 1).all()
        assert (split.labels[:10, 22:38] == 2).all()
        if name != "nearest-box":
            assert (split.labels[:, 22:38] == 2).all()

    def test_a_detector_that_is_loose_and_doubles_one_and_misses_one(self, name):
        image, mask = np.zeros((40, 90, 3), np.uint8), np.zeros((40, 90), bool)
        mask[5:35, 5:30] = mask[5:35, 30:55] = mask[5:35, 65:85] = True
        image[:, :30] = (30, 60, 200)
        image[:, 30:55] = (220, 40, 40)
        boxes = [[2, 2, 33, 38], [27, 2, 58, 38], [28, 3, 57, 37]]
        split = split_instances(image, mask, boxes, method=name)
        assert (split.labels[5:35, 5:27] == 1).all()
        assert (split.labels[5:35, 33:55] > 1).all()
        assert_array_equal(split.labels > 0, mask)
        if name != "nearest-box":
            assert (split.labels[5:35, 30:33] > 1).all()

    def test_nothing_to_split(self, name):
        image, mask = np.zeros((3, 3, 3), np.uint8), np.zeros((3, 3), bool)
        split = split_instances(image, mask, [[0, 0, 2, 2], [1, 1, 3, 3]], method=name)
        assert not split.labels.any()
        assert split.empty.all()


@pytest.mark.parametrize("name", METHODS)
class TestBeyondAllMeasure:
    """Boxes that no detector makes: the promises hold, and nothing warns."""

    mask = np.ones((12, 16), bool)
    image = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)

    @pytest.mark.parametrize("thin", [1e-3, 1e-150, 1e-200, 5e-324])
    def test_thin_boxes(self, name, thin):
        for boxes in (
            [[0, 0, thin, 12]] * 2,
            [[0, 0, thin, 12], [0, 0, 12, 12], [4, 0, 16, 12]],
            [[-9, 0, 0, thin], [-9, 0, 0, 9]],
        ):
            split = split_instances(self.image, self.mask, boxes, method=name)
            check_partition(split, self.mask, boxes)
            assert np.isfinite(split.confidence).all()

    @pytest.mark.parametrize("far", [1e9, 1e17, 1e160, 1.7e308])
    def test_far_boxes(self, name, far):
        for boxes in (
            [[-far, -far, far, far], [4, 0, 16, 12]],
            [[far / 2, far / 2, far, far], [0, 0, 9, 12], [4, 0, 16, 12]],
            [[far / 2, far / 2, far, far], [-far, -far, -far / 2, far]],
            [[far, 0, np.nextafter(far, np.inf), 9], [-9, 0, -3, 9]],
        ):
            for size in (1, 5e-5):
                split = split_instances(
                    self.image, self.mask, boxes, method=name, max_megapixels=size
                )
                check_partition(split, self.mask, boxes)
                assert np.isfinite(split.confidence).all()

    def test_any_number_of_pixels(self, name):
        boxes = [[0, 0, 9, 12], [4, 0, 16, 12]]
        for least, most in ((1e-300, 1e-6), (1.0, 1e308)):
            one, other = (
                split_instances(
                    self.image, self.mask, boxes, method=name, max_megapixels=size
                )
                for size in (least, most)
            )
            assert_array_equal(one.labels, other.labels)


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "match"),
        [
            ({"boxes": [[0, 0, 0, 4]]}, r"boxes must have x1 < x2"),
            ({"boxes": [[0, 0, np.nan, 4]]}, r"boxes must be finite"),
            ({"boxes": [[0, 0, 4]]}, r"boxes must be of shape \(N, 4\)"),
            ({"faces": [[3, 0, 1, 4]]}, r"faces must have x1 < x2"),
            ({"mask": np.ones((4, 5), bool)}, r"mask must have the shape of image"),
            ({"mask": np.full((4, 4), 7)}, r"mask must hold only 0 and 1"),
            ({"mask": np.ones((4, 4))}, r"mask must be a bool mask"),
            ({"image": np.ones((4, 4, 3))}, r"image must be uint8 RGB"),
            ({"method": "best"}, r'method must be one of .*"auto".*got \'best\''),
            ({"n_segments": 0}, r"n_segments must be"),
            ({"max_megapixels": 0}, r"max_megapixels must be a number > 0"),
        ],
    )
    def test_message_names_the_argument(self, change, match):
        inputs = {
            "image": np.zeros((4, 4, 3), np.uint8),
            "mask": np.ones((4, 4), bool),
            "boxes": [[0, 0, 3, 4], [2, 0, 4, 4]],
        }
        inputs.update(change)
        arrays = [inputs.pop(name) for name in ("image", "mask", "boxes")]
        with pytest.raises((TypeError, ValueError), match=match):
            split_instances(*arrays, **inputs)
