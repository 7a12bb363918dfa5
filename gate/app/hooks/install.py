"""Installing the gate's git hooks; a hook that exists already is kept under another name and runs first."""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from gate.core.errors import UsageError
from gate.git.locate import RepositoryPlace, place_to_ask
from gate.git.process import find_git
from gate.git.tracked import is_tracked

_MARK = "# Written by `gate hook install`; `gate hook uninstall` takes it away and brings back what was there before."
_MARK_IS_WITHIN = 4096
"""Bytes from the start of a hook in which the mark is searched."""
_SOURCES = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
"""Variables that say where git's configuration is; the user's git will see them too."""
_TIMEOUT_S = 30
"""Seconds that git may take."""
_HOOKS = {
    "pre-push": ("hook run", "push", "git push --no-verify"),
    "pre-commit": ("hook staged", "commit", "git commit --no-verify"),
}
"""By hook: the gate's command, what it judges, and how to skip it in an emergency."""
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
elif case $(gate --version 2>/dev/null) in "gate "*) true ;; *) false ;; esac; then
    give_refs | gate @COMMAND@ "$@"
else
    echo "gate: not found, neither by $python nor on the PATH: this @JUDGED@ was not judged." >&2
    echo "gate: Install the gate and run 'gate hook install', or @JUDGED@ once with: @EMERGENCY@" >&2
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
    """True if the folder is outside of the repository, so that other repositories may use it too."""
    has_tracked_siblings: bool = False
    """True if git tracks other files of the folder, so that a change can add further hooks."""

    @property
    def is_ours(self) -> bool:
        """True if the gate wrote it."""
        if not self.path.is_file():
            return False
        with self.path.open("rb") as file:
            return _MARK.encode() in file.read(_MARK_IS_WITHIN)

    @property
    def before(self) -> Path:
        """The path under which a hook that existed before is kept."""
        return self.path.with_name(f"{self.path.name}.before-gate")


def find_hook(folder: Path, name: str = "pre-push") -> HookFile:
    """Return the hook `name` of the repository that `folder` belongs to, where git looks for it (core.hooksPath).

    Raises UsageError if there is no repository, if the system's configuration (not the user's or the repository's)
    puts hooks outside of it, and if a change of the repository could redirect or replace the file.
    """
    place = place_to_ask(str(folder))  # also a bare repository, which holds the hooks of its working trees
    if place is None:
        raise UsageError("this is not a git repository", path=str(folder), hint="Run it in one")
    top = Path(place.top)
    named = _hooks_path(place)
    if named is None:
        hooks = Path(place.common_dir, "hooks").resolve()
    else:
        _check_said_by(named, place)
        hooks = _without_links(top / named.path, top)
    is_shared = not any(hooks.is_relative_to(inside) for inside in (place.common_dir, top))
    if is_shared and named is not None and named.scope == "system":
        raise UsageError(
            "the system's git configuration keeps hooks outside of the repository (core.hooksPath)",
            path=str(hooks),
            hint="Ask its owner, or set core.hooksPath for this repository",
        )
    return HookFile(path=hooks / name, is_shared=is_shared, has_tracked_siblings=is_tracked(hooks))


class _Named(msgspec.Struct, frozen=True):
    """The value of core.hooksPath in git's configuration."""

    scope: str
    """`system`, `global`, `local`, …"""
    file: Path
    """The configuration file that sets it."""
    path: str


def _hooks_path(place: RepositoryPlace) -> _Named | None:
    """Ask git, with its whole configuration, because the user's git will look for the hook by it.

    Reading the configuration starts no program, and GIT_DIR is the repository that we found by our own rule.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _SOURCES}
    question = ("config", "--show-scope", "--show-origin", "--null", "--type=path", "--get", "core.hooksPath")
    environment = {**kept, "GIT_DIR": place.git_dir, "GIT_WORK_TREE": place.top}
    done = subprocess.run(
        [find_git(place), *question], cwd=place.top, env=environment, capture_output=True, timeout=_TIMEOUT_S
    )
    if done.returncode not in (0, 1):  # 1: there is none
        words = done.stderr.decode("utf-8", "backslashreplace").strip()
        raise UsageError(f"git cannot say where its hooks are: {words}", path=place.top)
    if done.returncode == 1:
        return None
    scope, origin, path = os.fsdecode(done.stdout).split("\0")[:3]
    return _Named(scope, Path(place.top, origin.removeprefix("file:")), path)


def _check_said_by(named: _Named, place: RepositoryPlace) -> None:
    """Raise UsageError if core.hooksPath is set in a file of the working tree, which a change can edit."""
    file = named.file.resolve()
    inside = any(file.is_relative_to(folder) for folder in (place.git_dir, place.common_dir))
    if file.is_relative_to(place.top) and not inside:
        raise UsageError(
            "says where git looks for hooks (core.hooksPath), and is a file that a change can edit",
            path=str(file),
            hint="Set it in the repository's own configuration: git config core.hooksPath FOLDER",
        )


def _without_links(hooks: Path, top: Path) -> Path:
    """Return the folder's real path. Raises UsageError if it is reached through a link in the working tree."""
    place = Path(os.path.normpath(hooks))
    for step in (place, *place.parents):
        if step.is_symlink() and step.parent.resolve().is_relative_to(top):
            raise UsageError(
                "is a link in the working tree, and leads to the folder of the hooks: a change could turn it",
                path=str(step),
                hint="Point to the folder itself (git config core.hooksPath FOLDER)",
            )
    return place.resolve()


def _check_not_tracked(hook: Path) -> None:
    if is_tracked(hook):
        raise UsageError(
            "is tracked by git: installing would modify it, and a change could remove the gate's hook",
            path=str(hook),
            hint='Make it run `gate hook run "$@"`, or choose another folder (git config core.hooksPath FOLDER)',
        )


def install(hook: HookFile) -> None:
    """Write the gate's hook; an existing hook is renamed and runs first.

    Raises UsageError if there are two hooks already (another program overwrote the gate's), or git tracks the file.
    """
    _check_not_tracked(hook.path)
    hook.path.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(hook.path) and not hook.is_ours:
        if os.path.lexists(hook.before):
            raise UsageError(
                f"is not the gate's, and {hook.before.name} keeps an earlier one",
                path=str(hook.path),
                hint="Merge the two hooks into one, under either name, and run again",
            )
        hook.path.rename(hook.before)
    _write(hook.path, _script(hook.path.name))


def _write(path: Path, text: str) -> None:
    """Write an executable file atomically, so that git never runs half of it."""
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(file.fileno(), 0o755)
    os.replace(unfinished, path)


def uninstall(hook: HookFile) -> bool:
    """Remove the gate's hook and restore the one before it; return False if the hook is not the gate's."""
    if not hook.is_ours:
        return False
    if os.path.lexists(hook.before):
        hook.before.replace(hook.path)
    else:
        hook.path.unlink()
    return True
