"""What each ingredient of "auto" is worth, and how much hangs on its constants.

    python benchmarks/ablation_split.py FOLDER [--portraits PORTRAITS] [--only TABLE]

FOLDER as for `accuracy_split.py`; the same scores. Tables:

ingredients   "auto" with one ingredient taken out or exchanged
sources       constants chosen on one source, one after the other and each the best of
              a few, then scored on the other source, which had no say; all of it the
              mean over three numbers of superpixels, so as not to choose by chance
portraits     constants chosen so on groups of cut-out PORTRAITS (a folder with images/ and
              masks/; see `composites.py`), then scored on all photographs
spread        other numbers of superpixels, and other compactness
"""

import argparse
import contextlib
import functools
import itertools
import sys
from unittest.mock import patch

import numpy as np

from benchmarks.accuracy_split import (
    average_precision,
    contested_accuracy,
    load,
    split_all,
    table,
)
from benchmarks.composites import composites, portrait_people
from portraitkit.instance import auto, likeness, pieces, sides, walker
from portraitkit.superpixels import slic

CHOICES = {
    (likeness, "LIGHT"): (0.35, 0.5, 0.75, 1.0),
    (likeness, "NOISE"): (1.0, 3.0, 10.0),
    (likeness, "APART"): (0.0, 1.0, 2.0, 3.0, 4.0),
    (likeness, "UPRIGHT"): (1.0, 2.0, 3.0, 4.0),
    (sides, "DEPTH"): (0.01, 0.02, 0.03),
    (auto, "FINER"): (3, 4, 5, 6),
}


def without_walls(*args, able, **knobs):  # noqa: ARG001
    """Walks that go on beyond their person's box, as those of "random-walker" do."""
    return walker.meeting_chances(*args, **knobs)


TABLES = ("ingredients", "sources", "portraits", "spread")
CUTS = (400, 500, 600)
GROUPS = 100
"""Of portraits, to choose by."""

INGREDIENTS = {
    "auto": [],
    "walks leave their boxes": [(auto, "meeting_chances", without_walls)],
    "borders of one scale": [(likeness, "APART", 0.0)],
    "lightness counts in full": [(likeness, "LIGHT", 1.0)],
    "no upright prior": [(likeness, "UPRIGHT", 1.0)],
    "sides unreached": [(auto, "MOST", 0)],
    "no ends at tight boxes": [(auto, "with_tips", lambda seeds, _frames: seeds)],
    "no enclosed seeds": [(auto, "with_enclosed", lambda p, *_: [p.seed])],
    "as many pieces as others": [(auto, "FINER", 1)],
}


@contextlib.contextmanager
def patched(changes):
    with contextlib.ExitStack() as stack:
        for module, name, value in changes:
            stack.enter_context(patch.object(module, name, value))
        yield


def show(name, photos, changes=(), **knobs):
    with patched(changes):
        rows = table(photos, split_all(photos, **knobs))
    figures = "".join(
        f"  {ap:.3f} {pooled:.3f} {photo:.3f}" for _, ap, _, pooled, photo in rows
    )
    sys.stdout.write(f"{name:27}{figures}\n")
    sys.stdout.flush()


def scored(photos):
    """(AP, AR, contested accuracy over all, by photograph), means over `CUTS`."""
    scores = []
    for n in CUTS:
        splits = split_all(photos, n_segments=n)
        ap = average_precision(photos, splits)
        scores.append((*ap, *contested_accuracy(photos, splits)))
    return np.mean(scores, axis=0)


def quality(photos):
    """What constants are chosen by: AR and contested accuracy by photograph."""
    _, recall, _, by_photo = scored(photos)
    return recall + by_photo


def chosen_on(photos):
    """Go through the constants once; of equal ones, the first stays."""
    changes = [(*key, values[-1]) for key, values in CHOICES.items()]
    for k, (key, values) in enumerate(CHOICES.items()):
        tried = []
        for value in values:
            changes[k] = (*key, value)
            with patched(changes):
                tried.append(quality(photos))
        changes[k] = (*key, values[int(np.argmax(tried))])
    return changes


def held_out(name, chosen, scored_on):
    """Choose constants on some photographs, and score them on others."""
    changes = chosen_on(chosen)
    values = ", ".join(f"{key} {value:g}" for _, key, value in changes)
    sys.stdout.write(f"chosen on {name}: {values}\n")
    for other, photos in scored_on.items():
        with patched(changes):
            found = scored(photos)
        scores = found[[0, 2, 3]]
        sys.stdout.write("  on {}: {:.3f} {:.3f} {:.3f}\n".format(other, *scores))
        sys.stdout.flush()


def sources(photos):
    parts = by_source(photos)
    for name, other in itertools.permutations(parts):
        held_out(name, parts[name], {other: parts[other]})


def portraits(photos, folder):
    groups = composites(portrait_people(folder), GROUPS)
    held_out("portraits", groups, {"all": photos, **by_source(photos)})


def by_source(photos):
    return {s: [p for p in photos if p.source == s] for s in ("penn-fudan", "coco")}


def spread(photos):
    for n in (300, 400, 500, 600, 800):
        show(f"{n} superpixels", photos, n_segments=n)
    for compactness in (5, 20):
        cut = functools.partial(slic, compactness=compactness)
        show(
            f"compactness {compactness}",
            photos,
            [(pieces, "slic", cut), (likeness, "slic", cut)],
        )


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--only", choices=TABLES)
    parser.add_argument("--portraits")
    options = parser.parse_args(arguments)
    if options.only == "portraits" and not options.portraits:
        parser.error("the table of portraits takes --portraits FOLDER")
    photos = load(options.folder)
    sys.stdout.write(
        "AP, contested, by photo     of all             of penn-fudan      of coco\n"
    )
    if options.only in (None, "ingredients"):
        for name, changes in INGREDIENTS.items():
            show(name, photos, changes)
    if options.only in (None, "sources"):
        sources(photos)
    if options.portraits and options.only in (None, "portraits"):
        portraits(photos, options.portraits)
    if options.only in (None, "spread"):
        spread(photos)


if __name__ == "__main__":
    main(sys.argv[1:])
