"""Managers of git hooks: husky, lefthook, overcommit, simple-git-hooks, folders; where git-lfs fetches from."""

from collections.abc import Iterator

from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Moment, ReadFile, RedirectedAddress
from gate.workspace.readers.documents import json_of, yaml_of
from gate.workspace.readers.reading import MAX_SIZE, lines_of, shown, start_of, words_of

_AT_COMMIT = (
    *(
        "applypatch-msg",
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "pre-merge-commit",
        "pre-rebase",
    ),
    *("post-rewrite", "reference-transaction"),
)
MOMENTS = {
    **dict.fromkeys(_AT_COMMIT, Moment.COMMIT),
    **dict.fromkeys(("post-checkout", "post-merge"), Moment.CLONE),
    "pre-push": Moment.PUSH,
}
"""Hooks of git (githooks(5)) and the moment at which each starts."""
_MOST_LINES = 3


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file, by its name or folder."""
    folder, _, name = path.rpartition("/")
    if name == ".lfsconfig":
        return ReadFile(entries=tuple(_addresses(tree, path)))
    if "lefthook" in name:
        return ReadFile(entries=tuple(_lefthook(yaml_of(tree, path))))
    if name == ".overcommit.yml":
        return ReadFile(entries=tuple(_overcommit(yaml_of(tree, path))))
    if name.startswith(".huskyrc") or "simple-git-hooks" in name:
        document = json_of(tree, path)
        return ReadFile(entries=tuple(hooks_of_package(document.get("hooks") or document, "husky")))
    return ReadFile(entries=tuple(_file(tree, path, folder, name)))


def hooks_of_package(hooks: Value | None, by: str) -> Iterator[AutoStart]:
    """Yield hooks that are written as a mapping from the hook's name to its command."""
    for name, command in hooks.items() if hooks else ():
        if name in MOMENTS and words_of(command):
            yield start_of(
                command, MOMENTS[name], by, f"hook {name}", words_of(command), needs="an install of packages"
            )


def _file(tree: FileTree, path: str, folder: str, name: str) -> Iterator[AutoStart]:
    """Yield the hook that a file of a folder of hooks is; its first lines stand for the whole."""
    if name not in MOMENTS:
        return
    by = "husky" if ".husky" in folder else "git"
    needs = "an install of packages" if by == "husky" else "`git config core.hooksPath`"
    if len(tree.read(path, MAX_SIZE)) == 0:
        return
    lines = [(number, line) for number, line in lines_of(tree, path) if not line.startswith((". ", "source ", "set -"))]
    command = "; ".join(line for _, line in lines[:_MOST_LINES]) + (" …" if len(lines) > _MOST_LINES else "")
    if command:
        yield AutoStart(
            when=MOMENTS[name],
            by=by,
            what=f"hook {name}",
            command=shown(command),
            needs=needs,
            path=path,
            line=lines[0][0],
        )


def _lefthook(document: Value) -> Iterator[AutoStart]:
    needs = "`lefthook install`"
    for name, hook in document.items():
        for title, command in _lefthook_commands(hook) if name in MOMENTS else ():
            words = words_of(command.get("run"))
            if words:
                yield start_of(command, MOMENTS[name], "lefthook", f"{name} {title}", words, needs=needs)
    remotes = document.get("remotes")
    for remote in remotes.elements() if remotes else ():
        address = f"{remote.text('git_url')}@{remote.text('ref') or '(no ref)'}"
        yield start_of(remote, Moment.COMMIT, "lefthook", "hooks from elsewhere", address, needs=needs)


def _lefthook_commands(hook: Value) -> Iterator[tuple[str, Value]]:
    for kind in ("commands", "scripts"):
        found = hook.get(kind)
        yield from found.items() if found else ()
    jobs = hook.get("jobs")
    for job in jobs.elements() if jobs else ():
        yield job.text("name"), job


def _overcommit(document: Value) -> Iterator[AutoStart]:
    kinds = {
        "PreCommit": Moment.COMMIT,
        "CommitMsg": Moment.COMMIT,
        "PrePush": Moment.PUSH,
        "PostCheckout": Moment.CLONE,
    }
    for kind, when in kinds.items():
        hooks = document.get(kind)
        for name, hook in hooks.items() if hooks else ():
            command = words_of(hook.get("command") or hook.get("required_executable"))
            if command and hook.text("enabled") != "false":
                yield start_of(hook, when, "overcommit", f"{kind} {name}", command, needs="`overcommit --install`")


def _addresses(tree: FileTree, path: str) -> Iterator[RedirectedAddress]:
    for number, line in lines_of(tree, path, ("#", ";")):
        key, _, value = line.partition("=")
        if key.strip() in ("url", "pushurl"):
            yield RedirectedAddress(
                by="git-lfs", setting=key.strip(), address=shown(value.strip()), path=path, line=number
            )
