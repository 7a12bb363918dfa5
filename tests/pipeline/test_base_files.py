"""Whose files count for a job: its target's, and those of its bases that differ."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.git import Repository
from gate.model import CommitRange, Tree, Trust
from gate.pipeline.base_files import base_files_of
from gate.pipeline.plan import Job
from gate.settings import Settings

Make = Callable[..., Any]


def jobs_of(made: Any, base: str, head: str) -> tuple[list[Job], Trust]:
    """Return a job on the commits of a push and one on the tree that they lead to, and the trust in what was before."""
    root = str(made.root)
    before = Tree(root=root, name="base", revision=base)
    jobs = [
        Job("secrets", CommitRange(root=root, name="commits", exclude=(base,), head=head)),
        Job("dockerfile", Tree(root=root, name="tree", revision=head)),
    ]
    return jobs, Trust(mode="base", bases={"commits": (before,), "tree": (before,)})


def test_git_is_asked_once_for_commits_and_the_tree_that_they_lead_to(
    make_repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_repository()
    base, head = made.commit({"a": "1"}), made.commit({"a": "2"})
    asked: list[str] = []
    entries = Repository.entries

    def counting(self: Repository, revision: str, paths: Any) -> Any:
        asked.append(revision)
        return entries(self, revision, paths)

    monkeypatch.setattr(Repository, "entries", counting)
    assert base_files_of(*jobs_of(made, base, head), Settings()) == {}
    assert sorted(asked) == sorted([base, head])


def test_each_job_is_given_the_base_in_which_one_of_its_own_files_differs(make_repository: Make) -> None:
    made = make_repository()
    base, head = made.commit({"a": "1"}), made.commit({".hadolint.yaml": "ignored: [DL3006]\n"})
    jobs, trust = jobs_of(made, base, head)
    found = base_files_of(jobs, trust, Settings())
    assert {number: (files.own.revision, files.path) for number, files in found.items()} == {
        1: (head, ".hadolint.yaml")
    }
    assert [tree.revision for tree in found[1].others] == [base]
