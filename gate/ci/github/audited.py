"""What zizmor says of a target's definitions, with its own configuration and comments, as far as they count."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from gate.ci.github import MAX_SIZE
from gate.ci.github.reader import DEPENDABOT, is_action_path
from gate.ci.github.refused import refused
from gate.ci.github.zizmor import ZizmorAnswer, ask_zizmor, hits_of
from gate.ci.github.zizmor_file import ZizmorConfigured, is_ignored
from gate.ci.zizmor_program import AuditInput, Kind
from gate.core.errors import GateError
from gate.core.source_text import decode
from gate.model import Fact, StageError
from gate.rules import Hit, StageRule
from gate.trees import FileTree


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """What zizmor says, as the stage reports it."""

    hits: tuple[tuple[StageRule, Hit], ...] = ()
    comments: Mapping[str, Mapping[int, Mapping[str, str]]] = {}
    """Comments of zizmor's own, by path, line of the hit and audit."""
    errors: tuple[StageError, ...] = ()
    facts: Mapping[str, Fact] = {}


def audit(
    tree: FileTree, paths: Sequence[str], unread: Collection[str], configured: ZizmorConfigured, cache_folder: Path
) -> Audited:
    """Ask zizmor about the files at `paths` but those in `unread`, which are errors or no definitions already."""
    files = dict(_definitions(tree, [path for path in paths if path not in unread]))
    answer = ask_zizmor(files, configured.text, cache_folder)
    comments: dict[str, dict[int, dict[str, str]]] = {}
    hits = [*refused(answer.unreadable)]
    for rule, hit, words in hits_of(answer):
        if is_ignored(configured.file, rule.id, hit):
            continue
        hits.append((rule, hit))
        if words and hit.path and hit.span:
            comments.setdefault(hit.path, {}).setdefault(hit.span[0][0], {})[rule.id] = words[0]
    return Audited(
        hits=tuple(hits),
        comments=comments,
        errors=(*configured.errors, *_errors(answer, configured)),
        facts=_facts(answer, configured),
    )


def _definitions(tree: FileTree, paths: Iterable[str]) -> Iterable[tuple[str, AuditInput]]:
    for path in paths:
        try:
            yield path, AuditInput(_kind(path), decode(tree.read(path, MAX_SIZE)).text)
        except GateError:  # it is an error of the stage already
            continue


def _kind(path: str) -> Kind:
    if path in DEPENDABOT:
        return "dependabot"
    return "action" if is_action_path(path) else "workflow"


def _errors(answer: ZizmorAnswer, configured: ZizmorConfigured) -> Iterable[StageError]:
    """Yield the errors of an answer; one of the configuration names its file."""
    for error in answer.errors:
        is_of_configuration = bool(configured.text) and "zizmor.yml" in error.title
        yield msgspec.structs.replace(error, path=configured.path) if is_of_configuration else error


def _facts(answer: ZizmorAnswer, configured: ZizmorConfigured) -> Mapping[str, Fact]:
    facts: dict[str, Fact] = {"zizmor": answer.version or "not installed", "zizmor_asked": answer.asked}
    return {**facts, "zizmor_configuration": configured.path} if configured.path else facts
