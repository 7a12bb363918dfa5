"""make: the recipes of the targets that it is asked for."""

import pytest

TREE = {f"!bin/{name}": "" for name in ("make", "sh", "app", "other")}
MAKEFILE = """RUN = app --now
MODE ?= $(RUN)
.PHONY: serve idle

serve: check
\t@-$(MODE) $$HOME

check: ; true

idle:
\tother
"""


@pytest.mark.parametrize(
    "command",
    [
        "make",
        "make serve",
        "make -C /srv serve",
        "make -C /srv -j4 serve MODE=app",
        "make -f /srv/Makefile check serve",
    ],
)
def test_the_recipe_of_a_target_is_run(run, command):
    folder = "/srv" if command in ("make", "make serve") else "/"
    tree = {**TREE, "srv/Makefile": MAKEFILE, "Makefile": MAKEFILE}
    found = run(tree, command, folder=folder, PATH="/bin")
    assert "bin/app" in found.certain
    assert "bin/other" not in found.certain


def test_the_recipe_of_another_target_is_possible(run):
    assert "bin/other" in run({**TREE, "srv/Makefile": MAKEFILE}, "make", folder="/srv", PATH="/bin").possible


@pytest.mark.parametrize(("makefile", "gaps"), [({}, 1), ({"srv/Makefile": "all:\n\t$(TOOL) x\n"}, 1)])
def test_a_makefile_or_a_program_that_is_not_known_is_a_gap(run, makefile, gaps):
    assert len(run({**TREE, **makefile}, "make", folder="/srv", PATH="/bin").gaps) == gaps
