"""The index of packages, and what brings a system to another release."""

from collections.abc import Iterator, Mapping

from gate.dockerfile.build import BuildStage
from gate.dockerfile.caches import later_runs
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import PIECES, rule, run_programs
from gate.dockerfile.step import Command
from gate.model import Severity

_REFRESHES = {
    **dict.fromkeys(("apt", "apt-get", "aptitude"), frozenset({"update"})),
    "apk": frozenset({"update"}),
    **dict.fromkeys(("dnf", "dnf5", "microdnf", "tdnf", "yum"), frozenset({"makecache", "check-update"})),
    "zypper": frozenset({"refresh", "ref"}),
}
"""By program, the commands that fetch the index of packages."""
_USES_INDEX = frozenset(
    {
        *(
            "add",
            "build-dep",
            "dist-upgrade",
            "download",
            "full-upgrade",
            "groupinstall",
            "in",
            "install",
            "localinstall",
        ),
        *("reinstall", "safe-upgrade", "source", "up", "update", "upgrade"),
    }
)
_RELATED = dict.fromkeys(("apt", "apt-get", "aptitude"), ("apt", "apt-get", "aptitude"))
"""Programs that share an index."""
_OTHER_RELEASE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("apt", "apt-get", "aptitude"), frozenset({"dist-upgrade", "full-upgrade"})),
    "apk": frozenset({"--available", "-a"}),
    "do-release-upgrade": frozenset(),
    **dict.fromkeys(
        ("dnf", "dnf5", "yum", "microdnf", "tdnf"),
        frozenset(
            {
                *("distribution-synchronization", "distro-sync", "distrosync", "dsync"),
                *("offline-distrosync", "offline-upgrade", "system-upgrade"),
            }
        ),
    ),
}
"""By program, the words by which it removes packages, or goes back, to bring a system to another state."""


def _does(command: Command, verbs: frozenset[str]) -> bool:
    return command.program in _REFRESHES and not verbs.isdisjoint(command.arguments)


def _refreshes(command: Command) -> bool:
    return _does(command, _REFRESHES.get(command.program, frozenset()))


def _uses_index(command: Command) -> bool:
    return _does(command, _USES_INDEX - _REFRESHES.get(command.program, frozenset()))


@rule(
    "GD063",
    Severity.LOW,
    "Package index in a layer of its own",
    looks_at=PIECES,
    why=(
        "The layer is cached: a later build installs from the old index and gets outdated packages, or fails because "
        "they are gone."
    ),
    mend="Join it with the step that installs: RUN apt-get update && apt-get install -y ….",
    references=("CIS-DI-0007", "https://docs.docker.com/build/building/best-practices/#apt-get"),
    bad="RUN apt-get update\nRUN apt-get install -y curl",
    good="RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
)
def index_alone(stage: BuildStage) -> Iterator[Hit]:
    for step in stage.steps_of("RUN"):
        refresh = next(filter(_refreshes, step.commands), None)
        if refresh is None or any(map(_uses_index, step.commands)):
            continue
        later = (one for one in later_runs(stage, step) if not any(map(_refreshes, one.commands)))
        programs = {command.program for one in later for command in one.commands if _uses_index(command)}
        if not programs.isdisjoint(_RELATED.get(refresh.program, (refresh.program,))):
            yield refresh.hit("a later step installs from the index in this layer, which may be outdated")


@rule(
    "GD064",
    Severity.LOW,
    "Distribution upgraded in a build",
    looks_at=run_programs(*_OTHER_RELEASE),
    why="It replaces packages of the base image, depending on the day: FROM no longer says what the image contains.",
    mend="Use a newer base image, and rebuild when it changes; apt-get upgrade stays within the release.",
    references=("CWE-1357",),
    bad="RUN apt-get update && apt-get dist-upgrade -y",
    good="RUN apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*",
)
def other_release(command: Command) -> Iterator[Hit]:
    verbs = _OTHER_RELEASE[command.program]
    given = frozenset(command.arguments)
    if command.program == "apk" and "upgrade" not in given:
        return
    if not verbs or verbs & given:
        yield command.hit("the distribution is upgraded")
