"""Reading the definitions of a system that are YAML, and asking the system's rules of what they say."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from gate.ci.model import JobScript, PipelineParty, SystemJudged
from gate.core.errors import ConfigError, GateError, as_stage_error
from gate.core.lazy_regex import lazy_regex
from gate.core.source_text import text_of
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.dockerfile.text import holds_any
from gate.model import StageError
from gate.rules import Hit, RuleScope, StageRule, ask
from gate.trees import FileTree

MAX_SIZE = 4 << 20
"""Bytes of a definition; a larger one is an error."""
_TEMPLATE = lazy_regex(r"(?<!\$)\{\{[-#%]?|\{%|<%=?")
"""What Jinja, Go templates and ERB write where a program makes the definition; `${{ … }}` is Azure's own."""


class CiPipeline(msgspec.Struct, frozen=True, kw_only=True):
    """One definition as a system's reader understands it: what the system's rules are asked of."""

    root: Value
    scripts: tuple[JobScript, ...] = ()
    parties: tuple[PipelineParty, ...] = ()
    not_resolved: tuple[str, ...] = ()


class DefinitionsRead(msgspec.Struct, frozen=True, kw_only=True):
    """The documents of the files that could be read, and what is known of the others."""

    documents: tuple[Value, ...] = ()
    errors: tuple[StageError, ...] = ()
    not_definitions: tuple[str, ...] = ()
    """Files that are templates, which their owner's program completes."""


def read_definitions(tree: FileTree, paths: Sequence[str]) -> DefinitionsRead:
    """Read every document of some files; a file that cannot be read is an error that names it, a template a note."""
    documents: list[Value] = []
    errors: list[StageError] = []
    notes: list[str] = []
    for path in paths:
        text = ""
        try:
            text = text_of(tree.read(path, MAX_SIZE), path)
            documents += read_values(text, path)
        except ConfigError as error:
            if _TEMPLATE.search(text):
                notes.append(f"{path}: a template; what it becomes is not known")
            else:
                errors.append(as_stage_error(error, path))
        except GateError as error:
            errors.append(as_stage_error(error, path))
    return DefinitionsRead(documents=tuple(documents), errors=tuple(errors), not_definitions=tuple(notes))


def judged(
    reading: DefinitionsRead,
    pipelines: Iterable[CiPipeline],
    scope: RuleScope[Any],
    files: int,
    errors: Sequence[StageError] = (),
) -> SystemJudged:
    """Ask the rules of one system about its pipelines; `errors` may grow while `pipelines` are made."""
    from gate.ci.rules import all_rules

    rules = [rule for rule in all_rules() if rule.looks_at is scope]
    found = tuple(pipelines)
    return SystemJudged(
        hits=tuple(_hits(rules, found)),
        jobs=tuple(script for one in found for script in one.scripts),
        third_parties=tuple(party for one in found for party in one.parties),
        files=files,
        errors=(*reading.errors, *errors),
        not_resolved=tuple(note for one in found for note in one.not_resolved),
        not_definitions=reading.not_definitions,
    )


def _hits(rules: Sequence[StageRule], pipelines: Iterable[CiPipeline]) -> Iterator[tuple[StageRule, Hit]]:
    for pipeline in pipelines:
        yield from ask(rules, pipeline)


def scripts_of(value: Value | None, name: str) -> Iterator[JobScript]:
    """Yield the shell texts of a value: one script, or a list of commands of which each is a script."""
    for one in value.elements() if value else ():
        text = one.text()
        if text:
            yield JobScript(name=name, script=text, path=one.path, line=first_line(one))


def first_line(script: Value) -> int:
    """Return the line of a script's first line: that behind `|` for a block."""
    return script.start[0] + 1 if script.style in ("|", ">") else script.start[0]


def hit_at(value: Value, message: str, *evidence: str) -> Hit:
    """Return a hit at a value of a definition."""
    return Hit(message=message, path=value.path, line=value.line, evidence=evidence)


def lines_with(script: JobScript, search: Callable[[str], str], *signs: str) -> Iterator[tuple[int, str]]:
    """Yield the file's line and what `search` finds in it, of every line of a script that is no comment.

    Nothing is searched where none of `signs` stands in the script, if there are any.
    """
    if signs and not holds_any(script.script, signs):
        return
    for number, line in enumerate(script.script.splitlines()):
        found = "" if line.lstrip().startswith("#") else search(line)
        if found:
            yield script.line_of(number), found
