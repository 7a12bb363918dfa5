"""Build stages: their names, their platforms, what may stand before the first one."""

import re
from collections.abc import Iterator

from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import BUILD, STAGES, instructions, rule
from gate.dockerfile.step import Step
from gate.model import Severity

_RESERVED = frozenset({"context", "scratch"})
_NOT_FOR_LATER = frozenset({"FROM", "MAINTAINER", "ONBUILD"})
_TARGET = re.compile(r"[\"']?(?:\$TARGETPLATFORM|\$\{TARGETPLATFORM(?::?[-?][^}]*)?\})[\"']?")
"""The builder always sets it, so that a default of its own is never taken."""


@rule(
    "DL3024",
    Severity.LOW,
    "Two stages with one name",
    looks_at=BUILD,
    why="A reference to the name is ambiguous: some instructions use the first stage, others the last.",
    mend="Give each stage a unique name.",
    bad="FROM debian:12 AS build\nFROM debian:12 AS build",
    good="FROM debian:12 AS build\nFROM debian:12 AS test",
)
def repeated_name(build: Build) -> Iterator[Hit]:
    seen: set[str] = set()
    for stage in build.stages:
        if stage.name is not None and stage.name in seen:
            word = stage.from_step.instruction.arguments[-1]
            yield stage.from_step.hit(f"an earlier stage has the name {stage.name} too", word)
        seen.update((stage.name,) if stage.name else ())


@rule(
    "DL3029",
    Severity.LOW,
    "Base image with a fixed platform",
    looks_at=STAGES,
    why="The image is always built for that platform, no matter which one was requested.",
    mend="Remove --platform, or write --platform=$BUILDPLATFORM for a stage that cross-compiles.",
    bad="FROM --platform=linux/amd64 debian:12",
    good="FROM --platform=$BUILDPLATFORM debian:12",
)
def fixed_platform(stage: BuildStage) -> Iterator[Hit]:
    flag = stage.from_step.instruction.flag("platform")
    if flag is None or "$" in (flag.value or ""):
        return
    parts = (flag.value or "").split("/")[:2]
    if not any(part and part in (stage.name or "") for part in parts):  # a stage of one platform says so in its name
        yield stage.from_step.hit(f"the platform is always {flag.value}", flag)


@rule(
    "DL3065",
    Severity.INFO,
    "Platform that is the default",
    looks_at=STAGES,
    why="$TARGETPLATFORM is what the builder uses anyway.",
    mend="Remove --platform.",
    bad="FROM --platform=$TARGETPLATFORM debian:12",
    good="FROM debian:12",
)
def default_platform(stage: BuildStage) -> Iterator[Hit]:
    flag = stage.from_step.instruction.flag("platform")
    if flag is not None and _TARGET.fullmatch(flag.value or ""):
        yield stage.from_step.hit("the target's platform is the default", flag)


@rule(
    "DL3063",
    Severity.LOW,
    "Stage with a reserved name",
    looks_at=STAGES,
    why="scratch and context already have a meaning where a stage can be named.",
    mend="Give the stage another name.",
    bad="FROM debian:12 AS context",
    good="FROM debian:12 AS build",
)
def reserved_name(stage: BuildStage) -> Iterator[Hit]:
    if stage.name in _RESERVED:
        yield stage.from_step.hit(f"{stage.name} is a reserved word", stage.from_step.instruction.arguments[-1])


@rule(
    "DL3061",
    Severity.LOW,
    "Instruction before the first FROM",
    looks_at=BUILD,
    why="Only ARG may come before FROM: there is no image yet that another instruction could change.",
    mend="Move the instruction below FROM.",
    bad="LABEL stage=build\nFROM debian:12",
    good="FROM debian:12\nLABEL stage=build",
)
def before_from(build: Build) -> Iterator[Hit]:
    for step in build.preamble.steps:
        if step.name != "ARG" and not step.is_on_build:
            yield step.hit(f"{step.name} comes before FROM")


@rule(
    "DL3043",
    Severity.LOW,
    "ONBUILD with an instruction that it does not allow",
    looks_at=instructions("ONBUILD"),
    why="ONBUILD does not allow FROM, MAINTAINER or ONBUILD: the build fails.",
    mend="Remove the instruction.",
    bad="ONBUILD MAINTAINER jane@example.com",
    good="ONBUILD RUN make",
)
def not_for_later(step: Step) -> Iterator[Hit]:
    kept = "".join(step.instruction.values).split(maxsplit=1)
    if kept and kept[0].upper() in _NOT_FOR_LATER:
        yield step.hit(f"ONBUILD does not allow {kept[0].upper()}")
