"""What the readers share: files as texts and lines, and texts without what may be a secret."""

import re
from collections.abc import Iterator

from gate.core.hiding import HIDDEN
from gate.core.lazy_regex import lazy_regex
from gate.core.source_text import decode
from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Moment, Question, ToolServer

MAX_SIZE = 1 << 20
"""Bytes of one file; settings that people write have some thousands."""
MAX_COMMAND = 2_000
"""Signs of a command that are kept."""
_TEMPLATE = lazy_regex(r"\{\{|\{%|<%|__[A-Z_]{3,}__|\$\{\{")
"""Marks of template languages: such a file becomes settings elsewhere, and is none itself."""
_XML_COMMENT = lazy_regex(r"<!--[\s\S]*?(?:-->|\Z)")
_NAMED = r"(?:[\w-]*(?:token|passw(?:or)?d|secret|api[_-]?key|credential)[\w-]*)"
_SECRET = lazy_regex(
    rf"(?P<before>{_NAMED}[\"']?\s*[=:]\s*[\"']?|(?:bearer|basic)\s+)(?P<value>[^\s\"'@$&]{{4,}})"
    r"|(?P<login>://[^/\s:@]*:)[^/\s@]{4,}(?=@)",
    flags=re.IGNORECASE,
)
"""A value behind a name of a secret, a login in an address."""
NOTHING = Value(None, "", 0)


def text_of(tree: FileTree, path: str) -> str:
    """Return the text of a file. Raises LimitError beyond MAX_SIZE."""
    return decode(tree.read(path, MAX_SIZE)).text


def without_xml_comments(text: str) -> str:
    """Return a text without comments of XML, with as many lines."""
    return _XML_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def is_template(text: str) -> bool:
    """True for a text that a template language has not filled in yet."""
    return _TEMPLATE.search(text) is not None


def lines_of(tree: FileTree, path: str, comments: tuple[str, ...] = ("#",)) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text that say something, each with its number."""
    for number, line in enumerate(text_of(tree, path).splitlines(), 1):
        words = line.strip()
        if words and not words.startswith(comments):
            yield number, words


def shown(command: str) -> str:
    """Return a command without values that may be secret, shortened; blanks stay, because they may hide something."""
    return _SECRET.sub(lambda found: (found["before"] or found["login"]) + HIDDEN, command[:MAX_COMMAND])


def words_of(value: Value | None) -> str:
    """Return a command as text: a string, the words of a list, or the commands of a mapping by their names."""
    if value is None:
        return ""
    if isinstance(value.data, dict):
        return "; ".join(filter(None, (words_of(one) for one in value.data.values())))
    return " ".join(one.text() for one in value.elements())


def start_of(
    value: Value,
    when: Moment,
    by: str,
    what: str,
    command: str,
    *,
    question: Question = Question.NONE,
    needs: str = "",
    on_host: bool = True,
    is_hidden: bool = False,
) -> AutoStart:
    """Return a start that is written at `value`."""
    return AutoStart(
        when=when,
        by=by,
        what=shown(what)[:120],
        command=shown(command),
        question=question,
        needs=needs,
        on_host=on_host,
        is_hidden=is_hidden,
        path=value.path,
        line=value.line,
        span=(value.start, value.end),
    )


def servers_in(servers: Value | None, by: str) -> Iterator[ToolServer]:
    """Yield the tool servers of a mapping by their names, as nearly all programs write them."""
    for name, server in servers.items() if servers else ():
        if server.get("disabled") is not None and server.text("disabled") == "true":
            continue
        command = server.get("command")
        words = [words_of(command.get("path") if command and isinstance(command.data, dict) else command)]
        words += [words_of(server.get("args") or (command.get("args") if command else None))]
        url = server.text("url") or server.text("serverUrl") or server.text("httpUrl")
        yield ToolServer(
            by=by,
            name=name[:80],
            command=shown(" ".join(filter(None, words))),
            url=shown(url),
            path=server.path,
            line=server.line,
        )


def hooks_in(events: Value | None, by: str, question: Question = Question.TRUST) -> Iterator[AutoStart]:
    """Yield the hooks of an agent: by event a list of commands, or of groups of commands with a matcher."""
    for event, groups in events.items() if events else ():
        for group in groups.elements():
            matcher = group.text("matcher")
            title = f"hook {event}" + (f" ({matcher})" if matcher and matcher != "*" else "")
            inner = group.get("hooks")
            for hook in inner.elements() if inner else [group]:
                yield from _hook(hook, by, title, question)


def _hook(hook: Value, by: str, title: str, question: Question) -> Iterator[AutoStart]:
    for key in ("command", "bash", "powershell"):
        command = hook.get(key)
        if command is not None and words_of(command):
            words = f"{words_of(command)} {words_of(hook.get('args'))}".strip()
            yield start_of(command, Moment.OPEN, by, title, words, question=question)
