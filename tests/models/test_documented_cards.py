"""The cards in docs/cards.md are cards, and mean what the page says."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from portraitkit.models import ModelCard
from portraitkit.models.grids import lay_priors

PAGE = Path(__file__).parents[2] / "docs" / "cards.md"
BLOCKS = re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
CARDS = {json.loads(block)["name"]: block for block in BLOCKS}


@pytest.mark.parametrize("name", CARDS)
def test_each_is_a_card(name):
    card = ModelCard.from_json(CARDS[name])
    assert json.loads(card.to_json())["task"] == card.task


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("yolox-nano", 3549),
        ("nanodet-plus-m", 3598),
        ("yunet", 8400),
        ("ssd-faces-raw", 4420),
        ("blazeface-short", 896),
    ],
)
def test_grids_have_the_rows_of_the_published_networks(name, rows):
    card = ModelCard.from_json(CARDS[name])
    assert len(lay_priors(card.output, card.input.size).places) == rows


def test_priors_of_the_face_detector_as_its_authors_lay_them():
    """Centers (column + 1/2) * stride, the sizes of a cell next to one another."""
    card = ModelCard.from_json(CARDS["ssd-faces-raw"])
    priors = lay_priors(card.output, card.input.size)
    np.testing.assert_array_equal(priors.places[:4], [[4, 4], [4, 4], [4, 4], [12, 4]])
    np.testing.assert_array_equal(priors.units[:4, 0], [10, 16, 24, 10])
    assert not priors.places.flags.writeable
