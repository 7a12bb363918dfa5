"""Lists and tables of words that stand as data next to the module that reads them: `throw_away.words.txt`.

# a comment
[fillers]
bogus build dummy
fake
"""

import re
from collections.abc import Sequence
from pathlib import Path

_HEAD = re.compile(r"\[(\w+)\]")


def word_lists(module: str) -> dict[str, tuple[str, ...]]:
    """Return the lists of the data file of a module, by name, each in the file's order.

    `module` is the module's `__file__`. Words are separated by white space; a line `[name]` begins a list, and one that
    starts with `# ` is a comment.
    """
    lists: dict[str, list[str]] = {}
    for line in Path(module).with_suffix(".words.txt").read_text("utf-8").splitlines():
        head = _HEAD.fullmatch(line)
        if head:
            words = lists[head[1]] = []
        elif not line.startswith("# "):
            words += line.split()
    return {name: tuple(found) for name, found in lists.items()}


def word_table(words: Sequence[str]) -> dict[str, str]:
    """Return a list of pairs, each key followed by its value, as a table."""
    return dict(zip(words[::2], words[1::2], strict=True))
