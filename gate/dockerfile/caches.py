"""What package managers leave behind, and whether a step leaves it in the image."""

from collections.abc import Iterator

from gate.dockerfile.build import BuildStage
from gate.dockerfile.step import Command, Step


def is_mounted(step: Step, *folders: str) -> bool:
    """True if one of these folders is a cache or tmpfs mount of the step; `.cache/pip` means that of any home."""
    return any(_covers(target, folder) for target in _mounted(step) for folder in folders)


def _mounted(step: Step) -> Iterator[str]:
    for flag in step.instruction.flags:
        options = flag.options
        target = options.get("target") or options.get("dst") or options.get("destination")
        if options.get("type") in ("cache", "tmpfs") and target:
            yield target.rstrip("/")


def _covers(target: str, folder: str) -> bool:
    """True if the mount is the folder or one above it."""
    if folder.startswith("/"):
        return f"{folder}/".startswith(f"{target}/")
    return any(target.endswith(f"/{part}") for part in (folder, folder.partition("/")[0]))


def later_runs(stage: BuildStage, step: Step) -> Iterator[Step]:
    """Yield the RUN steps that find what `step` left: behind it, and in the stages that go on from its stage."""
    yield from (one for one in stage.steps_of("RUN") if one.place > step.place)
    for other in stage.build.stages[stage.number + 1 :]:
        if other.parent is not None:
            yield from other.steps_of("RUN")


def removes(command: Command, *folders: str) -> bool:
    """True if the command is an `rm -r` of what is in one of these folders, or of the folder; `~` is any home."""
    if command.program != "rm" or not command.has_option("-r", "-R", "--recursive"):
        return False
    return any(_is_inside(word.text, folder) for word in command.operands() for folder in folders)


def _is_inside(path: str, folder: str) -> bool:
    if folder.startswith("~/"):
        return f"/{folder[2:]}" in path
    return path == folder or path.startswith((f"{folder}/", f"{folder}*"))
