"""Whether a file that COPY or ADD puts into a build stage comes into the image that is built."""

import posixpath
import re
from collections.abc import Iterator

from gate.dockerfile.build import BuildStage
from gate.dockerfile.step import Step

_WILDCARD = re.compile(r"[*?\[]")
_MOVERS = frozenset({"cp", "install", "ln", "mv", "rsync", "tar", "zip"})
"""Programs that put a file, or an archive with it, at another place of the stage."""


def may_reach_image(step: Step, source: str, path: str) -> bool:
    """True unless it is certain that a file stays behind in a stage that the final image only takes other files from.

    `source` is what the step names and `path` the file in it, both relative to the context.
    """
    stage = step.stage
    if stage.number < 0 or stage in stage.build.shipped:
        return True
    place = _place_of(step, source, path)
    if place is None or _is_moved(step, place):
        return stage.ships
    holding = [stage, *(one for one in stage.build.stages if stage in one.parents())]
    taken = (name for one in holding for name in _taken_from(one))
    return any(name is None or _contains(name, place) for name in taken)


def _place_of(step: Step, source: str, path: str) -> str | None:
    """Return where a file lies in the stage; None if that depends on something unknown."""
    target = step.values[-1] if step.values else None
    folder = _folder_at(step)
    if target is None or _WILDCARD.search(source) or (folder is None and not target.startswith("/")):
        return None
    inside = posixpath.relpath(path, source or ".")
    if inside == ".":  # the file itself is named: its target is a folder or its new name
        inside = posixpath.basename(path) if target.endswith(("/", ".")) else ""
    return posixpath.normpath(posixpath.join(folder or "/", target, inside))


def _folder_at(step: Step) -> str | None:
    """Return the WORKDIR at a step; None if it is the base image's."""
    named: list[str | None] = []
    for stage in (*reversed(tuple(step.stage.parents())), step.stage):
        steps = (one for one in stage.steps_of("WORKDIR") if stage is not step.stage or one.place < step.place)
        named.extend(one.values[0] if one.values else None for one in steps)
    folder: str | None = None
    for name in named:
        is_known = name is not None and (folder is not None or name.startswith("/"))
        folder = posixpath.join(folder or "/", name or "") if is_known else None
    return folder


def _is_moved(step: Step, place: str) -> bool:
    """True if a later RUN of the stage, or of one that is FROM it, may put the file at another place."""
    holding = (one for one in step.build.stages if one is step.stage or step.stage in one.parents())
    runs = (one for stage in holding for one in stage.steps_of("RUN"))
    later = (one for one in runs if one.stage is not step.stage or one.place > step.place)
    return any(_moves(one, place) for one in later)


def _moves(step: Step, place: str) -> bool:
    movers = [command for command in step.commands if command.program in _MOVERS]
    if not movers:
        return False
    folder = _folder_at(step)
    words = [word.text for command in movers for word in command.operands()]
    is_unknown = folder is None or any("$" in word for word in words) or any(c.program == "cd" for c in step.commands)
    return is_unknown or any(_contains(posixpath.join(folder or "/", word), place) for word in words)


def _taken_from(stage: BuildStage) -> Iterator[str | None]:
    """Yield what other stages that ship take from a stage, as absolute paths; None for what is not known."""
    for other in (one for one in stage.build.stages if one.ships and one is not stage):
        for step in other.steps_of("ADD", "COPY", "RUN"):
            for flag in step.instruction.flags:
                named = step.expand((flag.value if flag.name == "from" else flag.options.get("from")) or "")
                if named and stage.build.stage_named(named) is stage:
                    yield from step.values[:-1] if step.name != "RUN" else (flag.options.get("source") or "/",)


def _contains(name: str, place: str) -> bool:
    """True if a name that is copied is the file, a folder above it, or has a wildcard that may mean one."""
    begin = posixpath.dirname(_WILDCARD.split(name, maxsplit=1)[0]) if _WILDCARD.search(name) else name
    folder = posixpath.normpath(posixpath.join("/", begin)).rstrip("/")
    return place == folder or place.startswith(f"{folder}/")
