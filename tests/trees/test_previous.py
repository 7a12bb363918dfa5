"""What was there before a change, with files that were moved under their new names."""

import subprocess
from pathlib import Path

import pytest

from gate.model import Tree
from gate.trees import open_tree
from gate.trees.previous import with_names_of

TEXT = "".join(f"line {number}\n" for number in range(20))


class Clone:
    """A repository on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q")

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        done = subprocess.run(["git", *who, *words], cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", "one more")
        return self.git("rev-parse", "HEAD")

    def paths(self, revision: str, after: str | None = None) -> list[str]:
        tree = self.before(revision, after)
        return [entry.path for entry in open_tree(tree).walk()]

    def before(self, revision: str, after: str | None = None) -> Tree:
        root = str(self.folder)
        return with_names_of(
            Tree(root=root, name="before", revision=revision), Tree(root=root, name=".", revision=after)
        )


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_a_file_that_was_moved_and_edited_bears_its_new_name(clone: Clone) -> None:
    (clone.folder / "old.txt").write_text(TEXT)
    (clone.folder / "kept.txt").write_text("kept")
    first = clone.commit()
    (clone.folder / "deep").mkdir()
    (clone.folder / "old.txt").rename(clone.folder / "deep" / "né w.txt")
    (clone.folder / "deep" / "né w.txt").write_text(TEXT + "more\n")
    second = clone.commit()
    assert clone.paths(first, second) == ["deep/né w.txt", "kept.txt"]
    assert clone.paths(first) == ["deep/né w.txt", "kept.txt"]
    assert clone.paths(second) == ["deep/né w.txt", "kept.txt"]


def test_a_move_that_is_only_staged_counts(clone: Clone) -> None:
    (clone.folder / "old.txt").write_text(TEXT)
    first = clone.commit()
    clone.git("mv", "old.txt", "new.txt")
    assert clone.paths(first) == ["new.txt"]


def test_its_content_is_that_of_before(clone: Clone) -> None:
    (clone.folder / "old.txt").write_text(TEXT)
    first = clone.commit()
    clone.git("mv", "old.txt", "new.txt")
    (clone.folder / "new.txt").write_text(TEXT + "more\n")
    assert open_tree(clone.before(first)).read("new.txt") == TEXT.encode()


def test_a_name_that_was_taken_before_is_not_given_twice(clone: Clone) -> None:
    (clone.folder / "a.txt").write_text(TEXT)
    (clone.folder / "b.txt").write_text("other\n" * 20)
    first = clone.commit()
    clone.git("rm", "-q", "b.txt")
    clone.git("mv", "a.txt", "b.txt")
    assert clone.paths(first, clone.commit()) == ["a.txt", "b.txt"]
