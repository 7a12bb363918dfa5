"""Third parties of pipelines: what definitions name, and the services that scripts and known plug-ins send to.

`third_parties.txt` has both tables. What is sent is what the command sends for certain; a service that receives it by a
variable's value is not known.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from gate.ci.model import JobScript, PipelineParty, SystemJudged
from gate.core.lazy_regex import lazy_regex

_TAKEN = frozenset({"action", "orb", "plugin", "workflow", "image"})
"""Kinds of parties whose name can say that a service is behind them."""
_HANDED_ON = frozenset({"artifacts", "results"})


class SentByScript(msgspec.Struct, frozen=True):
    """A command that sends something."""

    word: str
    """What a script with the command holds, so that the pattern is asked of few."""
    party: PipelineParty
    pattern: re.Pattern[str]


class SentByName(msgspec.Struct, frozen=True):
    """An action, orb, pipe or plugin that sends something, by its name in lower case (`*` as wildcard)."""

    name: str
    party: PipelineParty


def third_parties(judged: Iterable[SystemJudged]) -> tuple[PipelineParty, ...]:
    """Return all third parties of some systems, each once a line of a file, in the order of the files."""
    found: dict[PipelineParty, None] = {}
    for one in judged:
        for party in one.third_parties:
            sent = () if party in one.send_nothing else tuple(_behind(party))
            found |= dict.fromkeys((_with_what_it_sends(party, sent), *sent))
        for job in one.jobs:
            found |= dict.fromkeys(_of_script(job))
    return tuple(sorted(found, key=_place))


def _place(party: PipelineParty) -> tuple[str, int, str, str]:
    return (party.path, party.line, party.kind, party.name)


def _behind(party: PipelineParty) -> Iterator[PipelineParty]:
    """Yield the service that a known action, orb or plugin sends to."""
    known = _service_behind(party.name.lower()) if party.kind in _TAKEN else None
    if known is not None:
        yield msgspec.structs.replace(known, path=party.path, line=party.line)


@lru_cache(maxsize=4096)  # the same few actions stand in most workflows
def _service_behind(name: str) -> PipelineParty | None:
    return next((known.party for known in _tables()[1] if fnmatchcase(name, known.name)), None)


def _with_what_it_sends(party: PipelineParty, sent: Iterable[PipelineParty]) -> PipelineParty:
    """Return an action with the artifacts and results that it hands on; any other party as it is."""
    if party.kind != "action":
        return party
    handed_on = [one for service in sent for one in service.receives if one in _HANDED_ON]
    return msgspec.structs.replace(party, receives=tuple(dict.fromkeys((*party.receives, *handed_on))))


def _of_script(job: JobScript) -> Iterator[PipelineParty]:
    for known in _tables()[0]:
        for found in known.pattern.finditer(job.script) if known.word in job.script else ():
            line = job.script.count("\n", 0, found.start())
            if not _is_comment(job.script, found.start()):
                yield _sent(known.party, found, job.path, job.line_of(line))


def _is_comment(script: str, place: int) -> bool:
    start = script.rfind("\n", 0, place) + 1
    return script[start:place].lstrip().startswith(("#", "//"))


def _sent(party: PipelineParty, found: re.Match[str], path: str, line: int) -> PipelineParty:
    name = found.groupdict().get("name") or ""
    if not name:
        return msgspec.structs.replace(party, path=path, line=line)
    bare, owner = _named(name, party.owner)
    return msgspec.structs.replace(party, name=bare, owner=owner, path=path, line=line)


def _named(name: str, owner: str) -> tuple[str, str]:
    """Return what receives, without a tag, and who runs it: the host where there is one in the name."""
    bare = name.partition("@")[0].rstrip("/")
    folder, slash, last = bare.rpartition("/")
    if "://" in bare:
        return bare, owner
    bare = folder + slash + last.partition(":")[0]
    host = bare.partition("/")[0]
    return bare, host if "." in host else owner


@cache
def _tables() -> tuple[tuple[SentByScript, ...], tuple[SentByName, ...]]:
    scripts: list[SentByScript] = []
    names: list[SentByName] = []
    section = ""
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            first, *rest = line.split(" | ", 5)
            party = _party(rest)
            if section == "scripts":
                scripts.append(SentByScript(first, party, lazy_regex(rest[4], re.MULTILINE)))
            else:
                names.append(SentByName(first, party))
    return tuple(scripts), tuple(names)


def _party(columns: Sequence[str]) -> PipelineParty:
    kind, name, owner, receives = columns[:4]
    return PipelineParty(kind=kind, name=name, owner=owner, receives=tuple(receives.split(", ")), path="", line=0)
