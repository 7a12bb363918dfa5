"""When a tree is so large that workers will share it, which is said while it is still being listed.

Goes through `gate/trees/identity.py`.
"""

from collections.abc import Callable
from typing import Any

import pytest

from gate.context import MANY
from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.secrets.engine.configuration import GATE
from gate.secrets.sources.cache import SecretsCache
from gate.secrets.sources.files import FileOptions
from gate.secrets.sources.trees import ScanTerms, look_at_tree
from gate.trees.identity import NOTHING_KNOWN


class Announced(LocalContext):
    """A context that counts what is announced."""

    count = 0

    def prepare(self, function: Callable[..., Any], *shared: Any) -> None:
        self.count += 1


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"a.py": "x = 1\n"}, 0),
        ({f"{number}.py": "x = 1\n" for number in range(MANY - 1)}, 0),
        ({f"{number}.py": "x = 1\n" for number in range(MANY + 9)}, 1),
        ({"a.txt": "x" * (3 << 20), "b.txt": "x" * (3 << 20)}, 1),
    ],
    ids=["one file", "a few", "many", "large ones"],
)
def test_help_is_announced_once_and_for_what_one_worker_would_take_long(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext], files: dict[str, str], count: int
) -> None:
    plain = make_context()
    context = Announced(plain.settings, plain.now, plain.cache_folder)
    options = FileOptions(configuration=GATE, max_file_size=10 << 20, cache_folder=str(plain.cache_folder))
    terms, memory = ScanTerms(options=options), SecretsCache(None, options)
    seen = look_at_tree(make_tree(files), terms, NOTHING_KNOWN, memory, context)
    assert (context.count, seen.files) == (count, len(files))
