"""What a source file has an editor start: `gate/workspace/modelines.py`."""

from collections.abc import Callable, Iterator

import pytest

from gate.model import Tree
from gate.trees import Entry, open_tree
from gate.workspace import modelines
from gate.workspace.modelines import MAX_SIZE, started_by_modelines
from gate.workspace.what_runs import described

VIM = '/* vim: set foldmethod=expr foldexpr=system("id"): */'
CASES = [
    (VIM, "open: Vim runs modeline"),
    ("x\n" * 50 + '# vi:fde=assert_fails("source\\!\\ \\%"):fdl=0', "open: Vim runs modeline"),
    ("x\n" * 50 + VIM + "\nx" * 50, ""),
    ("# vim: set sw=4 et foldexpr=getline(v:lnum)=~'^#': ", ""),
    ("// how to run the system( of vim", ""),
    (';; -*- mode: c; eval: (shell-command "id") -*-', "open: Emacs runs eval of the file's variables"),
    ('#!/bin/sh\n# -*- eval: (shell-command "id") -*-', "open: Emacs runs eval of the file's variables"),
    ('\n\n# -*- eval: (shell-command "id") -*-' + "\nx" * 3000, ""),
    ('x\n# Local Variables:\n# eval: (call-process "id")\n# End:', "open: Emacs runs eval of the file's variables"),
    ('# Local Variables:\n# eval: (call-process "id")\n# End:' + "\nx" * 3000, ""),
    ("# Local Variables:\n# eval: (auto-fill-mode 1)\n# End:", ""),
]


@pytest.mark.parametrize(("text", "start"), CASES)
def test_only_what_starts_a_program_where_an_editor_looks_is_listed(
    text: str, start: str, make_tree: Callable[..., Tree]
) -> None:
    tree = open_tree(make_tree({"src/a.c": text}))
    found, not_read = started_by_modelines(tree, ["src/a.c"], lambda _: True)
    lines = described([entry for one in found for entry in one.entries])
    assert [line.partition(":")[0] + ":" + line.partition(":")[2].partition(":")[0] for line in lines] == [
        start
    ] * bool(start)
    assert not_read == 0


def test_what_is_too_large_or_too_many_is_counted(
    make_tree: Callable[..., Tree], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = open_tree(make_tree({"a.c": VIM, "b.c": VIM + " " * MAX_SIZE, "c.c": VIM, "d.png": VIM}))
    monkeypatch.setattr(modelines, "MAX_FILES", 2)
    found, not_read = started_by_modelines(tree, ["a.c", "b.c", "c.c", "d.png"], lambda _: True)
    assert ([one.entries[0].path for one in found], not_read) == (["a.c"], 2)


def test_what_is_not_wanted_or_vendored_is_left_out(make_tree: Callable[..., Tree]) -> None:
    tree = open_tree(make_tree({"a.c": VIM, "vendor/b.c": VIM}))
    assert started_by_modelines(tree, ["a.c", "vendor/b.c"], lambda path: path != "a.c") == ([], 0)


class _Many:
    """A tree of files that are all alike, which costs nothing to read."""

    def walk(self) -> Iterator[Entry]:
        return iter(())

    def look_up(self, path: str) -> Entry | None:
        return None

    def read(self, path: str, limit: int = 0) -> bytes:
        return b"int x;\n" * 400


def test_of_fifty_thousand_files_so_many_are_read() -> None:
    paths = [f"src/{number}.c" for number in range(50_000)]
    assert started_by_modelines(_Many(), paths, lambda _: True) == ([], 50_000 - modelines.MAX_FILES)
