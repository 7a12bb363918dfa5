"""The lines around a finding, read while the tree is at hand: a report is shown again later, without it.

A line with a secret shows no more of it than the finding does; what the secrets engine sees in the other lines is
hidden as well. Where no excerpt can be had (an image, a binary or large file, one that is gone) there is none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from gate.core.cache_folder import user_cache_folder
from gate.core.errors import GateError
from gate.core.text import clipped, visible
from gate.declarations.secrets import SECRETS
from gate.model import CommitRange, Excerpt, Finding, Location, Severity, StageError, Target, Tree
from gate.pipeline.comments import content_of

if TYPE_CHECKING:
    from gate.pipeline.workers import Pool
    from gate.settings import Settings

AROUND = 2
"""Lines before and after the first line of a finding."""
MOST_COLUMNS = 200
MOST = 500
"""Findings of a run that get an excerpt, the worst first."""
MAX_SIZE = 256 << 10
"""Bytes of a file that excerpts are made of."""
_LONGEST_LINE = 2_000
"""Characters; a file with a longer line is generated, and gets no excerpt."""
_TAB = 4
_FILES_A_WORKER = 200
"""Files for which a further worker reads excerpts: each takes a tenth of a second to load the secrets engine, and then
about a millisecond for a file of a few kilobytes."""

_File = tuple[str, str | None, str]
"""Target, commit and path."""
Lines = dict[int, str]
"""Lines as they may be shown, by their numbers."""


class ExcerptLines(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of a file that are to be shown."""

    target: Tree | CommitRange
    commit: str | None
    path: str
    wanted: frozenset[int]
    secret: frozenset[int]
    """Lines in which a secret was found."""


Choose = Callable[[Sequence[Finding]], Iterable[Finding]]
"""Returns those of some findings whose lines are to be shown."""
Show = Callable[[tuple[ExcerptLines, ...]], Sequence[Lines]]
"""Does what `shown_lines` does, here or elsewhere."""


def with_excerpts(
    findings: Sequence[Finding], targets: Iterable[Target], show: Show, choose: Choose = tuple
) -> tuple[Finding, ...]:
    """Return the findings; the worst that `choose` returns, and that are in a line of a text, with an excerpt."""
    trees = {target.name: target for target in targets if isinstance(target, Tree | CommitRange)}
    wanted = sorted((one for one in choose(findings) if _is_wanted(one, trees)), key=_urgency)[:MOST]
    if not wanted:
        return tuple(findings)
    lines_of: dict[_File, set[int]] = defaultdict(set)
    for finding in wanted:
        lines_of[_file_of(finding)].update(_around(finding))
    secret = _secret_lines(findings)
    parts = tuple(_part(trees[file[0]], file, lines, secret[file]) for file, lines in lines_of.items())
    files = dict(zip(lines_of, show(parts), strict=True))
    chosen = {id(one) for one in wanted}
    return tuple(_with_excerpt(one, files[_file_of(one)]) if id(one) in chosen else one for one in findings)


def _is_wanted(finding: Finding, trees: Iterable[str]) -> bool:
    """True for a finding in a line of a file; not of a package, as the line of its lockfile adds nothing."""
    where = finding.location
    return bool(finding.package is None and where.path and where.line and where.target in trees)


def _urgency(finding: Finding) -> tuple[bool, int]:
    return (not finding.blocking, Severity.CRITICAL.rank - finding.severity.rank)


def _file_of(one: Finding | Location) -> _File:
    where = one.location if isinstance(one, Finding) else one
    return (where.target, where.commit, where.path or "")


def _secret_lines(findings: Iterable[Finding]) -> dict[_File, set[int]]:
    """Return the lines in which secrets stand, whichever stage or program found them."""
    lines: dict[_File, set[int]] = defaultdict(set)
    for finding in findings:
        for where in (finding.location, *finding.places) if finding.secret else ():
            first = where.line or 0
            lines[_file_of(where)].update(range(first, min(max(where.end_line or 0, first), first + MAX_SIZE) + 1))
    return lines


def _around(finding: Finding) -> range:
    line = finding.location.line or 1
    return range(max(line - AROUND, 1), line + AROUND + 1)


def _part(target: Tree | CommitRange, file: _File, wanted: set[int], secret: set[int]) -> ExcerptLines:
    _, commit, path = file
    return ExcerptLines(
        target=target, commit=commit, path=path, wanted=frozenset(wanted), secret=frozenset(secret & wanted)
    )


def shown_by(pool: "Pool", settings: "Settings", jobs: int) -> Show:
    """Return a function that reads excerpts in at most `jobs` workers a target.

    They are those that worked last, which are likely to have loaded the secrets engine.
    """

    def show(parts: tuple[ExcerptLines, ...]) -> list[Lines]:
        dealt = list(_dealt(parts, min(jobs, -(-len(parts) // _FILES_A_WORKER))))
        lines: list[Lines] = [{}] * len(parts)
        work = [tuple(map(parts.__getitem__, places)) for places in dealt]
        for index, shown in pool.run(shown_lines, work, settings.of(SECRETS).plugins):
            if not isinstance(shown, StageError):  # what is not masked is not shown
                for place, one in zip(dealt[index], shown, strict=False):
                    lines[place] = one
        return lines

    return show


def _dealt(parts: tuple[ExcerptLines, ...], count: int) -> Iterator[list[int]]:
    """Yield the places of the parts that one worker reads: those of one target go to at most `count` of them."""
    by_root: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        by_root.setdefault(part.target.root, []).append(place)
    for places in by_root.values():
        yield from (places[start::count] for start in range(min(count, len(places))))


def shown_lines(parts: tuple[ExcerptLines, ...], kinds: tuple[str, ...]) -> tuple[Lines, ...]:
    """Return the lines of each part as they may be shown; none of a file that has no lines for people.

    `kinds`: packages that know kinds of secrets besides our own.
    """
    return tuple(_shown(part, kinds) for part in parts)


def _shown(part: ExcerptLines, kinds: tuple[str, ...]) -> Lines:
    content = content_of(part.target, part.commit, part.path, MAX_SIZE)
    if max(map(len, content.split(b"\n"))) > _LONGEST_LINE:
        return {}
    from gate.secrets.results.masking import HIDDEN, masked_lines

    try:
        masked = masked_lines(content, part.path, part.wanted, str(user_cache_folder()), kinds)
    except GateError:  # it takes too long: what is not masked is not shown
        return {}
    shown = {number: clipped(visible(line.expandtabs(_TAB)), MOST_COLUMNS) for number, line in masked.items()}
    return shown | {number: HIDDEN for number in part.secret if HIDDEN not in masked.get(number, HIDDEN)}


def _with_excerpt(finding: Finding, lines: Mapping[int, str]) -> Finding:
    around = [number for number in _around(finding) if number in lines]
    if finding.location.line not in around:
        return finding
    excerpt = Excerpt(first_line=around[0], lines=tuple(lines[number] for number in around))
    return msgspec.structs.replace(finding, excerpt=excerpt)
