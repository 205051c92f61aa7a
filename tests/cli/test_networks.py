"""Networks on the command line: by path, by catalogue name, with branches."""

import hashlib
import json

import numpy as np
import pytest
from loopback import serve

from portraitkit.io import read_mask
from portraitkit.models import ModelCard, catalog
from portraitkit.models.catalog import CatalogEntry

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
h = onnx.helper
SIDE = 16
IMAGE = {"size": [SIDE, SIDE]}


def save(path, nodes, inputs, outputs, card, **numbers):
    """Write a graph, and its card beside it."""
    graph = h.make_graph(
        nodes,
        "made in a test",
        [h.make_tensor_value_info(name, 1, shape) for name, shape in inputs.items()],
        [h.make_tensor_value_info(name, 1, shape) for name, shape in outputs.items()],
        [
            onnx.numpy_helper.from_array(np.asarray(value, np.float32), name)
            for name, value in numbers.items()
        ],
    )
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())
    card = {"card_version": 1, "name": path.stem, "license": "CC0-1.0", **card}
    path.with_suffix(".card.json").write_text(json.dumps(card))
    return card


def maps(path, branches=None, **probabilities):
    """A segmenter: each output is one number everywhere."""
    shape = (1, 1, SIDE, SIDE)
    nodes = [h.make_node("Mul", ["x", "zero"], ["dark"])]
    nodes.append(h.make_node("ReduceMax", ["dark"], ["flat"], axes=[1], keepdims=1))
    nodes += [h.make_node("Add", ["flat", f"c{n}"], [n]) for n in probabilities]
    output = {"kind": "probability", "person": [0]}
    card = {"task": "segment", "input": IMAGE, "output": output}
    if branches:
        card["branches"] = branches
    return save(
        path,
        nodes,
        {"x": (1, 3, SIDE, SIDE)},
        dict.fromkeys(probabilities, shape),
        card,
        zero=0,
        **{f"c{name}": value for name, value in probabilities.items()},
    )


def switched(path, branches):
    """A segmenter that answers with the number that its input `branch` is given."""
    nodes = [
        h.make_node("Mul", ["x", "zero"], ["dark"]),
        h.make_node("ReduceMax", ["dark"], ["flat"], axes=[1], keepdims=1),
        h.make_node("Add", ["flat", "branch"], ["y"]),
    ]
    return save(
        path,
        nodes,
        {"x": (1, 3, SIDE, SIDE), "branch": (1,)},
        {"y": (1, 1, SIDE, SIDE)},
        {
            "task": "segment",
            "input": {"name": "x", **IMAGE},
            "output": {"kind": "probability", "person": [0]},
            "branches": branches,
        },
        zero=0,
    )


def boxes(path, task, box):
    """A detector that finds one thing in the same place, a share of the image."""
    return save(
        path,
        [h.make_node("Identity", ["row"], ["y"])],
        {"x": (1, 3, SIDE, SIDE)},
        {"y": (1, 1, 5)},
        {
            "task": task,
            "input": IMAGE,
            "output": {
                "format": "xyxy",
                "unit": "normalized",
                "score": "class",
                "threshold": 0.5,
                "iou": None,
            },
        },
        row=[[[*box, 0.9]]],
    )


def labels(path):
    """An attribute classifier that always says the same."""
    return save(
        path,
        [h.make_node("Identity", ["row"], ["y"])],
        {"x": (1, 3, SIDE, SIDE)},
        {"y": (1, 2)},
        {
            "task": "attributes",
            "input": IMAGE,
            "output": {"labels": ["hat", "long hair"], "activation": "none"},
        },
        row=[[0.25, 0.75]],
    )


def manifest(folder):
    return [json.loads(x) for x in (folder / "manifest.jsonl").read_text().splitlines()]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def nets(tmp_path):
    """A network for each role."""
    folder = tmp_path / "nets"
    maps(folder / "all.onnx", y=0.9)
    boxes(folder / "persons.onnx", "persons", (0.25, 0, 0.75, 1))
    boxes(folder / "faces.onnx", "faces", (0.25, 0.25, 0.75, 0.75))
    labels(folder / "attributes.onnx")
    return folder


@pytest.mark.parametrize("command", ["segment", "split"])
def test_every_role_is_taken_and_recorded(cli, photos, nets, tmp_path, command):
    roles = {"segmenter": "all", "persons": "persons", "faces": "faces"}
    roles["attributes"] = "attributes"
    options = [x for r, name in roles.items() for x in (f"--{r}", f"nets/{name}.onnx")]
    done = cli(command, "in/cup.png", "-o", "out", *options, "--device", "cpu")
    assert done.code == 0, done.err
    (record,) = manifest(tmp_path / "out")
    assert record["models"] == {
        role: {
            "card": name,
            "task": "segment" if role == "segmenter" else role,
            "sha256": sha256(nets / f"{name}.onnx"),
            "license": "CC0-1.0",
            "provider": "CPUExecutionProvider",
        }
        for role, name in roles.items()
    }
    assert record["shot"] == "close shot"
    assert record["boxes"] == [[50, 0, 150, 200]]
    assert record["scores"] == [0.9]
    assert record["attributes"] == {"hat": 0.25, "long hair": 0.75}
    assert "branch" not in record
    assert read_mask(tmp_path / "out/cup.mask.png").all()


