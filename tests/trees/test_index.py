"""Git's index of a working tree: which entries are compared with the disk, and which files are there otherwise.

Which of them attributes convert goes through `gate/git/attributes.py`.
"""

import os
from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.git import Repository
from gate.pipeline.broker_answers import TELLS_CONTENTS
from gate.trees import index
from gate.trees.index import (
    IndexListing,
    IndexQuestion,
    ask_ahead,
    commit_in,
    listing_of,
    listings_of_a_run,
    names_in,
    question_of,
)
from gate.trees.state import state_of
from tests.conftest import GitRepository

FILES: dict[str, str | bytes | None] = {"a.py": "1\n", "b.py": "22\n", "c.py": "333\n", "d.bin": "4444\n"}


def asked(made: GitRepository) -> IndexListing:
    repository = Repository.find(str(made.root))
    assert repository is not None
    return IndexQuestion(repository, str(made.root)).answer()


def test_what_git_vouches_for_and_what_not(make_repository: Callable[..., GitRepository]) -> None:
    made = make_repository()
    made.commit({**FILES, ".gitattributes": "*.bin ident\n"})
    made.git("update-index", "--assume-unchanged", "a.py")
    (made.root / "b.py").write_text("23\n")
    (made.root / "new.py").write_text("5\n")
    listing = asked(made)
    assert listing.names() == {b".gitattributes", b"a.py", b"b.py", b"c.py", b"d.bin", b"new.py"}
    assert listing.differing == {b"b.py", b"d.bin", b"new.py"}
    vouched = listing.vouched
    assert vouched.modes == {".gitattributes": "100644", "c.py": "100644"}
    assert vouched.ids["c.py"] == made.git("rev-parse", "HEAD:c.py")
    assert vouched.doubts == {b"a.py": "h 0 "}


def test_an_index_that_git_cannot_read_is_an_error(make_repository: Callable[..., GitRepository]) -> None:
    made = make_repository()
    made.commit(FILES)
    (made.root / ".git/index").write_bytes(b"no index")
    with pytest.raises(UnreadableError):
        asked(made)


def edited(repository: GitRepository) -> GitRepository:
    """Leave a tree with changed, untracked, ignored and missing files, and with a repository in a folder."""
    repository.commit({"a.py": "1\n", "b/c.py": "2\n", "gone.py": "3\n", ".gitignore": "*.log\n"})
    (repository.root / "a.py").write_text("changed\n")
    (repository.root / "gone.py").unlink()
    (repository.root / "x.log").write_text("ignored\n")
    (repository.root / "b/new.py").write_text("untracked\n")
    GitRepository(repository.root / "other").commit({"its.py": "4\n"})
    return repository


def test_a_listing_names_the_files_that_git_lists(make_repository: Callable[..., GitRepository]) -> None:
    root = str(edited(make_repository()).root)
    repository = Repository(root)
    assert IndexQuestion(repository, root).answer().names() == set(repository.list_files(root))


def test_a_run_asks_once_and_the_next_one_anew(make_repository: Callable[..., GitRepository]) -> None:
    made = edited(make_repository())
    root, repository = str(made.root), Repository(str(made.root))
    with listings_of_a_run():
        state_of(root)
        first = listing_of(repository, root)
        (made.root / "later.py").write_text("5\n")
        assert listing_of(repository, root) == first
        assert b"later.py" not in set(names_in(repository, root))
    assert b"later.py" in set(names_in(repository, root))
    assert listing_of(repository, root) != first
    state_of(root)  # outside of a run nothing is remembered
    (made.root / "later.py").unlink()
    assert b"later.py" not in set(names_in(repository, root))


