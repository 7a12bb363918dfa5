"""Runs every rule on one Dockerfile."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice

import msgspec

from gate.core.end_of_life import EndOfLifeTable
from gate.core.errors import LimitError
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.build_context import NO_CONTEXT, BuildContext
from gate.dockerfile.meaning import meanings_of
from gate.dockerfile.parser import parse
from gate.dockerfile.pragmas import UNPARSABLE, Silencers, names_shells, silences_of
from gate.dockerfile.rules import rules_with
from gate.dockerfile.step import Command, Step
from gate.dockerfile.syntax import Instruction
from gate.dockerfile.variant import PLAIN, Variant
from gate.model import Finding, Severity, Silence, Tree
from gate.rules import Hit, Span, StageRule, ask, finding_of
from gate.trees import open_tree

MAX_SIZE = 1 << 20
"""Bytes of a Dockerfile; a larger one is an error."""
MAX_FINDINGS = 10_000
"""Findings in one file, silenced ones included; more are an error."""
_LONG = 1000
"""Characters of an instruction that are hashed again for each of its findings."""


class Linted(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of the rules in one file, and how much was read."""

    findings: tuple[Finding, ...]
    instructions: int
    bytes: int
    suppressed: int
    """Hits that a pragma in the file silences."""
    foreign_shells: int
    """RUN steps for a shell that is not read (PowerShell, cmd): only their own arguments were looked at."""
    silenced: tuple[Finding, ...] = ()
    """What pragmas silence, each with the words of its pragma as `comment`."""
    meanings: dict[int, str] = {}
    """By line of an instruction, a digest of what its variables stand for."""
    silences: tuple[Silence, ...] = ()
    """Rules that pragmas silence in the whole file."""
    foreign: tuple[str, str] | None = None
    """The path of a file that is no Dockerfile by its text, and what it is; then nothing else is said of it."""


def lint_file(
    path: str,
    target: Tree,
    settings: DockerfileSettings,
    today: date,
    variant: Variant = PLAIN,
    end_of_life: EndOfLifeTable | None = None,
) -> Linted:
    """Lint a file of a tree. Raises UnreadableError, or LimitError if it has more than `MAX_SIZE` bytes."""
    tree = open_tree(target)
    context = BuildContext(tree, path, folder=variant.context)
    return lint(tree.read(path, MAX_SIZE), path, target.name, settings, context, today, variant, end_of_life)


def lint(
    content: bytes,
    path: str,
    target: str,
    settings: DockerfileSettings,
    context: BuildContext = NO_CONTEXT,
    today: date | None = None,
    variant: Variant = PLAIN,
    end_of_life: EndOfLifeTable | None = None,
) -> Linted:
    """Lint the bytes of a Dockerfile; `path` and `target` are for the findings' locations.

    Without `context` the rules about files of the context find nothing, without `today` those about age.
    `end_of_life` is the built-in table if none is given.
    Raises UnreadableError or LimitError for a `.dockerignore` that cannot be read, and LimitError if there are more
    than `MAX_FINDINGS` findings.
    """
    build = Build(parse(content), settings, context, today, variant, end_of_life)
    hits = _hits(build)
    if len(hits) > MAX_FINDINGS:
        raise LimitError(
            f"has more than {MAX_FINDINGS:,} findings",
            path=path,
            hint="Such a file is not written by hand: list it under stages.dockerfile.ignore in gate.yaml",
        )
    kept = hits if settings.no_pragmas else list(_not_silenced(hits, build))
    evidence = _Evidence()

    def findings_of(found: Iterable[tuple[StageRule, Hit]]) -> list[Finding]:
        made = (finding_of(rule, hit, target, path=path, evidence=evidence.of(hit)) for rule, hit in found)
        return sorted((_at_level(finding, settings) for finding in made), key=_order)

    silenced = _silenced(hits, kept, build, content)
    return Linted(
        findings=tuple(findings_of(kept)),
        silenced=tuple(
            msgspec.structs.replace(one, comment=words) for words, hit in silenced for one in findings_of([hit])
        ),
        meanings=meanings_of(build, (hit for _, hit in hits)),
        silences=() if settings.no_pragmas else silences_of(build.dockerfile, content, path),
        instructions=len(build.dockerfile.instructions),
        bytes=len(content),
        suppressed=len(hits) - len(kept),
        foreign_shells=sum(_is_foreign(step) for step in build.steps()),
    )


def _hits(build: Build) -> list[tuple[StageRule, Hit]]:
    return list(islice(_wanted(_ask(build), build.settings), MAX_FINDINGS + 1))


def _silenced(
    hits: Sequence[tuple[StageRule, Hit]], kept: Sequence[tuple[StageRule, Hit]], build: Build, content: bytes
) -> Iterator[tuple[str, tuple[StageRule, Hit]]]:
    """Yield each hit that a comment silences, with the words of the comment."""
    if build.settings.no_pragmas:
        return
    standing = {id(hit) for _, hit in kept}
    silencers = Silencers(build.dockerfile)
    yield from ((silencers.at(hit.part)[rule.id], (rule, hit)) for rule, hit in hits if id(hit) not in standing)
    if names_shells(build.dockerfile):
        settings = msgspec.structs.replace(build.settings, no_pragmas=True)
        plain = Build(parse(content), settings, build.context, build.today, build.variant, build.end_of_life)
        known = {(rule.id, hit.span) for rule, hit in hits}
        yield from (("hadolint shell", one) for one in _hits(plain) if (one[0].id, one[1].span) not in known)


