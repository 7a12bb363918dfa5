"""What a push adds, as targets, and what was there before."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.app.hooks.push import PushedCommits
from gate.app.hooks.targets import targets_of
from gate.git import Repository
from gate.model import CommitRange, Tree


def test_what_was_there_before_is_compared_when_it_is_asked_for_and_once_for_both_targets(
    make_repository: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_repository()
    first = made.commit({"old.py": "x = 1\n" * 20})
    head = made.commit({"old.py": None, "new.py": "x = 1\n" * 20})
    repository = Repository(str(made.root))
    compared: list[tuple[object, ...]] = []
    renames = repository.renames
    monkeypatch.setattr(repository, "renames", lambda *asked: compared.append(asked) or renames(*asked))
    targets, bases = targets_of(repository, [PushedCommits(ref="refs/heads/main", head=head, borders=(first,))])
    assert targets == [
        Tree(root=repository.top, name="refs/heads/main", revision=head),
        CommitRange(
            root=repository.top,
            name="commits of refs/heads/main",
            head=head,
            exclude=(first,),
            ref="refs/heads/main",
        ),
    ]
    assert (list(bases), compared) == ([target.name for target in targets], [])
    (before,) = bases["refs/heads/main"]
    assert (before.revision, before.renames) == (first, (("old.py", "new.py"),))
    assert bases["commits of refs/heads/main"] == (before,)
    assert len(compared) == 1
