"""Train one of the four papers' networks on a few portraits until it knows them.

    python examples/overfit.py --network bsn                        # needs no data
    python examples/overfit.py FOLDER --network trisenet -o net.onnx --sheet net.png

That a network can learn eight portraits by heart is the first test of any change to
it, to its loss or to its labels. The networks are in examples/networks, a building
block a file; the recipes there say how each is taught and read.

FOLDER holds images/NAME.jpg and masks/NAME.png. With -o the network is written as
ONNX, its cards beside it, and `load_model` is checked against it; --sheet draws image,
truth, prediction, probability and one picture more: BSN's boundary, TriSeNet's edge,
Layer-1's boundary, or three colors of the features.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from networks.blocks import count_parameters
from networks.recipe import Recipe
from networks.recipe_bsn import BSNRecipe
from networks.recipe_features import FeaturesRecipe
from networks.recipe_granularity import GranularityRecipe
from networks.recipe_trisenet import TriSeNetRecipe
from networks.sheet import contact_sheet
from portraits import Portrait, astronauts, read_portraits

from portraitkit.io import write_image
from portraitkit.metrics import mean_iou

RECIPES: dict[str, type[Recipe]] = {
    "bsn": BSNRecipe,
    "trisenet": TriSeNetRecipe,
    "granularity": GranularityRecipe,
    "features": FeaturesRecipe,
}


def build(portraits: list[Portrait], args: argparse.Namespace) -> Recipe:
    options = {
        name: value
        for name in ("size", "width")
        if (value := getattr(args, name)) is not None
    }
    if args.network == "bsn":
        options |= attribute_options(portraits, args)
    return RECIPES[args.network](portraits, **options)


def attribute_options(portraits: list[Portrait], args: argparse.Namespace) -> dict:
    """Hair from --attributes, else what any picture shows: its brighter half."""
    if args.attributes:
        known = json.loads(args.attributes.read_text())
        return {"attributes": [known[p.name] for p in portraits]}
    halves = [np.array_split(p.image, 2, axis=1) for p in portraits]
    left = [int(a.mean() > b.mean()) for a, b in halves]
    return {"attributes": left, "labels": ("right is brighter", "left is brighter")}


def main(argv: list[str] | None = None) -> None:
    args = parse(argv)
    torch.manual_seed(args.seed)
    portraits = (
        read_portraits(args.data, limit=args.limit)
        if args.data
        else astronauts(args.limit)
    )
    recipe = build(portraits, args)
    print(f"{args.network}: {count_parameters(recipe.net)} parameters")
    start = time.process_time()

    def told(step: int, loss: float) -> None:
        if step % 10 == 0 or step == 1:
            print(f"step {step}: loss {loss:.6f}", flush=True)

    recipe.fit(steps=args.steps, rate=args.rate, told=told)
    seconds = time.process_time() - start
    probability, _ = recipe.read()
    score = mean_iou(probability >= 0.5, [p.mask for p in recipe.portraits])
    print(f"mean IoU on the {len(portraits)} training portraits: {score:.4f}")
    print(f"trained in {seconds:.1f} s of processor time")
    if isinstance(recipe, BSNRecipe):
        right = recipe.read_attributes().argmax(axis=1) == recipe.attributes.numpy()
        print(f"attribute accuracy: {right.mean():.4f}")
    if args.output:
        recipe.export(args.output)
        worst = recipe.compare(args.output)
        print(f"{args.output}: load_model is within {worst:.1e} of the network")
    if args.sheet:
        write_image(args.sheet, contact_sheet(recipe))


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("data", type=Path, nargs="?", metavar="FOLDER", help="default: made-up ones")
    add("--network", choices=RECIPES, default="bsn")
    add("--limit", type=int, default=8, metavar="N", help="take the first N portraits")
    add(
        "--size", type=int, nargs=2, metavar=("H", "W"), help="multiples of 32 are best"
    )
    add("--width", type=float, help="factor on the paper's channels")
    add("--steps", type=int)
    add("--rate", type=float)
    add("--attributes", type=Path, metavar="JSON", help="bsn: {NAME: 1 for long hair}")
    add("--seed", type=int, default=0)
    add("-o", "--output", type=Path, metavar="ONNX")
    add("--sheet", type=Path, metavar="PNG", help="draw what it has learned")
    args = parser.parse_args(argv)
    args.size = args.size and tuple(args.size)
    return args


if __name__ == "__main__":
    main()
