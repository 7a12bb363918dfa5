"""Since when a secret of the working tree is in the repository."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from gate.core.cache import key_of
from gate.core.errors import GateError
from gate.git import Repository
from gate.git.blame import Blame, blame
from gate.model import Finding, StageError, Tree
from gate.secrets.sources.cache import SecretsCache
from gate.trees import open_tree
from gate.trees.base import raw_name
from gate.trees.identity import Contents

if TYPE_CHECKING:
    from gate.context import Context

MAX_FINDINGS = 50
"""For how many findings git is asked: each question goes back through the history."""
_MAX_AUTHOR = 80


class FileLine(msgspec.Struct, frozen=True):
    """A line of a file, from 1."""

    path: str
    number: int


class LineOrigin(msgspec.Struct, frozen=True):
    """Where a line comes from; None if it is not in HEAD."""

    blame: Blame | None


def with_ages(
    findings: tuple[Finding, ...], target: Tree, contents: Contents, memory: SecretsCache, context: "Context"
) -> Iterator[Finding]:
    """Yield the findings, the first of them with the commit that brought their line and its day.

    Of a line of a file that git vouches for, the answer is kept for the time that HEAD is the same commit.
    """
    repository = Repository.find(target.root) if findings else None
    if repository is None:  # asked once, not by each line
        yield from findings
        return
    lines = [FileLine(one.location.path or "", one.location.line or 0) for one in findings[:MAX_FINDINGS]]
    names = _names(lines, contents, repository) if memory.is_kept else {}
    known = memory.known(names.values(), LineOrigin)
    rest = [line for line in lines if names.get(line) not in known]
    fresh = dict(context.map(origin_of, rest, target))
    dated = {names[line]: one for line, one in fresh.items() if line in names and isinstance(one, LineOrigin)}
    memory.keep(dated, is_secret=True)
    for finding, line in zip(findings, lines, strict=False):
        yield _with_origin(finding, fresh[line] if line in fresh else known[names[line]])
    yield from findings[MAX_FINDINGS:]


def _names(lines: Sequence[FileLine], contents: Contents, repository: Repository) -> dict[FileLine, bytes]:
    """Name all that decides what git says of lines, by line; not of files whose content nothing names."""
    (head,) = repository.commit_ids(["HEAD"])
    if head is None:
        return {}
    place = f"{head} {repository.is_shallow} {repository.prefix}"
    ids = contents.ids
    return {
        line: key_of("age", place, line.path, ids[line.path], str(line.number)) for line in lines if line.path in ids
    }


def _with_origin(finding: Finding, origin: LineOrigin | StageError) -> Finding:
    known = origin.blame if isinstance(origin, LineOrigin) else None
    if known is None:
        return finding
    word = "at least since" if known.is_oldest_known else "since"
    words = f"{finding.message}; there {word} {known.date} (commit {known.commit[:12]}, {known.author[:_MAX_AUTHOR]})"
    return msgspec.structs.replace(finding, message=words, first_seen=known.date)


def origin_of(line: FileLine, target: Tree) -> LineOrigin:
    """Ask git for the commit of a line; a file that differs from HEAD's has none that could be trusted."""
    repository = Repository.find(target.root)
    if repository is None:
        return LineOrigin(None)
    committed = repository.blob_id("HEAD", repository.prefix + os.fsdecode(raw_name(line.path)))
    if committed is None or committed != _blob_id(target, line.path, len(committed)):
        return LineOrigin(None)
    return LineOrigin(blame(repository, raw_name(line.path), line.number))


def _blob_id(target: Tree, path: str, length: int) -> str | None:
    """Return the id that git would give the file on disk as it is, in the repository's object format."""
    try:
        content = open_tree(target).read(path)
    except GateError:  # inside an archive, or gone since it was looked at
        return None
    blob = b"blob %d\0%b" % (len(content), content)
    return (hashlib.sha1(blob, usedforsecurity=False) if length == 40 else hashlib.sha256(blob)).hexdigest()
