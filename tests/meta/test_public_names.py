"""Public names: promised ones exist, and what exists is documented."""

import importlib
import inspect
import runpy
from pathlib import Path

import pytest

import portraitkit

ROOT = Path(__file__).parents[2]
ROOMS = [name for name in portraitkit.__all__ if not name.startswith("_")]

PROMISED = {
    "superpixels": """slic pool_mean pool_mean_grad unpool pool_majority pad_superpixels
        region_graph RegionGraph boundary_recall undersegmentation_error reduce_features
        guided_filter""",
    "kernels": """contour boundary_band individual_kernel label_map BoundaryClass edge_map
        MeanMask mean_mask global_kernel position_channels shape_channel
        portrait_channels foreground_probability pool_mean pool_mean_grad unpool
        pool_majority pad_superpixels""",
    "losses": """soft_label_loss global_kernel_loss boundary_sensitive_loss n_pair_loss
        sampled_n_pair_loss balanced_edge_loss consensus_labels consistency_loss
        soft_label_grad global_kernel_grad n_pair_grad""",
    "instance": """color_histograms chi_square geodesic_distances split_instances
        InstanceSplit face_ratio grade_shot Shot""",
    "matting": "trimap trimap_from_probability instance_trimaps check_trimap",
    "metrics": """iou mean_iou contour_accuracy ConfusionMatrix average_precision
        InstanceAP matte_errors MatteErrors""",
    "models": """Segmenter PersonDetector FaceDetector AttributeClassifier
        FeatureExtractor Detections load_model ModelCard known_models fetch_model""",
    "pipeline": "DomainRouter PortraitPipeline PortraitResult",
    "io": """read_image read_mask read_labels write_image write_mask write_labels
        write_trimap write_cutout encode_rle decode_rle write_coco atomic_write""",
}
"""Rooms still growing (matting) are held to what they have so far."""


def public(room):
    module = importlib.import_module(f"portraitkit.{room}")
    return {name: getattr(module, name) for name in module.__all__}


@pytest.mark.parametrize("room", ROOMS)
def test_promised_names_exist(room):
    assert set(PROMISED.get(room, "").split()) <= set(public(room))


@pytest.mark.parametrize("room", ROOMS)
def test_names_are_importable_documented_and_sorted_out(room):
    for name, thing in public(room).items():
        assert not name.startswith("_")
        if inspect.isclass(thing) or inspect.isroutine(thing):
            doc = inspect.getdoc(thing)
            assert doc, f"{room}.{name} has no docstring"
            assert doc.splitlines()[0].rstrip().endswith((".", "?")), f"{room}.{name}"


@pytest.mark.parametrize("room", ROOMS)
def test_arrays_are_positional_and_knobs_keyword_only(room):
    for name, thing in public(room).items():
        if not inspect.isfunction(thing):
            continue
        for parameter in inspect.signature(thing).parameters.values():
            has_default = parameter.default is not parameter.empty
            knob = has_default and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            assert not knob, f"{room}.{name}: {parameter.name} must be keyword-only"


def test_the_page_of_public_names_is_up_to_date():
    make = runpy.run_path(str(ROOT / "docs/make_api.py"))
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    assert page == make["document"](), "run python docs/make_api.py"


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_is_on_the_page(room):
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    section = page.split(f"## portraitkit.{room}\n")[1].split("\n## ")[0]
    for name in public(room):
        assert f"- `{name}" in section


def test_the_command_line_offers_every_method():
    from portraitkit.cli.split import Method
    from portraitkit.instance import split

    assert {method.value for method in Method} == set(split.METHODS)
