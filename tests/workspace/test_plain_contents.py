"""Contents without modelines are read once: what a run says does not depend on what an earlier one knew."""

import os
from collections.abc import Callable
from pathlib import Path

from gate.core.cache import Cache
from gate.model import Tree
from gate.trees import FileTree, open_tree
from gate.trees.identity import content_id_in
from gate.workspace.modelines import started_by_modelines
from gate.workspace.plain_contents import PlainContents
from tests.conftest import GitRepository

STARTS = '// vim: set fex=system("id"):\n'
FILES: dict[str, str | bytes | None] = {"a.c": "int a;\n", "b.c": STARTS, "c.c": "int c;\n", "d.c": f"int d;\n{STARTS}"}


class Noted:
    """A tree that notes which files are read."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self.read_paths: list[str] = []

    def read(self, path: str, limit: int) -> bytes:
        self.read_paths.append(path)
        return self._tree.read(path, limit)


def looked_at(target: Tree, folder: Path) -> tuple[list[str], list[str]]:
    """Return the files that start something, and those that were read."""
    open_tree.cache_clear()
    tree = open_tree(target)
    noted, plain = Noted(tree), PlainContents(content_id_in(target, tree), Cache(folder))
    paths = [entry.path for entry in tree.walk()]
    found, _ = started_by_modelines(noted, paths, lambda _: True, plain)  # type: ignore[arg-type]
    return [one.entries[0].path for one in found], noted.read_paths


def test_plain_files_are_read_once(
    make_repository: Callable[..., GitRepository], tmp_path: Path, own_cache: Path
) -> None:
    made = make_repository()
    head = made.commit(FILES)
    for target in (Tree(root=str(made.root), name="."), Tree(root=str(made.root), name=".", revision=head)):
        kept = tmp_path / str(target.revision)
        assert looked_at(target, kept) == (["b.c", "d.c"], ["a.c", "b.c", "c.c", "d.c"])
        assert looked_at(target, kept) == (["b.c", "d.c"], ["b.c", "d.c"])
    kept = tmp_path / "None"
    (made.root / "a.c").write_text(STARTS)
    assert looked_at(Tree(root=str(made.root), name="."), kept) == (["a.c", "b.c", "d.c"], ["a.c", "b.c", "d.c"])


def test_a_link_is_what_it_leads_to(
    make_repository: Callable[..., GitRepository], tmp_path: Path, own_cache: Path
) -> None:
    made = make_repository()
    made.commit({"ignored/a.c": "int a;\n", ".gitignore": "ignored\n"})
    os.symlink("ignored/a.c", made.root / "link.c")
    made.git("add", "link.c")
    made.git("commit", "-qm", "a link")
    target = Tree(root=str(made.root), name=".")
    assert looked_at(target, tmp_path)[0] == []
    (made.root / "ignored/a.c").write_text(STARTS)
    assert "link.c" in looked_at(target, tmp_path)[0]
