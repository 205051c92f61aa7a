"""The page, from top to bottom."""

from __future__ import annotations

from importlib.resources import files

from ... import __version__
from ..evaluate.atlas import Atlas, Atlases
from ..evaluate.figures import FIGURES
from ..evaluate.job import EvaluateJob
from ..evaluate.result import Result, score
from ..evaluate.tables import comparison, paper_tables, summary
from ..manifest import Record
from .markup import bullets, element, paragraph, picture, table, text, tiles
from .pictures import draw_atlas, draw_pair
from .plot import differences, histogram

NOUNS = {
    "mask": "person masks",
    "labels": "label images",
    "alpha": "alpha mattes",
    "coco": "persons of COCO files",
}
TILES = 6
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
KEYS = (
    '<p class="soft"><span class="key missed"></span>missed '
    '<span class="key extra"></span>too much</p>'
)


def render(result: Result, atlases: Atlases, job: EvaluateJob, *, worst: int) -> str:
    """Return the whole page; equal for equal inputs."""
    parts = [
        _header(result),
        _troubles(result),
        _tiles(result),
        _tables(result),
        _against(result),
        _spread(result),
        _atlas(result, atlases),
        _worst(result, job, worst),
        _how(result, job),
    ]
    style = files(__package__).joinpath("style.css").read_text("utf-8")
    title = text(" against ".join(result.methods) + f" on {result.dataset}")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{style}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _header(result: Result) -> str:
    names = " against ".join(result.methods)
    count = f"{len(result.good)} of {len(result.records) + len(result.plan.missing)}"
    about = f"{count} pictures compared: {NOUNS[result.plan.kind]}"
    return element("h1", text(f"{names} on {result.dataset}")) + paragraph(
        about, "soft"
    )


def _troubles(result: Result) -> str:
    plan = result.plan
    sorts = [
        ("Without a prediction", plan.missing),
        ("Without a second prediction", plan.rival_missing),
        ("With a name that another file has", plan.doubles),
        ("Of another size, or unreadable", _errors(result.bad, "error")),
        ("Second prediction unfit", _errors(result.rival_errors, "rival_error")),
        ("Predictions without a truth", plan.extra),
    ]
    found = [
        f"<details><summary>{text(what)}: {len(names)}</summary>{bullets(names)}</details>"
        for what, names in sorts
        if names
    ]
    return element("div", *found, kind="trouble") if found else ""


def _errors(records: list[Record], key: str) -> list[str]:
    return [f"{record['input']}: {record[key]}" for record in records]


def _tiles(result: Result) -> str:
    names = [name for name in FIGURES if name in result.figures][:TILES]
    rows = []
    for name in names:
        show, ours = FIGURES[name].show, result.figures[name]
        second = ""
        if name in result.rival_figures:
            second = f"{show(result.rival_figures[name].value)} {result.methods[1]}"
        interval = f"{show(ours.low)} … {show(ours.high)}"
        rows.append((FIGURES[name].label, show(ours.value), interval, second))
    return tiles(rows)


def _tables(result: Result) -> str:
    if not result.good:
        return paragraph("Nothing could be compared.")
    made = "".join(table(one) for one in (*paper_tables(result), summary(result)))
    return element("h2", "Tables") + made


def _against(result: Result) -> str:
    content = comparison(result)
    if content is None:
        return ""
    name = result.main
    gaps = [
        score(record, name) - record["rival"].scores[name]
        for record in result.good
        if record.get("rival") is not None
    ]
    plot = differences(gaps, FIGURES[name])
    caption = f"{FIGURES[name].label}, picture by picture, sorted"
    return (
        element("h2", "Comparison")
        + table(content)
        + (_plot(plot, caption) if plot else "")
    )


def _spread(result: Result) -> str:
    name = result.main
    plot = histogram([score(record, name) for record in result.good], FIGURES[name])
    if not plot:
        return ""
    caption = f"{FIGURES[name].label} of {result.methods[0]}: number of pictures"
    return element("h2", "Spread") + _plot(plot, caption)


def _plot(svg: str, caption: str) -> str:
    return element("figure", svg, element("figcaption", text(caption)), kind="plot")


def _atlas(result: Result, atlases: Atlases) -> str:
    aligned = atlases.mostly_faces
    sides = zip(result.methods, atlases.shown(), strict=False)
    shown = [(name, atlas) for name, atlas in sides if atlas.shown.any()]
    if not shown:
        return ""
    cards = "".join(_maps(name, atlas) for name, atlas in shown)
    where = "in coordinates of the face" if aligned else "over the picture's frame"
    words = (
        f"Mean errors {where}; inside the gray line most pictures have a person. The "
        "strongest color is each map's largest error. What fewer than a fifth of the "
        "pictures show is left blank."
    )
    return (
        element("h2", "Error atlas")
        + paragraph(words, "soft")
        + element("div", cards, kind="cards atlas")
    )


def _maps(name: str, atlas: Atlas) -> str:
    made = ""
    for missed, plane in ((True, atlas.missed), (False, atlas.extra)):
        what = "missed" if missed else "too much"
        data, size = draw_atlas(atlas, plane, missed=missed)
        image = picture(data, f"{name}: {what}", size=size)
        top = f"at most {100 * float(plane.max()):.1f}%; {atlas.count} pictures"
        caption = element("strong", text(f"{name}: {what}")) + text(top)
        made += element("figure", image, element("figcaption", caption))
    return made


def _worst(result: Result, job: EvaluateJob, count: int) -> str:
    records = result.worst(count)
    if not records:
        return ""
    pairs = {pair.name: pair for pair in result.plan.pairs}
    cards = []
    for record in records:
        data, size = draw_pair(pairs[record["input"]], job)
        image = picture(data, f"errors of {record['input']}", size=size, form="jpeg")
        cards.append(element("figure", image, _caption(record)))
    errors = result.plan.kind in ("mask", "alpha")
    key = (
        KEYS
        if errors
        else paragraph("Truth left or above, prediction right or below.", "soft")
    )
    title = element("h2", f"The {len(cards)} worst")
    return title + key + element("div", *cards, kind="cards")


def _caption(record: Record) -> str:
    scores = record["marks"].scores
    figures = ", ".join(
        f"{FIGURES[n].label} {FIGURES[n].show(v)}" for n, v in scores.items()
    )
    shot = f" ({record['shot']})" if record["shot"] else ""
    name = element("strong", text(f"{record['input']}{shot}"))
    return element("figcaption", name, text(figures.replace("mean IoU", "IoU")))


def _how(result: Result, job: EvaluateJob) -> str:
    drawn = f"95% percentiles of {result.draws} draws of the pictures with replacement"
    words = [f"portraitkit {__version__}. Intervals: {drawn}, seed {result.seed}."]
    if result.plan.kind == "mask":
        words.append(
            f"Contour accuracy with tolerance {job.tolerance:g}; band IoU within "
            f"{job.width} px along the truth's contour."
        )
    return element("h2", "How") + "".join(paragraph(w, "soft") for w in words)
