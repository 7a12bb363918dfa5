"""Git's index of a working tree: which entries are compared with the disk, and which files are there otherwise."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.git import Repository
from gate.trees.index import IndexListing, IndexQuestion
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
