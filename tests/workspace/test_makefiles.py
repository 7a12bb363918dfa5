"""Goals of Makefiles that a start calls: `gate/workspace/makefiles.py`."""

import json
from collections.abc import Callable

import pytest

from gate.model import Tree
from gate.trees import open_tree
from gate.workspace.makefiles import CalledGoals, called_goals, goals_in
from gate.workspace.model import AutoStart
from gate.workspace.reading import read_workspace
from tests.hangs import must_end

CALLS = [
    ("make", [("", ())]),
    ("make lint", [("", ("lint",))]),
    ("npm ci && make -s -j 4 V=1 lint test", [("", ("lint", "test"))]),
    ("make -C tools all; make", [("tools", ("all",)), ("", ())]),
    ("bash -c (make 'lint')", [("", ("lint",))]),
    ("make --directory=tools", [("tools", ())]),
    ("cd tools && make", []),
    ("make -f other.mk", []),
    ("make $GOAL", []),
    ("apt-get install -y make", []),
    ("cmake .", []),
    ("makeinfo a", []),
]
MAKEFILE = """\
# comment: none
X := a:b
.PHONY: all
all: lint \\
  build ; echo done
lint build:
\t# comment
\t@first \\
\t  second
all: X = 1
build: | dirs
\t-third
%.o: %.c
\tcc
"""


@pytest.mark.parametrize(("command", "expected"), CALLS)
def test_calls_of_make_are_seen(command: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert list(called_goals(command)) == [CalledGoals(folder, goals) for folder, goals in expected]


def test_goals_have_what_they_need_and_run() -> None:
    goals = goals_in(MAKEFILE)
    assert {name: (goal.line, goal.needs, goal.recipe) for name, goal in goals.items()} == {
        "all": (4, ["lint", "build"], ["echo done"]),
        "lint": (6, [], ["first second"]),
        "build": (6, ["dirs"], ["first second", "third"]),
    }


def started(make_tree: Callable[..., Tree], command: str, **files: str) -> list[tuple[str, str, str, int]]:
    """Return what make starts where a development container calls it: (what, command, path, line)."""
    files[".devcontainer/devcontainer.json"] = json.dumps({"postCreateCommand": command})
    entries = read_workspace(open_tree(make_tree(files)), lambda path: path != "left/Makefile").entries
    starts = [one for one in entries if isinstance(one, AutoStart) and one.by == "make"]
    assert not any(one.on_host for one in starts)
    return [(one.what, one.command, one.path, one.line) for one in starts]


def test_what_a_called_goal_and_its_needs_run_is_listed(make_tree: Callable[..., Tree]) -> None:
    found = started(make_tree, "make; make", Makefile="a: b\n\tone\nb: a\n\ttwo\nc:\n\tthree\n")
    assert found == [
        ("goal a, by devcontainer", "one", "Makefile", 1),
        ("goal b, by devcontainer", "two", "Makefile", 3),
    ]


def test_the_makefile_of_another_folder_is_read(make_tree: Callable[..., Tree]) -> None:
    found = started(
        make_tree, "make -C tools c", **{"tools/makefile": "a:\n\tone\nc:\n\tthree\n", "Makefile": "c:\n\tx\n"}
    )
    assert found == [("goal c, by devcontainer", "three", "tools/makefile", 3)]


@pytest.mark.parametrize("command", ["make none", "make -C ../..", "make -C left", "make -C /etc", "true"])
def test_what_is_not_called_or_lies_elsewhere_is_not_listed(command: str, make_tree: Callable[..., Tree]) -> None:
    assert started(make_tree, command, **{"Makefile": "a:\n\tone\n", "left/Makefile": "a:\n\ttwo\n"}) == []


def test_a_makefile_that_cannot_be_read_is_a_note(make_tree: Callable[..., Tree]) -> None:
    files = {".devcontainer.json": '{"postCreateCommand": "make"}', "Makefile": "#" * (1 << 21)}
    found = read_workspace(open_tree(make_tree(files)), lambda path: True)
    assert found.notes == ["Makefile: cannot be read, so what its goals start is not known"]


@pytest.mark.parametrize(
    "text",
    ["a " * 200_000 + ":\n" + "\tx\n" * 200_000, "a:" + " b" * 400_000, "a: a\\\n" * 150_000],
    ids=["rule", "needs", "lines"],
)
def test_makefiles_of_a_million_signs_take_no_long_time(text: str, make_tree: Callable[..., Tree]) -> None:
    with must_end():
        found = started(make_tree, "make; " * 300, Makefile=text)
        assert len(found) <= 1
