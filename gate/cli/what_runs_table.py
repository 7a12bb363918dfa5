"""What runs when, as a table for people and as JSON for programs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

import msgspec

from gate.core.hiding import may_hold_secret
from gate.core.text import counted, one_line, visible
from gate.pipeline.what_runs import Compared
from gate.reports.terminal.page import Page
from gate.workspace.commands import fetches_and_runs, hides_what_it_runs, sends_secrets, unpinned_tool
from gate.workspace.model import AutoStart, Moment, Question, Strength, ToolServer
from gate.workspace.what_runs import WhatRuns, when_asked

_WIDTH_OF_A_LOG = 100
_MOST = 8
"""Rows of one moment that are shown unless verbose: six moments fit a screen or two."""
_MEANINGS = {
    Moment.CLONE: "git clones it, or checks out another branch",
    Moment.OPEN: "an editor or a coding agent opens the folder",
    Moment.INSTALL: "packages are installed",
    Moment.COMMIT: "git commits",
    Moment.PUSH: "git pushes",
    Moment.BUILD: "it is built or started",
}
_STYLES = {Question.NONE: "bold red", Question.TRUST: "yellow", Question.EACH: "green"}
_ADDED = "+"
_GAP = 2
_LEAST = 24
"""Columns of a command that are shown however long its place is."""


class Row(msgspec.Struct, frozen=True):
    """What starts at one or several places in the same words."""

    start: AutoStart
    further: int
    """Places beyond the first."""
    is_added: bool


def without_secret_words(found: Sequence[Compared]) -> list[Compared]:
    """Return what was found with everything masked that may be a secret, as in a report."""
    commands = {start.command for one in found for start in one.now.starts}
    commands |= {text for one in found for server in one.now.servers for text in (server.command, server.url)}
    commands |= {address.address for one in found for address in one.now.addresses}
    doubtful = set(filter(may_hold_secret, commands))
    if not doubtful:
        return list(found)
    from gate.core.cache_folder import user_cache_folder
    from gate.secrets.results.masking import masked_texts

    masked = masked_texts(doubtful, str(user_cache_folder()))
    return [_masked(one, masked) for one in found]


def _masked(one: Compared, masked: dict[str, str]) -> Compared:
    """Return a folder's list with masked commands; what was there before is compared in the same words."""
    return Compared(one.target, _with_masks(one.now, masked), _with_masks(one.before, masked) if one.before else None)


def _with_masks(found: WhatRuns, masked: dict[str, str]) -> WhatRuns:
    replace = msgspec.structs.replace
    starts = [replace(start, command=masked.get(start.command, start.command)) for start in found.starts]
    servers = [
        replace(one, command=masked.get(one.command, one.command), url=masked.get(one.url, one.url))
        for one in found.servers
    ]
    addresses = [replace(one, address=masked.get(one.address, one.address)) for one in found.addresses]
    return replace(found, starts=tuple(starts), servers=tuple(servers), addresses=tuple(addresses))


def print_json(found: Sequence[Compared], since: str | None, stream: TextIO) -> None:
    """Write the lists of all folders as JSON, whose names are those of `gate.workspace.model`."""
    from gate.core.json_text import write_json

    write_json({"schema_version": "1.0", "since": since, "targets": [_plain(one) for one in found]}, stream)


def _plain(one: Compared) -> dict[str, Any]:
    before = _keys(one.before)
    runs = []
    for start in one.now.starts:
        row = msgspec.to_builtins(start) | {"warning": warning_of(start)}
        del row["span"], row["is_hidden"]
        runs.append(row | {"added": None if one.before is None else _key(start) not in before})
    now = one.now
    return {
        "target": one.target,
        "runs": runs,
        "servers": msgspec.to_builtins(now.servers),
        "addresses": msgspec.to_builtins(now.addresses),
        "permissions": [
            {"by": grant.by, "what": grant.what, "path": grant.path, "line": grant.line} for grant in now.grants
        ],
        "texts": now.texts,
        "gone": len(_gone(one)),
        "not_known": now.notes,
        "errors": [{"path": error.path, "message": str(error)} for error in now.errors],
    }


