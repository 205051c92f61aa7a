"""The papers' networks: their shapes, their sizes, what each part does."""

import pytest
from backends import require

from portraitkit.instance import Shot

SIZES = [(64, 32), (50, 70)]


@pytest.fixture
def torch(modules):
    """PyTorch, with the examples importable."""
    return require("torch")


@pytest.mark.parametrize("size", SIZES)
def test_bsn_answers_three_classes_and_an_attribute(torch, size):
    from networks.bsn import BSN

    net = BSN(0.125).eval()
    classes, attribute = net(torch.rand(2, 6, *size))
    assert classes.shape == (2, 3, *size)
    assert attribute.shape == (2, 2)


def test_bsn_takes_the_largest_logit_of_its_scales(torch):
    from networks.bsn import BSN

    torch.manual_seed(0)
    net, x = BSN(0.125).eval(), torch.rand(1, 6, 64, 32)
    single = []
    for scale in (0.5, 0.75, 1.0):
        net.scales = (scale,)
        single.append(net(x)[0])
    net.scales = (0.5, 0.75, 1.0)
    torch.testing.assert_close(
        net(x)[0], torch.maximum(torch.maximum(*single[:2]), single[2])
    )
    assert not torch.equal(single[0], single[2])


def test_bsn_shares_its_base_with_the_attribute(torch):
    from networks.bsn import BSN

    net = BSN(0.125)
    net(torch.rand(2, 6, 32, 32))[1].sum().backward()
    assert net.net.entry[0].weight.grad.abs().sum() > 0
    assert net.net.classes.weight.grad is None


