"""Secrets in commits: what a push adds, and the whole history, in real repositories."""

import subprocess
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from gate.declarations.secrets import SecretsSettings
from gate.model import CommitRange, StageResult, StageStatus, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import secrets

AWS = "AKIA" + "Z7VRSQ5TJN2XMPLQ"
OTHER = "AKIA" + "Q4WKXN7TRB3YMPZD"
VALUES = (AWS, OTHER)

Repository = Any
Make = Callable[..., Repository]
Scan = Callable[..., StageResult]


@pytest.fixture
def scan(make_context: Callable[..., LocalContext]) -> Scan:
    """A function that runs the stage; keywords are its settings. No result may hold a secret's value."""

    def run(target: Tree | CommitRange, **settings: Any) -> StageResult:
        result = secrets.run(target, make_context(stages=Stages(secrets=SecretsSettings(**settings))))
        assert not any(value.encode() in msgspec.json.encode(result) for value in VALUES)
        return result

    return run


def told(result: StageResult) -> list[str]:
    return [finding.message for finding in result.findings]


# What a push adds


def test_a_finding_of_a_push_names_commit_author_day_and_line(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    first = repository.commit({"a": "x"})
    leak = repository.commit({"a": f"x\n{AWS}\n"}, when="2026-03-04T23:00:00+02:00")
    last = repository.commit({"a": "x"})
    (found,) = scan(repository.range(last, first)).findings
    assert (found.location.path, found.location.line, found.location.commit) == ("a", 2, leak)
    assert found.message.endswith(f"added by commit {leak[:12]}, by ada@example.com on 2026-03-04")
    assert found.first_seen == "2026-03-04"


def test_commits_blobs_and_bytes_that_were_read_are_told(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    first = repository.commit({"a": "not counted"})
    repository.commit({"a": "12345", "b": "1"})
    last = repository.commit({"c": "12345"})
    facts = scan(repository.range(last, first)).facts
    assert (facts["commits"], facts["blobs"], facts["bytes"]) == (2, 2, 5 + 1 + 5)


def test_a_force_push_over_what_was_never_fetched_looks_at_more_and_says_so(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    repository.commit({"a": AWS})
    head = repository.commit({"b": "x"})
    never_seen = "0123456789abcdef" * 2 + "01234567"
    result = scan(repository.range(head, never_seen))
    assert [finding.location.path for finding in result.findings] == ["a"]
    assert result.facts["unknown_commits_not_left_out"] == [never_seen]


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_both_object_formats(make_repository: Make, scan: Scan, form: str) -> None:
    repository = make_repository("repository", f"--object-format={form}")
    first = repository.commit({"a": "x"})
    leak = repository.commit({"a": AWS, "deep/b": OTHER})
    for target in (
        repository.range(leak, first),
        repository.tree,
        Tree(root=str(repository.root), name="t", revision=leak),
    ):
        assert [finding.location.path for finding in scan(target).findings] == ["a", "deep/b"]
    repository.commit({"a": None, "deep/b": None})
    assert len(scan(repository.tree, history=True).findings) == 2


def test_the_history_below_a_shallow_clone_is_looked_at_as_one_commit(make_repository: Make, scan: Scan) -> None:
    origin = make_repository("origin")
    origin.commit({"a": AWS})
    origin.commit({"b": "x"})
    clone = origin.root.parent / "clone"
    origin.git("clone", "-q", "--depth=1", f"file://{origin.root}", str(clone))
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True, check=True)
    result = scan(CommitRange(root=str(clone), name="push", head=head.stdout.strip()))
    assert [finding.location.path for finding in result.findings] == ["a"]


def test_a_blob_that_a_partial_clone_lacks_is_an_error_that_names_its_file(make_repository: Make, scan: Scan) -> None:
    clone = partial_clone_of(make_repository("origin"))
    result = scan(CommitRange(root=clone, name="push", head="HEAD~1"))
    assert result.status is StageStatus.ERROR
    assert [(error.path, error.title) for error in result.errors] == [
        ("a", "is not in the object store (shallow or partial clone?)")
    ]


def partial_clone_of(origin: Repository) -> str:
    origin.commit({"a": AWS})
    origin.commit({"a": "x"})
    origin.git("config", "uploadpack.allowFilter", "true")
    clone = origin.root.parent / "clone"
    origin.git("clone", "-q", "--filter=blob:none", f"file://{origin.root}", str(clone))
    return str(clone)


# The whole history


def test_history_names_the_commits_that_brought_and_removed_a_secret(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    brought = repository.commit({"a": f"x\n{AWS}"}, when="2025-05-06T00:00:00+00:00")
    repository.commit({"a": f"more\nx\n{AWS}"})
    removed = repository.commit({"a": "x"}, when="2025-07-08T00:00:00+00:00")
    assert scan(repository.tree).findings == ()
    (found,) = scan(repository.tree, history=True).findings
    assert (found.location.path, found.location.line, found.location.commit) == ("a", 2, brought)
    assert found.message.split("; ")[1:] == [
        f"brought by {brought[:12]} (ada@example.com, 2025-05-06)",
        f"removed by {removed[:12]} (ada@example.com, 2025-07-08)",
    ]
    assert found.first_seen == "2025-05-06"


def test_a_secret_that_is_still_there_is_one_finding_with_its_past(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    brought = repository.commit({"a": AWS})
    repository.commit({"a": f"x\n{AWS}"})
    (now,) = scan(repository.tree).findings
    (found,) = scan(repository.tree, history=True).findings
    assert (found.fingerprint, found.location.line, found.location.commit) == (now.fingerprint, 2, None)
    assert f"brought by {brought[:12]}" in found.message
    assert "removed" not in found.message


def test_a_file_that_moves_neither_brings_nor_removes(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    brought = repository.commit({"a": AWS})
    repository.git("mv", "a", "b")
    repository.commit({})
    (found,) = scan(repository.tree, history=True).findings
    assert found.location.path == "b"
    assert found.message.endswith(f"brought by {brought[:12]} (ada@example.com, 2026-01-02)")


def test_a_secret_of_a_merged_branch_is_brought_by_the_branch(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    repository.commit({"a": "x"})
    repository.git("checkout", "-q", "-b", "side")
    brought = repository.commit({"b": AWS})
    repository.git("checkout", "-q", "main")
    repository.commit({"c": "x"})
    repository.git("merge", "-q", "side", "-m", "merge")
    (found,) = scan(repository.tree, history=True).findings
    assert found.message.count("brought by") == 1
    assert brought[:12] in found.message


def test_what_is_in_no_commit_is_looked_at_and_told(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    repository.commit({"a": "x"})
    (repository.root / "draft").write_text(AWS)
    blob = repository.git("hash-object", "-w", "draft")
    (repository.root / "draft").unlink()
    result = scan(repository.tree, history=True)
    assert [finding.location.path for finding in result.findings] == [f"(in no commit)/{blob}"]
    assert result.facts["history_blobs_in_no_commit"] == 1


def test_a_commit_that_was_amended_away_is_still_looked_at(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    repository.commit({"a": "x"})
    leak = repository.commit({"b": AWS})
    repository.git("reset", "-q", "--hard", "HEAD^")
    (found,) = scan(repository.tree, history=True).findings
    assert found.location.commit == leak


def test_history_facts_count_every_blob_once(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    repository.commit({"a": "12345", "same": "12345"})
    repository.commit({"a": "1"})
    facts = scan(repository.tree, history=True).facts
    assert (facts["history_commits"], facts["history_blobs"], facts["files"]) == (2, 2, 2)


def test_paths_and_ignore_hold_for_the_history_too(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    repository.commit({"a.py": AWS, "b.py": OTHER})
    repository.commit({"a.py": None, "b.py": None})
    result = scan(repository.tree, history=True, ignore=("b.py",))
    assert [finding.location.path for finding in result.findings] == ["a.py"]


def test_the_history_of_a_shallow_clone_is_an_error(make_repository: Make, scan: Scan) -> None:
    origin = make_repository("origin")
    origin.commit({"a": "x"})
    origin.commit({"a": "y"})
    clone = origin.root.parent / "clone"
    origin.git("clone", "-q", "--depth=1", f"file://{origin.root}", str(clone))
    (error,) = scan(Tree(root=str(clone), name="clone"), history=True).errors
    assert "the clone is shallow" in error.title


def test_the_history_of_a_partial_clone_is_an_error_that_counts_what_is_missing(
    make_repository: Make, scan: Scan
) -> None:
    clone = partial_clone_of(make_repository("origin"))
    (error,) = scan(Tree(root=clone, name="clone"), history=True).errors
    assert error.title == "1 versions of files are not in the object store"


def test_history_without_a_repository_is_an_error(
    make_tree: Callable[[dict[str, str | bytes]], Tree], scan: Scan
) -> None:
    (error,) = scan(make_tree({"a": "x"}), history=True).errors
    assert "no git repository" in error.title


def test_an_author_cannot_fill_the_report(make_repository: Make, scan: Scan) -> None:
    repository = make_repository()
    repository.git("config", "user.email", "x")
    (repository.root / "a").write_text(AWS)
    repository.git("add", "a")
    repository.git("-c", f"user.email={'x' * 5000}", "commit", "-q", "-m", "m")
    (found,) = scan(repository.tree, history=True).findings
    assert len(found.message) < 300
