"""What BuildKit's own checks say, where no rule of hadolint's does: https://docs.docker.com/reference/build-checks/."""

import re
from collections.abc import Iterator

from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.build_checks import CHECKS_PAGE
from gate.dockerfile.edits import Changes, replace_part
from gate.dockerfile.hits import Change, Hit
from gate.dockerfile.pragmas import requests_check
from gate.dockerfile.rule import BUILD, STAGES, instructions, rule
from gate.dockerfile.step import Step
from gate.dockerfile.text import Word
from gate.model import Severity


@rule(
    "GD111",
    Severity.INFO,
    "Uppercase letters in a stage name",
    looks_at=STAGES,
    why="Docker ignores case in stage names, but a reader takes Build and build for two stages.",
    mend="Write the name in lowercase.",
    references=(f"{CHECKS_PAGE}/stage-name-casing/",),
    bad="FROM registry.example.com/image:1 AS Build",
    good="FROM registry.example.com/image:1 AS build",
)
def stage_name_casing(stage: BuildStage) -> Iterator[Hit]:
    words = stage.from_step.instruction.arguments
    if len(words) == 3 and words[2].text != words[2].text.lower():
        yield stage.from_step.hit(f"the stage {words[2].text} is {words[2].text.lower()} to Docker", words[2])


@rule(
    "GD112",
    Severity.LOW,
    "Empty line inside an instruction",
    looks_at=BUILD,
    why=(
        "A reader takes it for two instructions, but Docker continues after the empty line; a future version will "
        "refuse it."
    ),
    mend="Remove the empty line, or make it a comment.",
    references=(f"{CHECKS_PAGE}/no-empty-continuation/",),
    bad="RUN make \\\n\n    && make install",
    good="RUN make \\\n    # then\n    && make install",
)
def empty_continuation(build: Build) -> Iterator[Hit]:
    for instruction in build.dockerfile.instructions if build.dockerfile.empty_continuations else ():
        inside = [
            line
            for line in build.dockerfile.empty_continuations
            if instruction.line < line <= instruction.source.places[-1][0]
        ]
        if inside:
            changes = tuple(Change(((line, 1), (line + 1, 1)), "") for line in inside)
            span = ((inside[0], 1), (inside[0], 1))
            message = f"{instruction.name} continues after an empty line"
            yield Hit(message=message, span=span, part=instruction, changes=changes)


_PROTOCOLS = frozenset({"sctp", "tcp", "udp"})
_NUMBERS = re.compile(r"(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?", re.ASCII)
_PORT = re.compile(r"(?P<host>.*:)?(?P<port>[^:/]+)(?:/(?P<protocol>[A-Za-z]*))?")


def _ports(step: Step) -> Iterator[tuple[Word, "re.Match[str]"]]:
    for word, value in zip(step.instruction.arguments, step.values, strict=True):
        found = _PORT.fullmatch(value or "")
        if found:
            yield word, found


@rule(
    "GD113",
    Severity.INFO,
    "Port protocol in uppercase",
    looks_at=instructions("EXPOSE"),
    why="Tools that read the file may only know tcp and udp in lowercase.",
    mend="Write tcp, udp or sctp in lowercase.",
    references=(f"{CHECKS_PAGE}/expose-proto-casing/",),
    bad="EXPOSE 80/TCP",
    good="EXPOSE 80/tcp",
)
def protocol_casing(step: Step) -> Iterator[Hit]:
    for word, port in _ports(step):
        protocol = port["protocol"]
        if protocol and protocol != protocol.lower():
            yield step.hit(f"{protocol} is in uppercase", word, changes=_in_small_letters(step, word, protocol))


def _in_small_letters(step: Step, word: Word, protocol: str) -> Changes:
    if not word.text.endswith(f"/{protocol}"):
        return ()  # a variable brings it
    return replace_part(step, word, word.text.removesuffix(protocol) + protocol.lower())


@rule(
    "GD114",
    Severity.LOW,
    "EXPOSE with more than a container's port",
    looks_at=instructions("EXPOSE"),
    why="EXPOSE publishes nothing and accepts only the container's port: a number or a range, with tcp, udp or sctp "
    "behind it. The build fails on anything else; a host address or port is ignored, and will be refused one day.",
    mend="Name only the container's port, and map it when you start the container: docker run -p 8080:80.",
    references=(f"{CHECKS_PAGE}/expose-invalid-format/",),
    bad="EXPOSE 127.0.0.1:8080:80",
    good="EXPOSE 80",
)
def no_port_of_the_container(step: Step) -> Iterator[Hit]:
    for word, value in zip(step.instruction.arguments, step.values, strict=True):
        found = _PORT.fullmatch(value) if value else None
        if found is not None:
            yield from (step.hit(message, word) for message in _wrong_parts(found))
        elif value:
            yield step.hit(f"{value} is not a port", word)


def _wrong_parts(port: "re.Match[str]") -> Iterator[str]:
    numbers = _NUMBERS.fullmatch(port["port"])
    if numbers is None:
        yield f"{port['port']} is neither a number nor a range"
    elif numbers["last"] and int(numbers["last"]) < int(numbers["first"]):
        yield f"the range {port['port']} ends before it begins"
    if port["protocol"] and port["protocol"].lower() not in _PROTOCOLS:
        yield f"{port['protocol']} is not a protocol: use tcp, udp or sctp"
    if port["host"]:
        yield f"only {port['port']} has an effect here"


_DESCRIPTION = "InvalidDefinitionDescription"
_REQUEST = f"# check=experimental={_DESCRIPTION}"


@rule(
    "GD115",
    Severity.INFO,
    "Comment that is not a valid description",
    looks_at=BUILD,
    why="docker build --call=outline shows the comment above a stage or an ARG as its description, if it begins with "
    "the name. Checked only if the file requests it: # check=experimental=InvalidDefinitionDescription.",
    mend="Begin the comment with the name, or put an empty line below it.",
    references=(f"{CHECKS_PAGE}/invalid-definition-description/",),
    bad=f"{_REQUEST}\n\n# what it is\nARG VERSION=1\nFROM registry.example.com/image:1",
    good=f"{_REQUEST}\n\n# VERSION is what it is\nARG VERSION=1\nFROM registry.example.com/image:1",
)
def no_description(build: Build) -> Iterator[Hit]:
    if not requests_check(build.dockerfile, _DESCRIPTION):
        return
    for step in build.steps():
        names = _defined(step)
        text = step.instruction.description
        if names and text and text.split(" ")[0] not in names:
            yield step.hit(f"the comment above does not begin with {' or '.join(names)}")


def _defined(step: Step) -> list[str]:
    """Return the stage or the arguments that an instruction defines."""
    words = step.instruction.values
    if step.name == "FROM":
        return [words[2]] if len(words) == 3 else []
    return [word.partition("=")[0] for word in words] if step.name == "ARG" and not step.is_on_build else []
