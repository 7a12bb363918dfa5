"""The list of what runs when: clone, open, install, commit, push, build."""

from collections.abc import Iterable

from gate.workspace.model import AutoStart, Entry, Moment, Question, ToolServer


def in_order(entries: Iterable[Entry]) -> list[AutoStart]:
    """Return what starts, in the order in which a person meets it: at the root first, then folder by folder."""
    moments = list(Moment)
    questions = list(Question)
    starts = [one for one in entries if isinstance(one, AutoStart)]

    def order(one: AutoStart) -> tuple[int, int, int, int, str, int, str]:
        depth = one.path.count("/") - one.path.startswith(".")
        return (
            moments.index(one.when), not one.on_host, questions.index(one.question), depth, one.path, one.line, one.what
        )  # fmt: skip

    return sorted(starts, key=order)


def described(entries: Iterable[Entry]) -> list[str]:
    """Return a line for each start, as the facts of a report hold it."""
    return [_line(start) for start in in_order(entries)]


def described_servers(entries: Iterable[Entry]) -> list[str]:
    """Return a line for each server of tools that an agent starts or talks to."""
    servers = [one for one in entries if isinstance(one, ToolServer)]
    return [f"{one.by} {one.name}: {one.command or one.url} ({one.path}:{one.line})" for one in servers]


def when_asked(start: AutoStart) -> str:
    """Return in words whether a person is asked, and what has to be done once before."""
    return f"{start.question.value}, after {start.needs}" if start.needs else start.question.value


def _line(start: AutoStart) -> str:
    place = "" if start.on_host else ", in a container"
    command = " ".join(start.command.split())[:300]
    asked = when_asked(start)
    return f"{start.when.value}: {start.by} runs {start.what}: {command} ({asked}{place}; {start.path}:{start.line})"
