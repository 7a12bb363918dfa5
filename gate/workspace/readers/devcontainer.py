"""Development containers and Codespaces (containers.dev, "Dev Container metadata reference", "Dev Container Features").

A feature is an archive with a script of installation, which runs as root when the container is built.
"""

from collections.abc import Iterator

from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Grant, Moment, Question, ReadFile, Strength, ToolServer
from gate.workspace.readers.documents import json_of
from gate.workspace.readers.reading import NOTHING, servers_in, start_of, words_of

_BY = "devcontainer"
_IN_CONTAINER = (
    *("onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand", "postAttachCommand"),
)
_SOCKET = "docker.sock"
FEATURE = "feature"
"""What the start of a feature is called."""


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one definition; other files of its folder belong to its image."""
    if not path.endswith("devcontainer.json"):
        return ReadFile()
    document = json_of(tree, path)
    features = _features(document, _lock_of(tree, path))
    return ReadFile(entries=(*_commands(document), *features, *_privileges(document), *_servers(document)))


def _lock_of(tree: FileTree, path: str) -> Value:
    """Return the lockfile of a definition's features; nothing if there is none."""
    lock = f"{path.removesuffix('.json')}-lock.json"
    return NOTHING if tree.look_up(lock) is None else json_of(tree, lock)


def _features(document: Value, lock: Value) -> Iterator[AutoStart]:
    """Yield the features by where they come from: what the lockfile resolved, or what is written."""
    features = document.get("features")
    for name, options in features.items() if features else ():
        source = lock.text("features", name, "resolved") or name
        yield start_of(options, Moment.OPEN, _BY, FEATURE, source, question=Question.TRUST, on_host=False)


def _commands(document: Value) -> Iterator[AutoStart]:
    first = document.get("initializeCommand")
    if first is not None and words_of(first):
        what = "initializeCommand"
        yield start_of(first, Moment.OPEN, _BY, what, words_of(first), question=Question.TRUST, on_host=True)
    for name in _IN_CONTAINER:
        command = document.get(name)
        if command is not None and words_of(command):
            yield start_of(command, Moment.OPEN, _BY, name, words_of(command), question=Question.TRUST, on_host=False)


def _privileges(document: Value) -> Iterator[Grant]:
    flag = document.get("privileged")
    if flag is not None and flag.text() == "true":
        yield _grant(flag, "privileged = true", Strength.MUCH)
    for argument in _elements(document, "runArgs"):
        if argument.text() == "--privileged":
            yield _grant(argument, "runArgs: --privileged", Strength.MUCH)
    for mount in _elements(document, "mounts"):
        words = mount.text() or ",".join(f"{key}={value.text()}" for key, value in mount.items())
        if _SOCKET in words or "source=/," in words:
            yield _grant(mount, f"mounts: {words[:160]}", Strength.MUCH)


def _servers(document: Value) -> Iterator[ToolServer]:
    yield from servers_in(document.get("customizations", "vscode", "mcp", "servers"), _BY)


def _elements(document: Value, key: str) -> Iterator[Value]:
    found = document.get(key)
    yield from found.elements() if found else ()


def _grant(value: Value, what: str, strength: Strength) -> Grant:
    return Grant(by=_BY, what=what, strength=strength, path=value.path, line=value.line, span=(value.start, value.end))
