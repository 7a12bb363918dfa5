"""Visual Studio Code and its forks (VS Code documentation, "Tasks", "Workspace Trust", "Settings")."""

from collections.abc import Iterator

from gate.core.values import Value
from gate.trees import EntryKind, FileTree
from gate.workspace.model import AutoStart, Entry, Grant, Moment, Question, ReadFile, RedirectedAddress, Strength
from gate.workspace.readers.documents import json_of
from gate.workspace.readers.reading import servers_in, shown, start_of, words_of

_BY = "VS Code"
_PROGRAMS = frozenset(
    {
        *("git.path", "php.validate.executablePath", "eslint.nodePath", "eslint.runtime", "npm.binPath"),
        *(
            "python.defaultInterpreterPath",
            "python.pythonPath",
            "typescript.tsdk",
            "typescript.npm",
            "go.alternateTools",
        ),
        *("rust-analyzer.server.path", "clangd.path", "ruff.path", "mypy-type-checker.path", "terraform.path"),
        *("terminal.integrated.automationProfile.linux", "terminal.integrated.automationProfile.osx"),
        *("terminal.integrated.automationProfile.windows",),
    }
)
"""Settings that name a program, or the interpreter that others are run by."""
_PROFILES = "terminal.integrated.profiles."
_ALL_TOOLS = frozenset(
    {"chat.tools.autoApprove", "chat.tools.global.autoApprove", "claudeCode.allowDangerouslySkipPermissions"}
)
_SYSTEMS = ("linux", "osx", "windows")
_AUTOMATIC = {"task.allowAutomaticTasks": "on", "security.workspace.trust.enabled": "false"}
_CHECKS = {"http.proxyStrictSSL": "false"}


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file of a folder `.vscode`, or of a workspace, which holds all of them."""
    document = json_of(tree, path)
    if path.endswith(".code-workspace"):
        tasks, settings = document.get("tasks"), document.get("settings")
    else:
        tasks, settings = document, document if path.endswith("settings.json") else None
    entries: list[Entry] = [*_tasks(tasks), *_launches(tasks)] if tasks else []
    entries += _settings(tree, settings) if settings else ()
    return ReadFile(entries=tuple(entries))


def _tasks(document: Value) -> Iterator[AutoStart]:
    tasks = document.get("tasks")
    for task in tasks.elements() if tasks else ():
        if task.text("runOptions", "runOn") in ("folderOpen", "worktreeCreated"):
            shows = task.text("presentation", "reveal")
            yield start_of(
                task,
                Moment.OPEN,
                _BY,
                f"task {task.text('label') or task.text('taskName')}",
                _command(task),
                question=Question.TRUST,
                is_hidden=shows in ("never", "silent") and task.text("presentation", "echo") == "false",
            )


def _launches(document: Value) -> Iterator[AutoStart]:
    """Yield what a launch starts first; the person starts the launch."""
    launches = document.get("launch", "configurations") or document.get("configurations")
    for launch in launches.elements() if launches else ():
        for key in ("preLaunchTask", "postDebugTask"):
            task = launch.get(key)
            if task is not None and words_of(task):
                what = f"launch {launch.text('name')}, {key}"
                yield start_of(task, Moment.BUILD, _BY, what, words_of(task), question=Question.EACH)


def _command(task: Value) -> str:
    """Return the command of a task, with those for single systems; of npm and the like what they are asked for."""
    kind, script = task.text("type"), task.text("script") or task.text("task")
    parts = [task, *filter(None, map(task.get, _SYSTEMS))]
    commands = [f"{words_of(one.get('command'))} {_arguments(one)}".strip() for one in parts]
    own = " | ".join(dict.fromkeys(filter(None, commands)))
    return own or " ".join(filter(None, (kind, "run" if kind == "npm" and script else "", script)))


def _arguments(task: Value) -> str:
    arguments = task.get("args")
    return " ".join(one.text("value") or one.text() for one in arguments.elements()) if arguments else ""


def _settings(tree: FileTree, document: Value) -> Iterator[Entry]:
    for key, value in document.items():
        if key in _PROGRAMS and _is_of_tree(words_of(value)):
            yield start_of(
                value,
                Moment.OPEN,
                _BY,
                f"setting {key}",
                words_of(value),
                question=Question.TRUST,
                needs=_elsewhere(tree, value),
            )
        elif key.startswith(_PROFILES):
            yield from _profiles(key, value)
        elif key in _ALL_TOOLS and value.text() == "true":
            yield _grant(value, key, Strength.ALL)
        elif key in _AUTOMATIC and value.text() == _AUTOMATIC[key]:
            yield _grant(value, key, Strength.SOME)
        elif key == "chat.tools.terminal.autoApprove":
            yield from _approved(key, value)
        elif key in _CHECKS and value.text() == _CHECKS[key]:
            yield _grant(value, key, Strength.MUCH, is_check=True)
        elif key == "http.proxy" and value.text():
            yield RedirectedAddress(by=_BY, setting=key, address=shown(value.text()), path=value.path, line=value.line)
        elif key in ("mcp", "mcpServers"):
            yield from servers_in(value.get("servers") or (value if key == "mcpServers" else None), _BY)


def _is_of_tree(program: str) -> bool:
    """True for a program that lies in the repository, or is more than the name of one on the search path."""
    return "/" in program or "\\" in program


def _elsewhere(tree: FileTree, value: Value) -> str:
    """Return that the program is not in the repository, as what is needed; empty if it is."""
    program = words_of(value).replace("${workspaceFolder}/", "").replace("${workspaceRoot}/", "").removeprefix("./")
    entry = tree.look_up(program) if program and "\\" not in program and not program.startswith("/") else None
    return "" if entry is not None and entry.kind is EntryKind.FILE else "the program, which is not in the repository"


def _profiles(key: str, value: Value) -> Iterator[AutoStart]:
    for name, profile in value.items():
        program = f"{words_of(profile.get('path'))} {words_of(profile.get('args'))}".strip()
        if program and (_is_of_tree(words_of(profile.get("path"))) or profile.get("args")):
            what = f"terminal {name} ({key.rpartition('.')[2]})"
            needs = "a terminal is opened by this profile"
            yield start_of(profile, Moment.OPEN, _BY, what, program, question=Question.EACH, needs=needs)


def _approved(key: str, value: Value) -> Iterator[Grant]:
    for command, allowed in value.items():
        is_all = command in ("/.*/", "/^.*$/", "/.*/s", "*")
        if allowed.text() == "true" or allowed.text("approve") == "true":
            yield _grant(allowed, f"{key}: {command}", Strength.ALL if is_all else Strength.SOME)


def _grant(value: Value, what: str, strength: Strength, *, is_check: bool = False) -> Grant:
    return Grant(
        by=_BY,
        what=f"{what[:200]} = {value.text() or 'approved'}",
        strength=strength,
        is_check=is_check,
        path=value.path,
        line=value.line,
        span=(value.start, value.end),
    )
