"""Which functions the benchmark of vulnerable functions says that a fix changes.

Goes through `benchmarks/functions/python_changes.py`.
"""

import pytest

from benchmarks.functions.python_changes import changed_names

BEFORE = '''
import re
WORD = re.compile("a+")
class Oven:
    size = 1
    def bake(self):
        """Bake."""
        return WORD.match("a")
    def cool(self): pass
def burn(): return 1
'''


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("return 1", "return 2", {"burn"}),
        ('"a+"', '"a"', {"WORD", "Oven.bake"}),
        ("size = 1", "size = 2", {"Oven"}),
        ("class Oven:", "class Oven(object):", {"Oven"}),
        ("def burn(): return 1\n", "", {"burn"}),
        ("    def cool(self): pass", "    def cool(self): pass\n    def heat(self): pass", {"Oven"}),
        ("Bake.", "Bakes.", set()),
        ("import re", "import os, re", set()),
        ("def cool(self): pass", "def cool(self):\n        # nothing\n        pass", set()),
        ("import re", "import re\nprint(1)", set()),
    ],
)
def test_what_a_change_alters_is_named(old: str, new: str, names: set[str]) -> None:
    assert old in BEFORE
    assert changed_names(BEFORE, BEFORE.replace(old, new)) == names


def test_all_of_a_removed_module_is_changed() -> None:
    assert changed_names("def f(): pass\nprint(1)\n", None) == {"f", ""}