def print_table(
    found: Sequence[Compared], since: str | None, stream: TextIO, *, is_quiet: bool, is_verbose: bool
) -> None:
    """Write the lists of all folders for people: moment by moment, in colours on a terminal."""
    page = Page(stream, otherwise=_WIDTH_OF_A_LOG)
    for one in found:
        table = _Table(one, since, page.width, None if is_verbose else _MOST)
        for line in table.summary() if is_quiet else table.lines():
            page.print(line, soft_wrap=True)
    stream.write(page.getvalue())


class _Table:
    """The lines of one folder's list."""

    def __init__(self, found: Compared, since: str | None, width: int, most: int | None) -> None:
        self._found = found
        self._since = since
        self._width = width
        self._most = most
        self._rows = rows_of(found)

    def lines(self) -> Iterator[Any]:
        """Yield the whole list."""
        from rich.text import Text

        yield Text.assemble(("What runs when", "bold"), f": {visible(self._found.target)}")
        yield from self.summary()
        met = {row.start.when for row in self._rows}
        empty = [moment.value for moment in Moment if moment not in met]
        for moment in Moment:
            yield from self._moment(moment)
        if empty:
            yield Text(f"\nNothing at: {', '.join(empty)}", style="dim")
        yield from self._for_agents()
        yield from self._not_known()

    def summary(self) -> Iterator[Any]:
        """Yield in one line how much starts, and how much of it the change adds."""
        from rich.text import Text

        starts = [row.start for row in self._rows]
        on_host = Counter(start.question for start in starts if start.on_host)
        parts = [
            (f"{on_host[question]:,} {words}", _STYLES[question])
            for question, words in (
                (Question.NONE, "without a question"),
                (Question.TRUST, "after one answer for the folder"),
                (Question.EACH, "by hand or after a question"),
            )
        ]
        inside = sum(not start.on_host for start in starts)
        line = Text("  ")
        for text, style in parts:
            line.append(text, style=style if not text.startswith("0 ") else "dim")
            line.append(" · ")
        line.append(f"{inside:,} in a container", style="cyan" if inside else "dim")
        yield line
        if self._since is not None:
            yield self._change()

    def _change(self) -> Any:
        from rich.text import Text

        added, gone = sum(row.is_added for row in self._rows), len(_gone(self._found))
        words = f"  {_ADDED} {added:,} of them added since {visible(self._since or '')}"
        if gone:
            words += f"; {gone:,} gone"
        return Text(words, style="bold magenta" if added else "dim")

    def _moment(self, moment: Moment) -> Iterator[Any]:
        from rich.text import Text

        rows = [row for row in self._rows if row.start.when is moment]
        if not rows:
            return
        rows.sort(key=lambda row: (not row.is_added, not warning_of(row.start)))
        yield Text.assemble("\n", (f"{moment.value.upper():<8}", "bold"), (_MEANINGS[moment], "dim"))
        shown = rows if self._most is None else rows[: self._most]
        for row in shown:
            yield from self._row(row)
        if len(rows) > len(shown):
            yield Text(f"  … and {len(rows) - len(shown):,} more; --verbose shows all", style="dim")

    def _row(self, row: Row) -> Iterator[Any]:
        """Yield who starts what and whether it asks, below it the command; the place is at the right edge of one."""
        from rich.cells import cell_len
        from rich.text import Text

        start = row.start
        mark = (f"{_ADDED} ", "bold magenta") if row.is_added else ("  ", "")
        head = Text.assemble(mark, (visible(start.by), "bold"), " · ", one_line(start.what), "  ")
        head.append(when_asked(start), style=_STYLES[start.question])
        if not start.on_host:
            head.append(", in a container", style="cyan")
        place = f"{visible(start.path)}:{start.line}" + (f" and {row.further:,} more" if row.further else "")
        command = Text("    " + one_line(start.command))
        fits = self._width - head.cell_len - cell_len(place) >= _GAP
        yield self._at_edge(head, place) if fits else head
        if fits:
            command.truncate(self._width, overflow="ellipsis")
        yield command if fits else self._at_edge(command, place)
        warning = warning_of(start)
        if warning:
            yield Text(f"    ! {warning}", style="bold red")

    def _at_edge(self, text: Any, place: str) -> Any:
        """Return a line with the place at the right edge; a text that is too long for that is cut."""
        from rich.cells import cell_len

        text.truncate(max(self._width - cell_len(place) - _GAP, _LEAST), overflow="ellipsis")
        blanks = max(self._width - text.cell_len - cell_len(place), _GAP)
        text.append(" " * blanks + place, style="dim")
        return text

    def _for_agents(self) -> Iterator[Any]:
        """Yield what agents are given: servers, permissions, addresses, texts."""
        from rich.text import Text

        lines = list(_agent_lines(self._found.now))
        if lines:
            yield Text("\nCoding agents and package managers also get", style="bold")
        for name, texts in lines:
            more = f" … and {len(texts) - _MOST:,} more" if self._most and len(texts) > _MOST else ""
            shown = texts[:_MOST] if self._most else texts
            yield Text(f"  {name}: {'; '.join(map(one_line, shown))}{more}")

    def _not_known(self) -> Iterator[Any]:
        from rich.text import Text

        unread = [f"{error.path or ''}: not read" for error in self._found.now.errors]
        notes = [*unread, *self._found.now.notes]
        if notes:
            yield Text("\nNot known", style="bold yellow")
        for note in notes if self._most is None else notes[: self._most]:
            yield Text(f"  {one_line(note)}")
        if self._most is not None and len(notes) > self._most:
            yield Text(f"  … and {len(notes) - self._most:,} more; --verbose shows all", style="dim")