def test_segment_seeks_no_more_than_it_needs(cli, photos, nets, tmp_path):
    done = cli("segment", "in/cup.png", "-o", "out", "--segmenter", "nets/all.onnx")
    assert done.code == 0
    (record,) = manifest(tmp_path / "out")
    assert set(record["models"]) == {"segmenter"}
    assert not {"shot", "boxes", "attributes", "branch"} & set(record)


def test_the_embedded_default_is_recorded_like_any_other(cli, photos, tmp_path):
    assert cli("segment", "in/cup.png", "-o", "out", "--persons", "builtin").code == 0
    (record,) = manifest(tmp_path / "out")
    assert set(record["models"]) == {"segmenter", "persons", "faces"}
    for model in record["models"].values():
        assert model["name"] == "builtin"
        assert len(model["sha256"]) == 64
        assert model["license"] == "MIT"
        assert model["provider"] == "CPU"
    assert (record["shot"], record["boxes"]) == ("no face", [])


def test_the_embedded_segmenter_needs_faces(cli, photos, tmp_path):
    assert cli("segment", "in/sub/a.jpg", "-o", "out").code == 0
    (record,) = manifest(tmp_path / "out")
    assert set(record["models"]) == {"segmenter", "faces"}
    assert record["shot"] == "whole body"
    assert "boxes" not in record


def test_the_embedded_person_detector_needs_faces(cli, photos, nets, tmp_path):
    options = ("--segmenter", "nets/all.onnx", "--persons", "builtin")
    assert cli("segment", "in/sub/a.jpg", "-o", "out", *options).code == 0
    (record,) = manifest(tmp_path / "out")
    assert set(record["models"]) == {"segmenter", "persons", "faces"}
    assert record["shot"] == "whole body"
    assert len(record["boxes"]) == len(record["scores"]) == 1


def test_other_commands_record_their_models_too(cli, photos, nets, tmp_path):
    cli("trimap", "in/cup.png", "-o", "t", "--segmenter", "nets/all.onnx")
    assert manifest(tmp_path / "t")[0]["models"]["segmenter"]["card"] == "all"
    cli("trimap", "t/cup.trimap.png", "-o", "u", "--segmenter", "nets/all.onnx")
    (record,) = manifest(tmp_path / "u")
    assert (record["from"], record["models"]) == ("mask", {})
    cli("grade", "in/cup.png", "-o", "g", "--faces", "nets/faces.onnx")
    assert manifest(tmp_path / "g")[0]["models"]["faces"]["card"] == "faces"


def test_a_device_that_cannot_be_had_is_an_error(cli, photos, nets):
    done = cli("segment", "in", "-o", "out", "--segmenter", "nets/all.onnx", "--device",
               "cuda:99")  # fmt: skip
    assert done.code == 2
    assert "device must be one that this machine has; got 'cuda:99'" in done.err


def test_attributes_have_no_default(cli, photos):
    done = cli("split", "in", "-o", "out", "--attributes", "builtin")
    assert done.code == 2
    assert "attributes must be an ONNX file, a catalogue name" in done.err


def test_a_network_for_something_else(cli, photos, nets):
    done = cli("split", "in", "-o", "out", "--persons", "nets/all.onnx")
    assert done.code == 2
    assert "task must be that of card 'all', 'segment'; got 'persons'" in done.err


