"""Which stage looks at what."""

from gate.model import CommitRange, Target, Tree
from gate.pipeline.plan import plan
from gate.settings import Settings

HEAD = "a" * 40
TREE = Tree(root="/r", name="main", revision=HEAD)
COMMITS = CommitRange(root="/r", name="commits of main", head=HEAD)


def looked_at(*targets: Target) -> dict[str, list[str]]:
    planned: dict[str, list[str]] = {}
    for job in plan(targets, Settings()).jobs:
        planned.setdefault(job.stage, []).append(job.target.name)
    return planned


def test_a_stage_that_looks_at_commits_leaves_the_tree_that_they_lead_to() -> None:
    planned = looked_at(TREE, COMMITS)
    assert planned["secrets"] == ["commits of main"]
    assert planned["dockerfile"] == ["main"]


def test_another_tree_is_looked_at_by_both() -> None:
    others: list[Target] = [
        Tree(root="/r", name="disk"),
        Tree(root="/r", name="older", revision="b" * 40),
        Tree(root="/s", name="elsewhere", revision=HEAD),
    ]
    assert looked_at(*others, COMMITS)["secrets"] == ["disk", "older", "elsewhere", "commits of main"]
