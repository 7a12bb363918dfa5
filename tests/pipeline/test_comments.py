"""Comments that ignore a finding where it stands."""

import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from gate.model import CommitRange, Finding, Location, Severity, StageResult, Target, Tree
from gate.pipeline.comments import with_comments


def finding(line: int, rule: str = "GD012", path: str = "f", commit: str | None = None) -> Finding:
    location = Location(target="t", path=path, line=line, commit=commit)
    return Finding(
        stage="s", rule=rule, severity=Severity.HIGH, title="t", message="m", fingerprint="1", location=location
    )


def comments(target: Target, *findings: Finding) -> list[str | None]:
    return [
        one.comment for one in with_comments(StageResult(stage="s", target="t", findings=findings), target).findings
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x = 1  # gate: ignore=GD012 the vendor signs it", "the vendor signs it"),
        ("x = 1; // gate: ignore=GD012,DL3007 pinned elsewhere", "pinned elsewhere"),
        ("/* gate: ignore=GD* generated */", "generated"),
        ("<!-- gate: ignore=gd012 an example of the docs -->", "an example of the docs"),
        ("-- gate: ignore=GD012 seed of the tests", "seed of the tests"),
        ("; gate: ignore=GD012 local only", "local only"),
        ("# gate: ignore=GD012", None),
        ("# gate: ignore=GD012 -->", None),
        ("# gate: ignore=GD013 another rule", None),
        ('"gate: ignore=GD012 a text is no comment"', None),
        ("# ignore=GD012 not ours", None),
    ],
)
def test_a_comment_names_the_rule_and_gives_a_reason(
    make_tree: Callable[..., Tree], line: str, reason: str | None
) -> None:
    tree = make_tree({"f": f"first\n{line}\nthird\nfourth\n"})
    assert comments(tree, finding(1), finding(2), finding(3), finding(4)) == [None, reason, reason, None]


def test_their_number_is_a_fact(make_tree: Callable[..., Tree]) -> None:
    tree = make_tree({"f": "# gate: ignore=GD012 it is so\n"})
    result = with_comments(StageResult(stage="s", target="t", findings=(finding(1), finding(3))), tree)
    assert result.facts == {"ignored_by_comment": 1}


@pytest.mark.parametrize("path", ["gone", "../f", "f\0"])
def test_what_cannot_be_read_has_no_comment(make_tree: Callable[..., Tree], path: str) -> None:
    assert comments(make_tree({"f": ""}), finding(1, path=path)) == [None]


def test_a_finding_in_a_commit_has_the_comment_of_that_commit(make_tree: Callable[..., Tree]) -> None:
    tree = make_tree({"f": "secret # gate: ignore=GD012 revoked\n"})

    def git(*arguments: str) -> str:
        who: Any = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        done = subprocess.run(["git", *who, *arguments], cwd=tree.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    first = git("rev-parse", "HEAD")
    git("rm", "-q", "f")
    git("commit", "-qm", "two")
    pushed = CommitRange(root=tree.root, name="push", head=git("rev-parse", "HEAD"))
    assert comments(pushed, finding(1, commit=first), finding(1)) == ["revoked", None]
