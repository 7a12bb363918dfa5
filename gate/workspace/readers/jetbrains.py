"""JetBrains IDEs: run configurations, startup tasks, external tools, file watchers, the shell of the terminal.

All of it runs only in a project that the person trusts (IntelliJ documentation, "Project security").
"""

from collections.abc import Iterator

from gate.core.errors import ConfigError
from gate.core.source_text import decode
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Moment, Question, ReadFile
from gate.workspace.readers.reading import MAX_SIZE, shown, without_xml_comments

_BY = "JetBrains IDE"


class _Attributes:
    """The elements of a file with their lines: names, and values of attributes. Expat expands no entity here."""

    def __init__(self, content: bytes, path: str) -> None:
        from xml.parsers import expat

        self.found: list[tuple[int, str, dict[str, str]]] = []
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda name, stated: self.found.append((parser.CurrentLineNumber, name, stated))
        parser.EntityDeclHandler = self._refuse
        self._path = path
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise ConfigError("cannot be parsed: it is not XML", path=f"{path}:{parser.CurrentLineNumber}") from error

    def _refuse(self, *_: object) -> None:
        raise ConfigError("cannot be parsed: it declares an entity", path=self._path)


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file of a folder `.idea` or `.run`."""
    if not path.endswith(".xml"):
        return ReadFile()
    content = tree.read(path, MAX_SIZE)
    if not without_xml_comments(decode(content).text).strip():
        return ReadFile()
    return ReadFile(entries=tuple(_starts(_Attributes(content, path).found, path)))


def _starts(elements: list[tuple[int, str, dict[str, str]]], path: str) -> Iterator[AutoStart]:
    if path.endswith("/startup.xml"):
        for line, name, stated in elements:
            if name == "configuration" and stated.get("name"):
                yield _start(path, line, Moment.OPEN, "startup task", stated["name"], Question.TRUST)
    elif path.endswith("/watcherTasks.xml"):
        yield from _watchers(elements, path)
    elif path.endswith("/terminal.xml"):
        for line, name, stated in elements:
            if name == "option" and stated.get("name") == "shellPath" and stated.get("value"):
                yield _start(path, line, Moment.OPEN, "shell of the terminal", stated["value"], Question.EACH)
    else:
        yield from _before_launch(elements, path)


def _watchers(elements: list[tuple[int, str, dict[str, str]]], path: str) -> Iterator[AutoStart]:
    enabled, place = True, 0
    words: dict[str, str] = {}
    for line, name, stated in [*elements, (0, "TaskOptions", {})]:
        if name == "TaskOptions":
            if words.get("program") and enabled:
                command = f"{words['program']} {words.get('arguments', '')}".strip()
                yield _start(path, place, Moment.OPEN, f"file watcher {words.get('name', '')}", command, Question.TRUST)
            enabled, words, place = stated.get("isEnabled") != "false", {}, line
        elif name == "option" and stated.get("name"):
            words.setdefault(stated["name"], stated.get("value", ""))


def _before_launch(elements: list[tuple[int, str, dict[str, str]]], path: str) -> Iterator[AutoStart]:
    """Yield what the configurations run, each by hand: a shell script, or a tool of the IDE."""
    title = ""
    for line, name, stated in elements:
        if name == "configuration":
            title = stated.get("name", "")
        elif name == "tool" and stated.get("command"):
            yield _start(
                path, line, Moment.BUILD, f"external tool {stated.get('name', '')}", stated["command"], Question.EACH
            )
        elif name == "option" and stated.get("name") in ("SCRIPT_TEXT", "SCRIPT_PATH") and stated.get("value"):
            yield _start(path, line, Moment.BUILD, f"run configuration {title}", stated["value"], Question.EACH)


def _start(path: str, line: int, when: Moment, what: str, command: str, question: Question) -> AutoStart:
    return AutoStart(
        when=when, by=_BY, what=shown(what)[:120], command=shown(command), question=question, path=path, line=line
    )