def warning_of(start: AutoStart) -> str:
    """Return what a reader should know of a command before it runs; empty if nothing is seen."""
    if fetches_and_runs(start.command):
        return "fetches a program and runs it unseen"
    if sends_secrets(start.command):
        return "reads credentials and speaks to the network"
    return hides_what_it_runs(start.command)


def rows_of(found: Compared) -> list[Row]:
    """Return what starts, one row for the same words at several places; added if it is at a place where it was not."""
    before = _keys(found.before)
    groups: dict[tuple[object, ...], list[AutoStart]] = {}
    for start in found.now.starts:
        is_added = found.before is not None and _key(start) not in before
        groups.setdefault((*_words(start), is_added), []).append(start)
    return [Row(starts[0], len(starts) - 1, bool(key[-1])) for key, starts in groups.items()]


def _words(start: AutoStart) -> tuple[object, ...]:
    return (start.when, start.by, start.what, start.command, start.question, start.needs, start.on_host)


def _key(start: AutoStart) -> tuple[object, ...]:
    """Return what tells a start from others, wherever in its file it stands."""
    return (*_words(start), start.path)


def _keys(found: WhatRuns | None) -> frozenset[tuple[object, ...]]:
    return frozenset(map(_key, found.starts)) if found else frozenset()


def _gone(found: Compared) -> frozenset[tuple[object, ...]]:
    return _keys(found.before) - _keys(found.now)


def _agent_lines(found: WhatRuns) -> Iterator[tuple[str, list[str]]]:
    """Yield a heading and what is below it, for each that is there."""
    servers = _distinct(f"{one.name} ({_server(one)})" for one in found.servers)
    if servers:
        yield counted(len(servers), "tool server"), servers
    grants = _distinct(f"{one.by}: {one.what}" for one in sorted(found.grants, key=lambda one: _rank(one.strength)))
    if grants:
        yield counted(len(grants), "permission"), grants
    addresses = _distinct(f"{one.by} {one.setting} = {one.address}" for one in found.addresses)
    if addresses:
        yield counted(len(addresses), "redirect"), addresses
    if found.texts:
        folders = Counter(path.split("/")[0] for path in found.texts)
        names = [f"{name} ({number:,})" if number > 1 else name for name, number in folders.most_common()]
        yield counted(len(found.texts), "text") + " of instructions", names


def _server(server: ToolServer) -> str:
    tool = unpinned_tool(server.command)
    return f"{tool}, no exact version" if tool else (server.url or server.command)[:60]


def _rank(strength: Strength) -> int:
    return list(Strength).index(strength)


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
