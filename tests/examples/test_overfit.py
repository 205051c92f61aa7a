"""Each of the papers' networks learns eight portraits and leaves as an ONNX file."""

import json
import re

import numpy as np
import pytest
from backends import require

from portraitkit.io import read_image
from portraitkit.metrics import mean_iou
from portraitkit.models import ModelCard, load_model
from portraitkit.superpixels import pool_mean


@pytest.fixture
def torch(modules):
    """PyTorch, with the examples importable."""
    require("onnx")
    return require("torch")


@pytest.fixture
def portraits(folder, modules):
    """Eight portraits, real ones where the tester has them."""
    from portraits import read_portraits

    return read_portraits(folder, limit=8)


@pytest.fixture
def taught(torch, tmp_path):
    """Return a function that trains a recipe to the end and exports it."""

    def teach(kind, portraits, **options):
        torch.manual_seed(0)
        recipe, losses = kind(portraits, **options), []
        recipe.fit(told=lambda _, loss: losses.append(loss))
        assert losses[-1] < 0.5 * losses[0]
        path = tmp_path / "net.onnx"
        recipe.export(path)
        assert recipe.compare(path) <= 1e-4
        return recipe, path

    return teach


def score(recipe, found):
    return mean_iou([f >= 0.5 for f in found], [p.mask for p in recipe.portraits])


def test_bsn(taught, portraits):
    from networks.recipe_bsn import BSNRecipe

    labels = [0, 1] * 4  # of the made-up portraits: who looks which way
    recipe, path = taught(BSNRecipe, portraits, attributes=labels)
    model = load_model(path, device="cpu")
    assert score(recipe, [model(p.image) for p in recipe.portraits]) >= 0.9
    assert score(recipe, recipe.read()[0]) >= 0.9
    card = path.with_suffix(".attribute.card.json")
    head = load_model(path, device="cpu", card=card)
    found = [head(p.image)["long hair"] >= 0.5 for p in recipe.portraits]
    assert np.mean(np.equal(found, labels)) >= 0.75
    assert model(portraits[0].image).shape == portraits[0].mask.shape


def test_trisenet(taught, portraits):
    from networks.recipe_trisenet import TriSeNetRecipe
    from networks.trisenet import BRANCHES

    recipe, path = taught(TriSeNetRecipe, portraits)
    model = load_model(path, task="segment", device="cpu")
    names = list(BRANCHES)
    own = [
        model.branches[names[number % 6]](portrait.image)
        for number, portrait in enumerate(recipe.portraits)
    ]
    assert score(recipe, own) >= 0.9
    image = portraits[0].image
    assert model.fallback == "NO_FACE"
    np.testing.assert_array_equal(model(image), model.branches["NO_FACE"](image))
    assert not np.array_equal(model(image), model.branches["HEAD_SHOT"](image))
    edge = recipe.read()[1]
    on = recipe.edges[:, 0].numpy() > 0
    assert edge[on].mean() > 2 * edge[~on].mean()


def test_cross_granularity(taught, portraits):
    from networks.recipe_granularity import GranularityRecipe

    recipe, path = taught(GranularityRecipe, portraits)
    model = load_model(path, task="segment", device="cpu")
    assert score(recipe, [model(p.image) for p in recipe.portraits]) >= 0.9
    for categories in recipe.net(recipe.images).categories:
        assert recipe.categories_loss(categories.detach()) < 0.75 * np.log(2)
    boundary = recipe.read()[1]
    on = recipe.edges[:, 0].numpy() > 0
    assert boundary[on].mean() > 2 * boundary[~on].mean()


def test_features(taught, portraits):
    from networks.recipe_features import FeaturesRecipe

    recipe, path = taught(FeaturesRecipe, portraits)
    model = load_model(path, task="features", device="cpu")
    features = [model(p.image) for p in recipe.portraits]
    assert features[0].shape == (*recipe.size, 128)
    pooled = np.concatenate(
        [
            pool_mean(own, labels.numpy())
            for own, labels in zip(features, recipe.segments, strict=True)
        ]
    )
    person = np.concatenate([own.numpy() for own in recipe.classes]) == 1
    means = pooled[~person].mean(axis=0), pooled[person].mean(axis=0)
    rest, near = (
        [np.linalg.norm(own - mean, axis=2) for own in features] for mean in means
    )
    found = [a < b for a, b in zip(near, rest, strict=True)]
    assert score(recipe, found) >= 0.9
    assert score(recipe, recipe.read()[0]) == pytest.approx(
        score(recipe, found), abs=0.01
    )  # padding repeats a few superpixels