@pytest.mark.parametrize("backbone", ["Xception39", "ResNet18"])
@pytest.mark.parametrize("size", SIZES)
def test_trisenet_answers_with_six_branches_and_the_edge(torch, backbone, size):
    from networks.trisenet import TriSeNet

    net = TriSeNet(0.125, backbone=backbone).eval()
    found, edge = net(torch.rand(2, 3, *size))
    assert found.shape == (6, 2, 2, *size)
    assert edge.shape == (2, 1, *(-(-side // 8) for side in size))
    assert not torch.equal(found[0], found[1])


def test_trisenet_has_a_branch_for_each_shot(torch):
    from networks.trisenet import BRANCHES

    assert list(BRANCHES) == [shot.name for shot in Shot]
    assert len(set(BRANCHES.values())) == 6


def test_mxunit_weighs_by_a_neighborhood_of_five(torch):
    from networks.mxunit import MxUnit

    torch.manual_seed(0)
    unit, x = MxUnit(3).eval(), torch.rand(1, 3, 15, 15)
    inside = unit(x) / x
    assert inside.min() > 0
    assert inside.max() < 1
    changed = x.clone()
    changed[0, 1, 7, 7] += 1
    seen = (unit(changed) / changed - inside).abs().amax(dim=(0, 1)) > 1e-5
    assert seen.nonzero().aminmax(dim=0).min.tolist() == [5, 5]
    assert seen.nonzero().aminmax(dim=0).max.tolist() == [9, 9]
    with torch.no_grad():
        unit.weight[2].weight.zero_()
        unit.weight[2].bias.zero_()
    torch.testing.assert_close(unit(x), x / 2)


def test_fusion_adds_what_it_weighs(torch):
    from networks.fusion import FeatureFusion

    fusion, parts = FeatureFusion(6, 8).eval(), [torch.rand(2, 3, 4, 5)] * 2
    mixed = fusion.mix(torch.cat(parts, dim=1))
    with torch.no_grad():
        fusion.weight[3].weight.zero_()
    torch.testing.assert_close(fusion(parts), 1.5 * mixed)


@pytest.mark.parametrize("size", SIZES)
def test_the_cross_granularity_network_answers_in_four_layers_too(torch, size):
    from networks.cross_granularity import CrossGranularity

    net = CrossGranularity(5, 0.125).eval()
    found = net(torch.rand(2, 3, *size))
    assert found.classes.shape == (2, 5, *size)
    for stride, categories, boundary in zip(
        (4, 8, 16, 32), found.categories, found.boundaries, strict=True
    ):
        sides = [-(-side // stride) for side in size]
        assert categories.shape == (2, 5, *sides)
        assert boundary.shape == (2, 1, *sides)


def test_categories_flow_from_deep_to_shallow(torch):
    from networks.granularity import attend_all

    shallow, middle, deep = (torch.full((1, 1, n, n), float(n)) for n in (4, 2, 1))
    weight = torch.sigmoid(torch.tensor(1.0))
    attended = 2 * (1 + weight)
    found = attend_all([shallow, middle, deep])
    assert found[2].mean() == 1
    torch.testing.assert_close(found[1].mean(), attended)
    torch.testing.assert_close(found[0].mean(), 4 * (1 + torch.sigmoid(attended)))


def test_attention_is_of_the_category(torch):
    from networks.granularity import attend_all

    deep = torch.tensor([50.0, -50.0])[None, :, None, None]
    found = attend_all([torch.ones(1, 2, 3, 3), deep])[0]
    assert found[0, :, 1, 1].tolist() == [2, 1]


def test_boundaries_flow_from_shallow_to_deep(torch):
    from networks.granularity import enhance_all

    maps = [torch.full((1, 1, n, n), float(n)) for n in (4, 2, 1)]
    assert [x.mean() for x in enhance_all(maps)] == [4, 6, 7]


def test_fusing_gates_semantics_by_the_boundary(torch):
    from networks.granularity import Layer

    layer = Layer(4, 2, middle=8, narrow=4, deepest=False).eval()
    encoded = torch.rand(1, 4, 3, 3)
    x, categories, boundary = layer.look(encoded)
    with torch.no_grad():  # sigmoid(0): half of the semantics is added once more
        layer.from_boundary[1][0].weight.zero_()
    semantic = layer.from_categories(categories)
    expected = layer.exit(encoded + layer.back(x + 1.5 * semantic))
    torch.testing.assert_close(layer.fuse(encoded, x, categories, boundary), expected)


@pytest.mark.parametrize("size", SIZES)
def test_the_extractor_answers_128_features_a_pixel(torch, size):
    from networks.superpixel_features import SuperpixelFeatures

    found = SuperpixelFeatures(0.125).eval()(torch.rand(2, 3, *size))
    assert found.shape == (2, 128, *size)


def test_full_encoders_are_the_published_ones(torch):
    from networks.blocks import count_parameters
    from networks.mobilenet import MobileNetV2
    from networks.resnet import ResNet18

    # 11 689 512 and 3 504 872 with the last layers that are left out here
    assert count_parameters(ResNet18()) == 11_689_512 - 513_000
    last = 320 * 1280 + 2 * 1280 + 1280 * 1000 + 1000
    assert count_parameters(MobileNetV2()) == 3_504_872 - last


@pytest.mark.parametrize(
    ("backbone", "n_branches", "stated"),
    [
        ("Xception39", 1, 1.57e6),
        ("Xception39", 6, 2.97e6),
        ("ResNet18", 1, 12.92e6),
        ("ResNet18", 6, 14.32e6),
    ],
)
def test_trisenet_has_as_many_parameters_as_table_iv_says(
    torch, backbone, n_branches, stated
):
    from networks.blocks import count_parameters
    from networks.trisenet import TriSeNet

    net = TriSeNet(backbone=backbone, n_branches=n_branches)
    assert count_parameters(net) == pytest.approx(stated, rel=0.02)


def test_five_more_branches_have_as_many_parameters_as_table_iv_says(torch):
    from networks.blocks import count_parameters
    from networks.trisenet import TriSeNet

    six, one = (count_parameters(TriSeNet(n_branches=n)) for n in (6, 1))
    assert six - one == pytest.approx(1.40e6, abs=0.5e4)


def test_the_extractor_has_as_many_parameters_as_table_1_says(torch):
    from networks.blocks import count_parameters
    from networks.superpixel_features import SuperpixelFeatures

    assert count_parameters(SuperpixelFeatures()) == pytest.approx(3.7e6, abs=0.5e5)


def test_the_attribute_head_has_the_layers_that_section_3_3_says(torch):
    from networks.bsn import AttributeHead

    kinds = [type(layer).__name__ for layer in AttributeHead(512)]
    assert kinds[2:] == ["Linear", "Dropout", "ReLU"] * 2 + ["Linear"]
    widths = [x.out_features for x in AttributeHead(512) if hasattr(x, "out_features")]
    assert widths == [1024, 1024, 2]
