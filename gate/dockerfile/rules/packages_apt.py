"""apt: pinned, small, cleaned up."""

from collections.abc import Iterator, Mapping

from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.caches import is_mounted, later_runs
from gate.dockerfile.edits import Changes, append_command, replace_word
from gate.dockerfile.hits import Hit
from gate.dockerfile.pins import unpinned
from gate.dockerfile.rule import BUILD, rule, run_programs
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.model import Severity

_WITH_VALUE = ("-t", "--target-release", "--default-release", "-o", "--option", "-c", "--config-file", "-a")
_LISTS = "/var/lib/apt/lists"
_ARCHIVES = "/var/cache/apt"
_CLEANER = "/etc/apt/apt.conf.d/docker-clean"
"""The file by which Debian's and Ubuntu's images have apt keep no package."""


def _install(command: Command) -> tuple[ShellWord, ...] | None:
    """Return the packages of `apt-get install`, or None if the command does something else."""
    words = command.operands(*_WITH_VALUE)
    return words[1:] if words and words[0].text == "install" else None


def _is_pinned(package: str) -> bool:
    """`package-` is one to be removed."""
    return any(sign in package for sign in "=/") or package.endswith((".deb", "-"))


@rule(
    "DL3008",
    Severity.LOW,
    "apt package without a version",
    looks_at=run_programs("apt-get"),
    why="The same Dockerfile installs something else tomorrow; a build cannot be repeated or compared.",
    mend="Write package=version (apt-cache madison PACKAGE lists them), or build from a dated snapshot mirror.",
    references=("CWE-1357",),
    bad="RUN apt-get update && apt-get install -y --no-install-recommends curl",
    good="RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10",
)
def unpinned_apt(command: Command) -> Iterator[Hit]:
    loose = unpinned(command, _install(command) or (), _is_pinned)
    if loose:
        yield command.hit(f"no version is given for {', '.join(loose)}")


@rule(
    "DL3015",
    Severity.INFO,
    "apt installs recommended packages",
    looks_at=run_programs("apt-get"),
    why="Recommended packages that no one asked for are more code to patch.",
    mend="Add --no-install-recommends.",
    references=("CWE-1104",),
    bad="RUN apt-get update && apt-get install -y curl=7.88.1-10",
    good="RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10",
    fix_on_request=True,
)
def recommended_packages(command: Command) -> Iterator[Hit]:
    if _install(command) is None or _leaves_recommends(command):
        return
    place = next(word for word in command.words if word.text == "install")
    yield command.hit(
        "recommended packages are installed as well",
        changes=command.insert_behind(place, " --no-install-recommends"),
    )


def _leaves_recommends(command: Command) -> bool:
    if command.has_option("--no-install-recommends"):
        return True
    return any(
        "install-recommends" in word.lower() and word.lower().endswith(("=0", "=false", "=no"))
        for word in command.arguments
    )


@rule(
    "DL3009",
    Severity.INFO,
    "apt's package lists stay in the image",
    looks_at=BUILD,
    why="They are tens of megabytes that are never read again, and they are soon out of date.",
    mend="End the same RUN with rm -rf /var/lib/apt/lists/*, or mount a cache there.",
    bad="RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10",
    good=(
        "RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10 && rm -rf /var/lib/apt/lists/*"
    ),
)
def lists_left(build: Build) -> Iterator[Hit]:
    for stage in build.pieces:
        for step in stage.steps:
            if step.name == "RUN" and (step.is_on_build or stage in build.shipped) and not _cleans_up(step):
                yield from _left_by(stage, step)


def _left_by(stage: BuildStage, step: Step) -> Iterator[Hit]:
    update = next((command for command in step.commands if _updates(command)), None)
    if update is not None:
        message = f"{update.program} update is not followed by a removal of {_LISTS}"
        yield update.hit(message, changes=_cleaned(stage, step))


def _cleaned(stage: BuildStage, step: Step) -> Changes:
    """Remove the lists at the end of the step; not if a later step installs from them."""
    if step.is_on_build:
        return ()
    installs = [one for one in later_runs(stage, step) if any(map(_installs, one.commands))]
    is_needed = any(not any(map(_updates, one.commands)) for one in installs)
    if is_needed or not any(map(_installs, step.commands)):
        return ()
    return append_command(step, f"rm -rf {_LISTS}/*")


def _installs(command: Command) -> bool:
    return command.program in ("apt", "apt-get") and "install" in command.arguments


def _updates(command: Command) -> bool:
    return command.program in ("apt", "apt-get", "aptitude") and "update" in command.arguments[:3]


def _cleans_up(step: Step) -> bool:
    if is_mounted(step, _LISTS):
        # Debian's images delete each package once it is installed, unless the script that does so is removed.
        return is_mounted(step, _ARCHIVES) or not _keeps_archives(step)
    deleted = [word for command in step.commands if command.program == "rm" for word in command.arguments]
    return any(word.startswith(_LISTS) for word in deleted)


def _keeps_archives(step: Step) -> bool:
    """True if this step, or one before it in its stage, makes apt keep the packages that it downloads."""
    earlier = (one for one in step.stage.steps if one.name == "RUN" and one.place <= step.place)
    return any(_CLEANER in word for one in earlier for command in one.commands for word in _removed_by(command))


def _removed_by(command: Command) -> tuple[str, ...]:
    return command.arguments if command.program in ("rm", "mv", "unlink") else ()


@rule(
    "DL3014",
    Severity.INFO,
    "apt-get install asks for confirmation",
    looks_at=run_programs("apt-get"),
    why="No one can answer yes during a build: it fails, or hangs.",
    mend="Add -y.",
    bad="RUN apt-get install --no-install-recommends curl=7.88.1-10",
    good="RUN apt-get install -y --no-install-recommends curl=7.88.1-10",
)
def unconfirmed_install(command: Command) -> Iterator[Hit]:
    if _install(command) is None or command.has_option("-y", "--yes", "--assume-yes"):
        return
    quiet = sum(word.text.count("q") for word in command.options("-q")) + len(list(command.options("--quiet")))
    if quiet < 2 and "-q=2" not in command.arguments:
        place = next(word for word in command.words if word.text == "install")
        yield command.hit("-y is missing", changes=command.insert_behind(place, " -y"))


@rule(
    "DL3027",
    Severity.INFO,
    "apt in a script",
    looks_at=run_programs("apt"),
    why="apt is meant for interactive use: its options and output may change without notice.",
    mend="Use apt-get or apt-cache.",
    bad="RUN apt update",
    good="RUN apt-get update && rm -rf /var/lib/apt/lists/*",
)
def apt_in_script(command: Command) -> Iterator[Hit]:
    yield command.hit("apt has no stable command line", command.words[0], changes=_as_script_program(command))


_PROGRAM_FOR: Mapping[str, str] = {
    **dict.fromkeys(("autoclean", "autoremove", "build-dep", "changelog", "clean", "dist-upgrade"), "apt-get"),
    **dict.fromkeys(("download", "install", "purge", "remove", "source", "update", "upgrade"), "apt-get"),
    **dict.fromkeys(("depends", "madison", "policy", "rdepends", "search", "show"), "apt-cache"),
}
"""What apt can do, and the program whose options and output stay as they are."""


def _as_script_program(command: Command) -> Changes:
    operands = command.operands(*_WITH_VALUE)
    program = _PROGRAM_FOR.get(operands[0].text) if operands else None
    is_by_name = command.words[0].text == "apt"
    return replace_word(command, command.words[0], program) if program and is_by_name else ()