def test_what_rests_on_a_known_listing_rests_on_every_file(
    make_repository: Callable[..., GitRepository], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = edited(make_repository())
    noted: list[str] = []
    monkeypatch.setattr(index, "note_call", noted.append)
    with listings_of_a_run():
        state_of(str(made.root))
        listing_of(Repository(str(made.root)), str(made.root))
    assert set(noted) & TELLS_CONTENTS


CONVERTED = {
    "ident": ("*.bin ident\n", {b"d.bin"}),
    "a macro": ("[attr]own filter=x\n*.bin own\n", {b"d.bin"}),
    "line ends only": ("* text=auto\n*.bin -text\n", set()),
}


@pytest.mark.parametrize(("attributes", "expected"), CONVERTED.values(), ids=CONVERTED)
def test_what_attributes_convert(
    make_repository: Callable[..., GitRepository], attributes: str, expected: set[bytes]
) -> None:
    made = make_repository()
    made.commit({**FILES, ".gitattributes": attributes})
    assert asked(made).differing == expected


def test_attributes_of_a_folder_of_the_machine_and_untracked_ones(
    make_repository: Callable[..., GitRepository],
) -> None:
    made = make_repository()
    made.commit({"sub/a.py": "1\n", "b.py": "2\n"})
    assert not asked(made).differing
    (made.root / "sub/.gitattributes").write_text("*.py ident\n")
    assert asked(made).differing == {b"sub/.gitattributes", b"sub/a.py"}
    made.git("add", ".")
    (made.root / "sub/.gitattributes").unlink()  # then git takes what the index holds
    assert b"sub/a.py" in asked(made).differing
    (made.root / ".git/info").mkdir(exist_ok=True)
    (made.root / ".git/info/attributes").write_text("b.py working-tree-encoding=utf-16\n")
    assert b"b.py" in asked(made).differing


def test_attributes_above_a_folder(make_repository: Callable[..., GitRepository]) -> None:
    made = make_repository()
    made.commit({"sub/a.py": "1\n", ".gitattributes": "*.py ident\n"})
    folder = str(made.root / "sub")
    repository = Repository.find(folder)
    assert repository is not None
    assert IndexQuestion(repository, folder).answer().differing == {b"a.py"}


def test_a_run_that_begins_before_another_is_the_same_run(make_repository: Callable[..., GitRepository]) -> None:
    made = edited(make_repository())
    root, repository = str(made.root), Repository(str(made.root))
    with listings_of_a_run():
        ask_ahead(root)
        with listings_of_a_run():
            first = question_of(repository, root).answer()
        (made.root / "later.py").write_text("5\n")
        assert question_of(repository, root).answer() is first
        ask_ahead(str(made.root / "nowhere"))  # who needs it says what is wrong
    assert b"later.py" in question_of(repository, root).answer().names()


Change = Callable[[GitRepository], object]
COMMITTED: dict[str, Change] = {
    "nothing": lambda made: None,
    "touched": lambda made: os.utime(made.root / "a.py", (1, 1)),
    "written again": lambda made: (made.root / "a.py").write_text("1\n"),
    "an untracked file": lambda made: (made.root / "new.py").write_text("5\n"),
    "a filter": lambda made: (made.root / ".git/info/attributes").write_text("*.bin ident\n"),
}
NOT_COMMITTED: dict[str, Change] = {
    "edited": lambda made: (made.root / "a.py").write_text("2\n"),
    "gone": lambda made: (made.root / "a.py").unlink(),
    "made a program": lambda made: (made.root / "a.py").chmod(0o755),
    "staged": lambda made: ((made.root / "a.py").write_text("2\n"), made.git("add", "a.py")),
    "staged and taken back": lambda made: (
        (made.root / "a.py").write_text("2\n"),
        made.git("add", "a.py"),
        (made.root / "a.py").write_text("1\n"),
    ),
    "a new file, staged": lambda made: ((made.root / "new.py").write_text("5\n"), made.git("add", "new.py")),
    "a new file, announced": lambda made: ((made.root / "new.py").write_text(""), made.git("add", "-N", "new.py")),
    "no longer tracked": lambda made: made.git("rm", "-q", "--cached", "a.py"),
    "taken on trust": lambda made: made.git("update-index", "--assume-unchanged", "a.py"),
    "left out": lambda made: made.git("update-index", "--skip-worktree", "a.py"),
    "another submodule": lambda made: made.git(
        "update-index", "--add", "--cacheinfo", f"160000,{made.git('rev-parse', 'HEAD')},sub"
    ),
}


@pytest.mark.parametrize("change", [*COMMITTED.values(), *NOT_COMMITTED.values()], ids=[*COMMITTED, *NOT_COMMITTED])
def test_the_listing_tells_of_the_commit_what_git_tells_of_the_files(
    make_repository: Callable[..., GitRepository], change: Change
) -> None:
    made = make_repository()
    made.commit(FILES)
    change(made)
    repository, root = Repository.find(str(made.root)), str(made.root)
    assert repository is not None
    head = made.git("rev-parse", "HEAD") if change in COMMITTED.values() else None
    with listings_of_a_run():
        question_of(repository, root).answer()
        assert commit_in(repository, root, as_listed=True) == commit_in(repository, root, as_listed=False) == head
    assert commit_in(repository, root, as_listed=True) == head


def test_files_are_compared_where_the_listing_is_not_all_that_was_looked_at(
    make_repository: Callable[..., GitRepository],
) -> None:
    made = make_repository()
    head = made.commit({**FILES, "below/e.py": "5\n"})
    repository = Repository.find(str(made.root))
    assert repository is not None
    with listings_of_a_run():
        for folder in (made.root, made.root / "below"):
            question_of(repository, str(folder)).answer()
        (made.root / "a.py").write_text("2\n")
        assert commit_in(repository, str(made.root), as_listed=True) == head
        assert commit_in(repository, str(made.root), as_listed=False) is None
        assert commit_in(repository, str(made.root / "below"), as_listed=True) is None


def test_without_a_commit_there_is_none_to_name(make_repository: Callable[..., GitRepository]) -> None:
    made = make_repository()
    repository, root = Repository.find(str(made.root)), str(made.root)
    assert repository is not None
    with listings_of_a_run():
        question_of(repository, root).answer()
        with pytest.raises(UnreadableError):
            commit_in(repository, root, as_listed=True)
