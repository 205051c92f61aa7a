"""Average the masks of a folder into a prior: `MeanMask`, saved as .npz.

    python examples/fit_mean_mask.py MASKS -o mean_mask.npz --shape 64 48

MASKS holds masks as PNG (0/255) of any size; subfolders are read, too. The prior is
what `global_kernel`, `shape_channel` and `portraitkit kernels --mean-mask` take.
Workers each average a share and are merged: the sums are whole numbers, so the file
does not depend on how many there were.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from portraitkit.io import read_mask
from portraitkit.kernels import MeanMask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("masks", type=Path, help="folder of PNG masks")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--shape", type=int, nargs=2, default=(64, 48),
                        metavar=("H", "W"), help="of the mean (64 48)")  # fmt: skip
    parser.add_argument("--jobs", type=int, default=1, metavar="N")
    args = parser.parse_args()
    paths = sorted(args.masks.rglob("*.png"))
    if not paths:
        parser.error(f"no .png in {args.masks}")
    total = fit(paths, tuple(args.shape), args.jobs)
    total.save(args.output)
    print(f"{args.output}: mean of {total.count} masks, {total.shape}")


def fit(paths: list[Path], shape: tuple[int, int], jobs: int = 1) -> MeanMask:
    """Average the masks at `paths`, by `jobs` processes."""
    if jobs == 1:
        return average(paths, shape)
    total = MeanMask(shape)
    shares = [paths[start::jobs] for start in range(jobs)]
    with ProcessPoolExecutor(jobs) as pool:
        for part in pool.map(partial(average, shape=shape), shares):
            total.merge(part)
    return total


def average(paths: list[Path], shape: tuple[int, int]) -> MeanMask:
    """Average the masks at `paths`, one in memory at a time."""
    mean = MeanMask(shape)
    for path in paths:
        mean.update(read_mask(path))
    return mean


if __name__ == "__main__":
    main()