class TestBranches:
    @pytest.mark.parametrize("command", ["segment", "split"])
    @pytest.mark.parametrize("kind", ["heads", "input"])
    def test_the_shot_picks_and_the_record_tells(
        self, cli, photos, nets, tmp_path, command, kind
    ):
        """A face of a quarter of the image is a close shot; of half of it, a head."""
        if kind == "heads":
            outputs = {"HEAD_SHOT": "off", "CLOSE_SHOT": "on"}
            more = {"fallback": "HEAD_SHOT", "outputs": outputs}
            maps(nets / "six.onnx", more, off=0.1, on=0.8)
        else:
            values = {"HEAD_SHOT": 0.125, "CLOSE_SHOT": 0.75}
            more = {"fallback": "HEAD_SHOT", "input": "branch", "values": values}
            switched(nets / "six.onnx", more)
        boxes(nets / "near.onnx", "faces", (0, 0, 1, 0.5))
        boxes(nets / "far.onnx", "faces", (0, 0, 0.1, 0.1))
        for faces, shot, branch, person in (
            ("faces", "close shot", "close shot", True),
            ("near", "head shot", "head shot", False),
            ("far", "whole body", "head shot", False),
        ):
            options = ("--segmenter", "nets/six.onnx", "--faces", f"nets/{faces}.onnx")
            done = cli(command, "in/cup.png", "-o", faces, *options)
            assert done.code == 0, done.err
            (record,) = manifest(tmp_path / faces)
            assert (record["shot"], record["branch"]) == (shot, branch)
            assert record["models"]["segmenter"]["card"] == "six"
            assert record["models"]["faces"]["card"] == faces
            assert read_mask(tmp_path / faces / "cup.mask.png").all() == person

    def test_branches_for_something_else(self, cli, photos, nets):
        more = {"fallback": "left", "outputs": {"left": "off", "right": "on"}}
        maps(nets / "two.onnx", more, off=0.1, on=0.8)
        done = cli("segment", "in", "-o", "out", "--segmenter", "nets/two.onnx")
        assert done.code == 2
        assert "model must have branches named for shots: HEAD_SHOT, " in done.err


class TestNames:
    @pytest.fixture
    def site(self, nets, monkeypatch, tmp_path):
        """A catalogue of the networks, and a server that has them."""
        monkeypatch.setenv("PORTRAITKIT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        files = {f"/{path.name}": path.read_bytes() for path in nets.glob("*.onnx")}
        cards = {}
        for path in nets.glob("*.onnx"):
            card = json.loads(path.with_suffix(".card.json").read_text())
            cards[path.stem] = {**card, "sha256": sha256(path)}
        with serve(**files) as site:
            entries = {
                name: CatalogEntry(
                    name=name,
                    url=f"{site.url}/{name}.onnx",
                    size=len(files[f"/{name}.onnx"]),
                    card=ModelCard.from_json(json.dumps(card)),
                )
                for name, card in cards.items()
            }
            monkeypatch.setattr(catalog, "_read", lambda: entries)
            monkeypatch.setattr(
                "portraitkit.models.find_card.packaged_cards",
                lambda: {entry.sha256: entry.card for entry in entries.values()},
            )
            yield site

    @pytest.mark.parametrize("command", ["segment", "split"])
    def test_fetched_once_then_named(self, cli, photos, site, tmp_path, command):
        names = {"segmenter": "all", "persons": "persons", "attributes": "attributes"}
        options = [x for role, name in names.items() for x in (f"--{role}", name)]
        done = cli(command, "in", "-o", "out", *options)
        assert done.code == 2
        assert "fetch it once with: portraitkit models fetch all" in done.err
        assert cli("models", "fetch", "--all", "-q").code == 0
        asked = list(site.asked)
        done = cli(command, "in", "-o", "out", *options)
        assert done.code == 0, done.err
        assert site.asked == asked
        for record in manifest(tmp_path / "out"):
            for role, name in names.items():
                assert record["models"][role]["card"] == name
            assert record["attributes"]["hat"] == 0.25

    def test_a_name_is_not_a_file_of_that_name(self, cli, photos, site, tmp_path):
        (tmp_path / "all").write_bytes(b"not a network")
        cli("models", "fetch", "all")
        assert cli("segment", "in", "-o", "o", "--segmenter", "all").code == 0
        done = cli("segment", "in", "-o", "p", "--segmenter", "./all")
        assert done.code == 2
        assert "is damaged or is none" in done.err


class TestCard:
    def test_it_is_printed(self, cli, nets):
        done = cli("models", "card", "nets/all.onnx")
        assert done.code == 0
        card = ModelCard.from_json(done.out)
        assert (card.task, card.input.size) == ("segment", (SIDE, SIDE))
        assert card.sha256 == sha256(nets / "all.onnx")
        assert cli("models", "card", "nets/all.onnx", "--json").json == json.loads(
            done.out
        )

    def test_it_is_written_and_loads(self, cli, photos, nets, tmp_path):
        beside = nets / "all.card.json"
        done = cli("models", "card", "nets/all.onnx", "-o", beside)
        assert done.code == 2
        assert "is there already: give --overwrite" in done.err
        done = cli("models", "card", "nets/all.onnx", "-o", beside, "--overwrite")
        assert (done.code, done.out) == (0, "")
        notes = ModelCard.from_file(beside).notes
        assert done.err.splitlines() == list(notes)
        done = cli("segment", "in", "-o", "out", "--segmenter", "nets/all.onnx")
        assert done.code == 0, done.err

    def test_what_is_no_network(self, cli, tmp_path):
        (tmp_path / "text.onnx").write_text("hello")
        done = cli("models", "card", "text.onnx")
        assert done.code == 2
        assert done.err.startswith(
            "portraitkit: source must be an ONNX file; text.onnx"
        )
        assert cli("models", "card", "absent.onnx").code == 2
