"""yum and dnf: pinned, unattended, without a cache left behind."""

import re
from collections.abc import Iterator, Mapping

from gate.dockerfile.caches import is_mounted, removes
from gate.dockerfile.edits import append_command
from gate.dockerfile.hits import Hit
from gate.dockerfile.pins import unpinned
from gate.dockerfile.rule import instructions, rule, run_programs, runs
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.model import Severity

_YUM = ("yum",)
_DNF = ("dnf", "dnf5", "microdnf")
_CACHES = ("/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5")
_WITH_VALUE = (
    *("--enablerepo", "--disablerepo", "--repo", "--repoid", "--setopt", "--installroot", "--releasever", "-c"),
    *("--config", "-x", "--exclude", "--excludepkgs", "-e", "-d", "-R", "--downloaddir", "--destdir", "--forcearch"),
    *("--advisory", "--comment", "--nogpgcheck-repo"),
)
_ALIASES: Mapping[str, str] = {
    "dg": "downgrade",
    "distribution-synchronization": "distro-sync",
    "distrosync": "distro-sync",
    "dsync": "distro-sync",
    "erase": "remove",
    "groups": "group",
    "grp": "group",
    "in": "install",
    "localinstall": "install",
    "localupdate": "upgrade",
    "rei": "reinstall",
    "rm": "remove",
    "up": "upgrade",
    "up-min": "upgrade-minimal",
    "update": "upgrade",
    "update-minimal": "upgrade-minimal",
    "upgrade-to": "upgrade",
}
"""Other names of commands: https://dnf.readthedocs.io/en/latest/command_ref.html, and yum's own."""
_ASKS = frozenset({"install", "groupinstall"})
_FILLS_YUM = frozenset({"install", "reinstall", "groupinstall"})
_FILLS_DNF = _FILLS_YUM | {"downgrade", "distro-sync", "upgrade", "upgrade-minimal"}
_VERSION = re.compile(r"-(?:\d|\$)")


def _words(command: Command) -> tuple[ShellWord, ...]:
    return command.operands(*_WITH_VALUE)


def _verb(command: Command) -> str:
    """Return what the command does; `module install` and `group install` are an `install` too."""
    words = [_ALIASES.get(word.text, word.text) for word in _words(command)[:2]]
    return words[1] if len(words) == 2 and words[0] in ("module", "group") else "".join(words[:1])


def _installed(command: Command) -> tuple[ShellWord, ...]:
    """Return the packages of `install`, the streams of `module install`."""
    words = _words(command)
    if [word.text for word in words[:1]] == ["module"]:
        return words[2:] if _verb(command) == "install" else ()
    is_group = any(_ALIASES.get(word.text, word.text) == "group" for word in words[:1])
    return words[1:] if _verb(command) == "install" and not is_group else ()


def _is_pinned(package: str) -> bool:
    return bool(_VERSION.search(package)) or package.endswith(".rpm") or "/" in package


def _is_pinned_module(module: str) -> bool:
    return ":" in module


def _loose(command: Command) -> list[str]:
    is_module = any(word.text == "module" for word in _words(command)[:1])
    return unpinned(command, _installed(command), _is_pinned_module if is_module else _is_pinned)


def _asks(command: Command) -> bool:
    is_group = any(_ALIASES.get(word.text, word.text) == "group" for word in _words(command)[:1])
    return _verb(command) in _ASKS and not is_group and not command.has_option("-y", "--assumeyes")


def _left_full(step: Step, programs: tuple[str, ...], fills: frozenset[str]) -> Command | None:
    """Return the last command that fills its package cache, if nothing behind it empties that: each has one of its own.

    yum is dnf by another name since Enterprise Linux 8, so that each of them empties the other's.
    """
    left: Command | None = None
    for command in step.commands:
        if command.program in programs and _verb(command) in fills:
            left = command
        elif removes(command, *_CACHES) or (left is not None and _empties(command, left)):
            left = None
    return left if left is not None and not is_mounted(step, *_CACHES) else None


def _empties(command: Command, filled: Command) -> bool:
    is_same = command.program == filled.program or {command.program, filled.program} == {"yum", "dnf"}
    return is_same and _verb(command) == "clean"


def _unconfirmed_rule(id: str, name: str, programs: tuple[str, ...]) -> None:
    @rule(
        id,
        Severity.INFO,
        f"{name} install asks for confirmation",
        looks_at=run_programs(*programs),
        why="No one can answer yes during a build: it fails, or hangs.",
        mend="Add -y.",
        bad=f"RUN {name} install httpd-2.4.62 && {name} clean all",
        good=f"RUN {name} install -y httpd-2.4.62 && {name} clean all",
    )
    def unconfirmed(command: Command) -> Iterator[Hit]:
        if _asks(command):
            yield command.hit("-y is missing", changes=command.insert_behind(command.words[0], " -y"))


def _cache_rule(id: str, name: str, programs: tuple[str, ...], fills: frozenset[str]) -> None:
    @rule(
        id,
        Severity.INFO,
        f"{name} leaves its cache in the image",
        looks_at=instructions("RUN", where=runs(*programs)),
        why="The cache is megabytes that nothing reads, and it is out of date tomorrow.",
        mend=f"End the same RUN with {name} clean all.",
        bad=f"RUN {name} install -y httpd-2.4.62",
        good=f"RUN {name} install -y httpd-2.4.62 && {name} clean all",
    )
    def with_cache(step: Step) -> Iterator[Hit]:
        left = _left_full(step, programs, fills)
        if left is not None:
            clean = f"{left.program} clean all"
            yield left.hit(f"{clean} does not follow", changes=append_command(step, clean))


def _unpinned_rule(id: str, name: str, programs: tuple[str, ...]) -> None:
    @rule(
        id,
        Severity.LOW,
        f"{name} package without a version",
        looks_at=run_programs(*programs),
        why="The same Dockerfile installs something else tomorrow; a build cannot be repeated or compared.",
        mend="Write package-version, and module:stream for modules.",
        references=("CWE-1357",),
        bad=f"RUN {name} install -y httpd && {name} clean all",
        good=f"RUN {name} install -y httpd-2.4.62 && {name} clean all",
    )
    def without_version(command: Command) -> Iterator[Hit]:
        loose = _loose(command)
        if loose:
            yield command.hit(f"no version is given for {', '.join(loose)}")


_unconfirmed_rule("DL3030", "yum", _YUM)
_cache_rule("DL3032", "yum", _YUM, _FILLS_YUM)
_unpinned_rule("DL3033", "yum", _YUM)
_unconfirmed_rule("DL3038", "dnf", _DNF)
_cache_rule("DL3040", "dnf", _DNF, _FILLS_DNF)
_unpinned_rule("DL3041", "dnf", _DNF)
