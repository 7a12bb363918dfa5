"""The gate's hooks as files: written where git looks for them, beside the hooks that were there before."""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from gate.errors import GateError, UsageError

_MARK = "# Written by `gate hook install`; `gate hook uninstall` takes it away and brings back what was there before."
_MARK_IS_WITHIN = 4096
"""Bytes from the start of the file."""
_HOOKS = {
    "pre-push": ("hook run", "push", "git push --no-verify"),
    "pre-commit": ("hook staged", "commit", "git commit --no-verify"),
}
"""Hook to the command that judges, what it judges, and the way out in an emergency."""
_HOOK = f"""#!/bin/sh
{_MARK}
# git gives a pre-push hook the refs on standard input, and a pre-commit hook nothing.
refs=$([ @NAME@ != pre-push ] || cat)
give_refs() {{ [ -z "$refs" ] || printf '%s\\n' "$refs"; }}

before="${{0%/*}}/@NAME@.before-gate"
if [ -x "$before" ]; then
    give_refs | "$before" "$@" || exit $?
fi

# -P keeps Python from importing what the repository calls `gate`.
python=@PYTHON@
if [ -x "$python" ] && "$python" -P -c 'import gate' 2>/dev/null; then
    give_refs | "$python" -P -m gate @COMMAND@ "$@"
elif command -v gate >/dev/null; then
    give_refs | gate @COMMAND@ "$@"
else
    echo "gate: not found, neither by $python nor on the PATH, so nobody judged this @JUDGED@." >&2
    echo "gate: Install security-gate and run 'gate hook install', or @JUDGED@ once with: @EMERGENCY@" >&2
    exit 3
fi
"""


def _script(name: str) -> str:
    command, judged, emergency = _HOOKS[name]
    parts = {"NAME": name, "COMMAND": command, "JUDGED": judged, "EMERGENCY": emergency}
    text = _HOOK
    for part, value in {**parts, "PYTHON": shlex.quote(sys.executable)}.items():
        text = text.replace(f"@{part}@", value)
    return text


class HookFile(msgspec.Struct, frozen=True, kw_only=True):
    """A hook that git runs in a repository."""

    path: Path
    is_shared: bool
    """True if the folder lies outside the repository, and so may serve others as well."""

    @property
    def is_ours(self) -> bool:
        """True if the gate wrote it."""
        if not self.path.is_file():
            return False
        with self.path.open("rb") as file:
            return _MARK.encode() in file.read(_MARK_IS_WITHIN)

    @property
    def before(self) -> Path:
        """Where the hook that was there before the gate's is kept."""
        return self.path.with_name(f"{self.path.name}.before-gate")


def find_hook(folder: Path, name: str = "pre-push") -> HookFile:
    """Return the hook `name` of the repository that `folder` belongs to, wherever git looks for it (core.hooksPath).

    Raises UsageError if there is no repository, or if the system's configuration (not the user's or the
    repository's) keeps hooks outside of it.
    """
    hooks = _git_path(folder, "--git-path", "hooks").resolve()
    inside = [_git_path(folder, "--git-common-dir").resolve(), *_working_tree(folder)]
    is_shared = not any(hooks.is_relative_to(place) for place in inside)
    if is_shared and _scope_of_hooks_path(folder) == "system":
        raise UsageError(
            "the system's git configuration keeps hooks outside of the repository (core.hooksPath)",
            path=str(hooks),
            hint="Ask its owner, or set core.hooksPath for this repository",
        )
    return HookFile(path=hooks / name, is_shared=is_shared)


def _git_path(folder: Path, *question: str) -> Path:
    return Path(_git(folder, "rev-parse", "--path-format=absolute", *question))


def _working_tree(folder: Path) -> list[Path]:
    top = _git(folder, "rev-parse", "--show-toplevel", must_succeed=False)
    return [Path(top).resolve()] if top else []


def _scope_of_hooks_path(folder: Path) -> str:
    return _git(folder, "config", "--show-scope", "--get", "core.hooksPath", must_succeed=False).partition("\t")[0]


def _git(folder: Path, *arguments: str, must_succeed: bool = True) -> str:
    # Not by `gate.git`, which hides the hooks' folder from git.
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, timeout=30)
    except FileNotFoundError as error:
        raise GateError("git is not installed", hint="Install git and run again") from error
    if must_succeed and done.returncode != 0:
        words = done.stderr.decode("utf-8", "backslashreplace").strip()
        raise UsageError(f"no git repository here: {words}", path=str(folder), hint="Run it in one")
    return os.fsdecode(done.stdout).removesuffix("\n")


def install(hook: HookFile) -> None:
    """Write the gate's hook; one that was there before is kept beside it and runs first.

    Raises UsageError if there are two hooks already: another program wrote over the gate's.
    """
    hook.path.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(hook.path) and not hook.is_ours:
        if os.path.lexists(hook.before):
            raise UsageError(
                f"is not the gate's, and {hook.before.name} keeps an earlier one",
                path=str(hook.path),
                hint="Make one hook of the two, under either name, and run again",
            )
        hook.path.rename(hook.before)
    _write(hook.path, _script(hook.path.name))


def _write(path: Path, text: str) -> None:
    """Write an executable file in one step, so that git never runs half of it."""
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(file.fileno(), 0o755)
    os.replace(unfinished, path)


def uninstall(hook: HookFile) -> bool:
    """Take the gate's hook away and bring back the one before; False if the hook there is not the gate's."""
    if not hook.is_ours:
        return False
    if os.path.lexists(hook.before):
        hook.before.replace(hook.path)
    else:
        hook.path.unlink()
    return True
