"""Git's index of a working tree: which entries are compared with the disk, and which files are there otherwise."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.git import Repository
from gate.pipeline.broker_answers import TELLS_CONTENTS
from gate.trees import index
from gate.trees.index import IndexListing, IndexQuestion, listing_of, listings_of_a_run, names_in
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
    entries = {entry.name: entry for entry in listing.entries()}
    assert set(entries) == {b".gitattributes", b"a.py", b"b.py", b"c.py", b"d.bin"}
    assert [name for name, entry in entries.items() if entry.doubt] == [b"a.py"]
    assert listing.differing == {b"b.py", b"d.bin", b"new.py"}
    assert entries[b"c.py"].mode == "100644"
    assert entries[b"c.py"].blob_id == made.git("rev-parse", "HEAD:c.py")


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
