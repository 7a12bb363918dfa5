"""direnv (`direnv allow` after every change), mise (`mise trust`) and asdf: what they run for a folder, or install.

asdf's `.tool-versions` names tools by version, by git reference (`ref:`), by folder (`path:`) or as `latest`, each of
which a plug-in of the tool's short name installs ("Configuration" of its manual); mise reads the file too.
"""

from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Moment, Question, ReadFile
from gate.workspace.readers.documents import toml_of
from gate.workspace.readers.reading import lines_of, shown, start_of, words_of

_PLAIN = lazy_regex(
    r"(?:export\s+)?[A-Za-z_]\w*=[^`(]*|(?:dotenv|dotenv_if_exists|PATH_add|path_add|layout|use|watch_file|source_up"
    r"|source_up_if_exists|source_env|source_env_if_exists|has|if|fi|then|else|env_vars_required|unset|strict_env)\b.*"
)
"""Lines that set variables, or call direnv's own functions."""
_MOST = 20
_MISE_HOOKS = {
    "enter": Moment.OPEN,
    "cd": Moment.OPEN,
    "leave": Moment.OPEN,
    "preinstall": Moment.INSTALL,
    "postinstall": Moment.INSTALL,
}
_RUNS = "exec("


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file."""
    if path.endswith(".envrc"):
        return ReadFile(entries=tuple(_envrc(tree, path)))
    if path.endswith(".tool-versions"):
        return ReadFile(entries=tuple(_tool_versions(tree, path)))
    return ReadFile(entries=tuple(_mise(toml_of(tree, path))))


def _envrc(tree: FileTree, path: str) -> Iterator[AutoStart]:
    lines = list(lines_of(tree, path))
    programs = [(number, line) for number, line in lines if not _PLAIN.fullmatch(line)]
    for number, line in (programs or lines[:1])[:_MOST]:
        yield AutoStart(
            when=Moment.OPEN,
            by="direnv",
            what=".envrc",
            command=shown(line),
            question=Question.EACH,
            needs="`direnv allow`",
            path=path,
            line=number,
        )


def _tool_versions(tree: FileTree, path: str) -> Iterator[AutoStart]:
    """Yield the tools of a file: those by exact version as one start, each other as one of its own."""
    exact: list[str] = []
    for number, line in lines_of(tree, path):
        tool, *versions = line.partition("#")[0].split()
        special = [one for one in versions if one.startswith(("ref:", "path:", "latest"))]
        for version in special:
            yield _asdf(f"tool {tool}", f"{tool}@{version}", path, number)
        if not special:
            exact.append(" ".join((tool, *versions)))
    if exact:
        yield _asdf("tools", ", ".join(exact), path, 1)


def _asdf(what: str, command: str, path: str, line: int) -> AutoStart:
    return AutoStart(
        when=Moment.INSTALL,
        by="asdf",
        what=what,
        command=f"asdf install {shown(command)}",
        question=Question.EACH,
        path=path,
        line=line,
    )


def _mise(document: Value) -> Iterator[AutoStart]:
    hooks = document.get("hooks")
    for name, hook in hooks.items() if hooks else ():
        command = "; ".join(one.text("script") or one.text("run") or one.text() for one in hook.elements())
        yield _mise_start(hook, _MISE_HOOKS.get(name, Moment.OPEN), f"hook {name}", command)
    for name, tool in _items(document.get("tools")):
        if tool.text("postinstall"):
            yield _mise_start(tool, Moment.INSTALL, f"postinstall of {name}", tool.text("postinstall"))
    for name, value in _items(document.get("env")):
        if name == "_" and value.get("source") is not None:
            yield _mise_start(value, Moment.OPEN, "env _.source", words_of(value.get("source")))
        elif _RUNS in value.text():
            yield _mise_start(value, Moment.OPEN, f"env {name}", value.text())
    for name, value in _items(document.get("plugins")):
        yield _mise_start(value, Moment.INSTALL, f"plug-in {name}", value.text())


def _items(value: Value | None) -> Iterator[tuple[str, Value]]:
    yield from value.items() if value else ()


def _mise_start(value: Value, when: Moment, what: str, command: str) -> AutoStart:
    return start_of(value, when, "mise", what, command, question=Question.TRUST, needs="`mise trust`")
