"""make: the recipes of the targets that it is asked for."""

import pytest

TREE = {f"!bin/{name}": "" for name in ("make", "sh", "bash", "app", "other", "cc", "tool")}
MAKEFILE = """RUN = app --now
MODE ?= $(RUN)
.PHONY: serve idle

serve: check
\t@-$(MODE) $$HOME

check: ; true

idle:
\tother
"""


def _made(run, makefile, command="make", tree=(), **variables):
    return run({**TREE, "srv/Makefile": makefile, **dict(tree)}, command, folder="/srv", PATH="/bin", **variables)


@pytest.mark.parametrize(
    "command",
    [
        "make",
        "make serve",
        "make -j 4",
        "make -C /srv serve",
        "make -sC /srv serve",
        "make -C/srv serve",
        "make -C /srv -j4 serve MODE=app",
        "make -f /srv/Makefile check serve",
    ],
)
def test_the_recipe_of_a_target_is_run(run, command):
    folder = "/srv" if "/srv" not in command else "/"
    tree = {**TREE, "srv/Makefile": MAKEFILE, "Makefile": MAKEFILE}
    found = run(tree, command, folder=folder, PATH="/bin")
    assert "bin/app" in found.certain
    assert "bin/other" not in found.certain


def test_the_recipe_of_another_target_is_possible(run):
    assert "bin/other" in run({**TREE, "srv/Makefile": MAKEFILE}, "make", folder="/srv", PATH="/bin").possible


@pytest.mark.parametrize(("makefile", "gaps"), [({}, 1), ({"srv/Makefile": "all:\n\t$(TOOL) x\n"}, 1)])
def test_a_makefile_or_a_program_that_is_not_known_is_a_gap(run, makefile, gaps):
    assert len(run({**TREE, **makefile}, "make", folder="/srv", PATH="/bin").gaps) == gaps


@pytest.mark.parametrize(
    "makefile",
    [
        "all: out/a.o\nout/%.o: src/%.c | out\n\tapp -o $@ $<\nout:\n\ttrue\n",
        "OBJS := $(patsubst src/%.c,%.o,$(wildcard src/*.c))\nall: $(OBJS)\n$(OBJS): %.o: src/%.c\n\tapp $<\n",
        "SRC = a.c\nall: $(SRC:.c=.o)\n%.o:\n\tapp $*\n",
        "all:\n\t$(TOOL) $(CFLAGS) x\nTOOL = $(word1)\nword1 = app\n",
        "X := $(shell app --version)\nall:\n\ttrue\n",
        "X != app --version\nall:\n\ttrue\n",
        "-include none.mk\ninclude own.mk\n",
        "define RUN\napp one\nendef\nall:\n\t$(RUN)\n",
        "run = $(1) --now\nall:\n\t$(call run,app)\n",
        "SHELL := /bin/bash\n.SHELLFLAGS := -eu -c\nall:\n\tapp\n",
        ".ONESHELL:\nall:\n\tif true; then\n\tapp\n\tfi\n",
        "ifeq ($(KIND),web)\nall:\n\tapp\nendif\n",
        "ifdef NONE\nall:\n\ttrue\nelse ifdef KIND\nall:\n\tapp\nendif\n",
        "all:\n\t$(MAKE) -C sub RUN=$(RUN)\nRUN = app\n",
        "export TOOL = app\nall:\n\t./start.sh\n",
        "all: \\\n  one\none: # none\n\tapp\n",
        "all: one ; @app\none:\n\ttrue\n",
    ],
)
def test_what_a_makefile_says_is_followed(run, makefile):
    tree = {
        "srv/src/a.c": "int x;\n",
        "srv/own.mk": "all:\n\tapp\n",
        "srv/sub/Makefile": "all:\n\t$(RUN)\n",
        "!srv/start.sh": "#!/bin/sh\nexec $TOOL\n",
    }
    found = _made(run, makefile, tree=tree, KIND="web")
    assert "bin/app" in found.certain
    assert not found.gaps


@pytest.mark.parametrize(
    "makefile",
    [
        "ifdef DEBUG\nall:\n\tother\nelse\nall:\n\ttrue\nendif\n",
        "all: made\nmade:\n\tother\n",
        "X = $(shell other)\nall:\n\ttrue\nidle:\n\techo $(X)\n",
    ],
)
def test_what_may_be_skipped_is_possible(run, makefile):
    found = _made(run, makefile, tree={"srv/made": "x"})
    assert "bin/other" in found.possible
    assert "bin/other" not in found.certain


@pytest.mark.parametrize(
    ("command", "makefile"),
    [
        ("make", "$(eval $(RULES))\nall:\n\ttrue\n"),
        ("make", "include $(KIND).mk\nall:\n\ttrue\n"),
        ("make", "ifeq ($(shell tool),x)\nTOOL = app\nelse\nTOOL = other\nendif\nall:\n\t$(TOOL)\n"),
        ("make", "TOOL = app\nall: TOOL = other\nall:\n\t$(TOOL)\n"),
        ("make", ".RECIPEPREFIX = >\nall:\n>app\n"),
        ("make --eval=x:=y", "all:\n\ttrue\n"),
    ],
)
def test_what_is_not_known_before_it_runs_is_a_gap(run, command, makefile):
    assert _made(run, makefile, command).gaps


@pytest.mark.parametrize(("files", "is_possible"), [({"srv/all.c": "int x;\n"}, True), ({}, False)])
def test_rules_of_make_itself_may_run_a_compiler_where_there_is_a_source(run, files, is_possible):
    assert ("bin/cc" in _made(run, "all: x\nx:\n\ttrue\n", tree=files).possible) is is_possible


def test_a_variable_of_the_command_line_wins_and_is_handed_to_another_make(run):
    tree = {"srv/sub/Makefile": "RUN = other\nall:\n\t$(RUN)\n"}
    found = _made(run, "RUN = other\nall:\n\t$(MAKE) -C sub\n", "make RUN=app", tree)
    assert "bin/app" in found.certain
    assert "bin/other" not in {*found.certain, *found.possible}


def test_rules_that_need_one_another_without_an_end_are_followed_to_one(run):
    assert "bin/app" in _made(run, "all:\n\tapp\n%: %.x\n\ttrue\n", "make all none").certain
