"""What the pages show is true: cards load, code compiles, links lead somewhere."""

import re
from pathlib import Path

import pytest

from portraitkit.models import ModelCard

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


def test_cards_are_valid():
    cards = [
        ModelCard.from_json(text) for text in blocks(ROOT / "docs/models.md", "json")
    ]
    assert [card.name for card in cards] == ["mine", "six"]
    assert cards[1].branches.fallback == "WHOLE_BODY"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_compiles(page):
    for code in blocks(page, "python"):
        compile(code, page.name, "exec")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target