def _wanted(hits: Iterable[tuple[StageRule, Hit]], settings: DockerfileSettings) -> Iterator[tuple[StageRule, Hit]]:
    """Leave out rules that the settings switch off, those on request that no setting requests, and repetitions."""
    seen: set[tuple[str, Span | None, str]] = set()
    for rule, hit in hits:
        level = settings.rules.get(rule.id, "off" if rule.on_request else "on")
        key = (rule.id, hit.span, hit.message)
        if (level != "off" or rule.id == UNPARSABLE) and key not in seen:
            seen.add(key)
            yield rule, hit


def _not_silenced(hits: Iterable[tuple[StageRule, Hit]], build: Build) -> Iterator[tuple[StageRule, Hit]]:
    silencers = Silencers(build.dockerfile)
    return ((rule, hit) for rule, hit in hits if rule.id not in silencers.at(hit.part))


def _at_level(finding: Finding, settings: DockerfileSettings) -> Finding:
    """Give a finding the severity that the settings have for its rule."""
    level = settings.rules.get(finding.rule)
    if level is None or finding.rule == UNPARSABLE:
        return finding
    return msgspec.structs.replace(finding, severity=Severity(level))


def _is_foreign(step: Step) -> bool:
    return step.name == "RUN" and not step.instruction.is_exec and not step.runs_in_posix_shell


class _Index(msgspec.Struct, frozen=True):
    """Rules by what they are asked about, so that a command meets only those that know its program."""

    build: tuple[StageRule, ...]
    stages: tuple[StageRule, ...]
    pieces: tuple[StageRule, ...]
    """Those of `stages` that can be asked of a fragment without FROM."""
    steps: Mapping[str, tuple[StageRule, ...]]
    in_run: Mapping[str, tuple[StageRule, ...]]
    """By the program of a command; those about any program are with each, and alone under the empty name."""
    at_start: Mapping[str, tuple[StageRule, ...]]
    """The same, of what a container runs when it starts."""


@lru_cache(maxsize=1)
def _index(plugins: tuple[str, ...]) -> _Index:
    rules = rules_with(plugins)
    commands = _of_kind(Command, rules)
    stages = _of_kind(BuildStage, rules)
    return _Index(
        _of_kind(Build, rules),
        stages,
        tuple(rule for rule in stages if not rule.looks_at.names),
        _by_name(_of_kind(Step, rules)),
        _by_program(commands),
        _by_program(tuple(rule for rule in commands if not rule.looks_at.within)),
    )


def _of_kind(kind: type, rules: tuple[StageRule, ...]) -> tuple[StageRule, ...]:
    return tuple(rule for rule in rules if rule.looks_at.kind is kind)


def _by_name(rules: tuple[StageRule, ...]) -> Mapping[str, tuple[StageRule, ...]]:
    by_name: dict[str, list[StageRule]] = {}
    for rule in rules:
        for name in dict.fromkeys(rule.looks_at.names):
            by_name.setdefault(name, []).append(rule)
    return {name: tuple(named) for name, named in by_name.items()}


def _by_program(rules: tuple[StageRule, ...]) -> Mapping[str, tuple[StageRule, ...]]:
    about_any = tuple(rule for rule in rules if not rule.looks_at.names)
    return {"": about_any, **{name: (*about_any, *named) for name, named in _by_name(rules).items()}}


def _ask(build: Build) -> Iterator[tuple[StageRule, Hit]]:
    """Yield every hit of every rule, those of the plugins that the settings name included."""
    index = _index(build.settings.plugins)
    yield from ask(index.build, build)
    for stage in build.pieces:
        yield from ask(index.stages if stage.origin else index.pieces, stage)
    for step in build.steps():
        yield from ask(index.steps.get(step.name, ()), step)
        rules = index.in_run if step.name == "RUN" else index.at_start
        for command in step.commands:
            yield from ask(rules.get(command.program, rules[""]), command)


class _Evidence:
    """The evidence that distinguishes a rule's findings: the instruction's text, or the hash of a long one, cached."""

    def __init__(self) -> None:
        self._by_line: dict[int, str] = {}

    def of(self, hit: Hit) -> tuple[str, ...]:
        """Return the evidence for a hit's fingerprint."""
        if hit.evidence or hit.part is None:
            return hit.evidence or ("",)
        text = self._by_line.get(hit.part.line)
        if text is None:
            text = self._by_line[hit.part.line] = self._text_of(hit.part)
        return (text,)

    def _text_of(self, instruction: Instruction) -> str:
        text = instruction.normalised
        return text if len(text) <= _LONG else hashlib.sha256(text.encode()).hexdigest()


def _order(finding: Finding) -> tuple[int, int, str, str]:
    place = finding.location
    return place.line or 0, place.column or 0, finding.rule, finding.message
