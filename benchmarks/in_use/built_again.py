"""How long the answer "in use" takes for an image that was seen before: unchanged, and built again into new layers.

    python -m benchmarks.in_use.built_again FOLDER NAME …

FOLDER has the archives that `python -m benchmarks.in_use` made. Prints processor seconds of the analysis alone: with an
empty cache, with its files known by their layer, and with the same files in a layer that is new.
"""

import gc
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.in_use.__main__ import archived, budget, runtime_of
from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.every import RECIPES
from gate.__main__ import FEW_COLLECTIONS
from gate.images.image_cache import ImageCache
from gate.images.layers.blob import Layer
from gate.images.layers.merged import LayeredTree
from gate.images.layers.span import Span
from gate.inventory.installed.inventory import read_installed
from gate.reachability.runtimes.analyse import InUseAnswer, analyse

_TURNS = (("empty cache", "sha256:0"), ("same layer", "sha256:0"), ("new layer", "sha256:1"))


def main(work: Path, names: Iterable[str]) -> None:
    for recipe in (recipe for recipe in RECIPES if recipe.name in names):
        measure(recipe, archived(recipe, work))


def measure(recipe: Recipe, archive: Path) -> None:
    """Print the seconds of each turn. Raises AssertionError if an answer is another than with an empty cache."""
    answers: list[InUseAnswer] = []
    with TemporaryDirectory() as folder:
        for turn, diff_id in _TURNS:
            cache = ImageCache(Path(folder))
            with archive.open("rb") as file:
                tree = LayeredTree([Layer(diff_id=diff_id, archive=Span.of_file(file, recipe.name))], budget(), cache)
                packages = read_installed(tree).packages
                before = time.process_time()
                answers.append(analyse(tree, runtime_of(recipe), packages))
                print(f"{recipe.name}, {turn}: {time.process_time() - before:.2f} s of processor time")
                tree.file_cache.flush()
                cache.store([])
            assert answers[-1].states == answers[0].states


if __name__ == "__main__":
    gc.set_threshold(*FEW_COLLECTIONS)  # as the program does
    main(Path(sys.argv[1]), sys.argv[2:])
