"""What a push adds, as targets, and what was there before."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.app.hooks.push import PushedCommits
from gate.app.hooks.targets import targets_of
from gate.git import Repository
from gate.model import CommitRange, Tree
from gate.trees.previous import with_names_of


def test_a_push_has_two_targets_and_git_compares_no_revisions_for_them(
    make_repository: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_repository()
    first = made.commit({"old.py": "x = 1\n" * 20})
    head = made.commit({"old.py": None, "new.py": "x = 1\n" * 20})
    repository = Repository(str(made.root))
    compared: list[tuple[object, ...]] = []
    renames = Repository.renames
    monkeypatch.setattr(Repository, "renames", lambda *asked: compared.append(asked) or renames(*asked))
    targets, bases = targets_of(repository, [PushedCommits(ref="refs/heads/main", head=head, borders=(first,))])
    tree, commits = targets
    assert tree == Tree(root=repository.top, name="refs/heads/main", revision=head)
    assert commits == CommitRange(
        root=repository.top, name="commits of refs/heads/main", head=head, exclude=(first,), ref="refs/heads/main"
    )
    (before,) = bases["refs/heads/main"]
    assert bases == {"refs/heads/main": (before,), "commits of refs/heads/main": (before,)}
    assert (before.revision, before.renames, compared) == (first, (), [])
    assert isinstance(commits, CommitRange)
    assert with_names_of(before, commits).renames == (("old.py", "new.py"),)
    assert with_names_of(before, Tree(root=repository.top, name="t", revision=head)).renames == (("old.py", "new.py"),)
    assert len(compared) == 1, "once for both"