def test_consensus_teaches_only_a_portraits_own_branch(torch, portraits):
    from networks.recipe_trisenet import TriSeNetRecipe

    recipe = TriSeNetRecipe(portraits[:3], (32, 32), width=0.125, domains=[4, 0, 4])
    found = torch.randn(6, 3, 2, 32, 32, requires_grad=True)
    recipe.consistency(found).backward()
    taught = found.grad.abs().sum(dim=(2, 3, 4)).nonzero().tolist()
    assert taught == [[0, 1], [4, 0], [4, 2]]


def test_the_consensus_is_of_the_others(torch, portraits):
    from networks.recipe_trisenet import TriSeNetRecipe

    recipe = TriSeNetRecipe(portraits[:1], (32, 32), width=0.125, domains=[4])
    found = torch.zeros(6, 1, 2, 32, 32)  # five that cannot decide
    found[4, :, 1] = 6.0
    own = torch.log_softmax(torch.tensor([0.0, 6.0]), dim=0)
    torch.testing.assert_close(recipe.consistency(found), -own.mean())


def test_the_consensus_leaves_alone_who_agrees(torch, portraits):
    from networks.recipe_trisenet import TriSeNetRecipe

    recipe = TriSeNetRecipe(portraits[:2], (32, 32), width=0.125)
    found = torch.randn(1, 2, 2, 32, 32).repeat(6, 1, 1, 1, 1).requires_grad_()
    recipe.consistency(found).backward()
    assert found.grad.abs().max() < 1e-7


def test_layers_are_taught_at_their_own_size(torch, portraits):
    from networks.recipe_granularity import GranularityRecipe

    recipe = GranularityRecipe(portraits[:2], (32, 32), width=0.125)
    recipe.masks[:] = False
    recipe.masks[:, :12] = True  # a row and a half of cells of 8 pixels
    recipe.edges[:] = 0
    recipe.edges[:, :, 12] = 1
    share = torch.tensor([1.0, 0.5, 0.0, 0.0])[None, None, :, None].expand(2, 1, 4, 4)
    known = torch.logit(share, eps=1e-6)
    exact = recipe.categories_loss(torch.cat([torch.zeros_like(known), known], 1))
    assert exact == pytest.approx(np.log(2) / 4, abs=1e-4)
    row = torch.tensor([-30.0, 30.0, -30.0, -30.0])[None, None, :, None]
    assert recipe.boundary_loss(row.expand(2, 1, 4, 4)) < 1e-9


def test_rows_are_padded_to_the_number_of_segments(torch, portraits):
    from networks.recipe_features import FeaturesRecipe

    recipe = FeaturesRecipe(portraits[:2], (32, 32), n_segments=40)
    features = torch.rand(2, 128, 32, 32)
    rows, classes = recipe.pooled(features)
    assert rows.shape == (80, 128)
    assert classes.shape == (80,)
    first = recipe.segments[0] == 0
    torch.testing.assert_close(rows[0], features[0][:, first].mean(dim=1))
    assert classes[0] == (recipe.masks[0][first].float().mean() > 0.5)


SMALL = ["--limit", 2, "--size", 64, 32, "--width", 0.125, "--steps", 2]


@pytest.mark.parametrize("network", ["bsn", "trisenet", "granularity", "features"])
def test_the_script_tells_writes_and_draws(torch, network, tmp_path, capsys):
    import overfit

    net, sheet = tmp_path / "net.onnx", tmp_path / "sheet.png"
    options = ["--network", network, *SMALL, "-o", net, "--sheet", sheet]
    overfit.main([str(option) for option in options])
    told = capsys.readouterr().out
    assert re.search(r"step 1: loss [\d.]+\n", told)
    assert re.search(r"IoU on the 2 training portraits: 0\.\d+", told)
    # After two steps batch norms divide by next to nothing, and single precision
    # itself may be 1e-3 from double; `taught` asks for 1e-4 of what is trained.
    assert float(re.search(r"within ([\d.e-]+)", told).group(1)) <= 1e-2
    card = ModelCard.from_file(tmp_path / "net.card.json")
    assert card.sha256
    assert card.input.size == (64, 32)
    drawn = read_image(sheet)
    assert drawn.shape[0] in range(160, 180)
    assert drawn.std() > 30


def test_the_script_reads_portraits_and_attributes(torch, example, folder, tmp_path):
    names = sorted(path.stem for path in (folder / "images").iterdir())[:2]
    (tmp_path / "hair.json").write_text(json.dumps({names[0]: 1, names[1]: 0}))
    told = example("overfit.py", folder, *SMALL, "--attributes", "hair.json")
    assert re.search(r"bsn: \d+ parameters", told)
    assert "attribute accuracy" in told
