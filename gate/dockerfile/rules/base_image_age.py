"""Whether the base image still gets security fixes, and who stands behind it."""

import re
from collections.abc import Iterator, Mapping

from gate.core.image_references import DEFAULT_REGISTRY, ImageReference, is_trusted, parse_reference
from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.end_of_life import ended_releases
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import BUILD, STAGES, has_flags, instructions, rule
from gate.dockerfile.step import Step
from gate.dockerfile.syntax import Flag
from gate.model import Severity


@rule(
    "GD022",
    Severity.MEDIUM,
    "Base image that no longer gets security fixes",
    looks_at=STAGES,
    why="Vulnerabilities found after support ends are never fixed, so no scanner can name a fixed version.",
    mend="Move to a release that is still maintained.",
    references=("CWE-1104", "CIS-DI-0004", "https://endoflife.date"),
    bad="FROM python:3.7-slim",
    good="FROM python:3.13-slim",
)
def end_of_life(stage: BuildStage) -> Iterator[Hit]:
    image, today = stage.reference, stage.build.today
    if image is None or today is None:
        return
    for release, last_day in ended_releases(image, today.isoformat(), stage.build.end_of_life):
        yield stage.from_step.hit(
            f"{release} gets no fixes since {last_day}",
            stage.from_step.instruction.arguments[0],
            evidence=f"{stage.image} {release}",
        )


_OFFICIAL_FRONTENDS = frozenset({"docker/dockerfile", "docker/dockerfile-upstream"})


@rule(
    "GD023",
    Severity.HIGH,
    "Syntax image that is not trusted",
    looks_at=BUILD,
    why="The image that # syntax names parses the Dockerfile and decides what the build does.",
    mend="Write # syntax=docker/dockerfile:1, or add the registry to stages.dockerfile.trusted_registries.",
    references=("CWE-829", "CIS-DI-0002"),
    bad="# syntax=someone/dockerfile:1\nFROM debian:12",
    good="# syntax=docker/dockerfile:1\nFROM debian:12",
)
def untrusted_syntax(build: Build) -> Iterator[Hit]:
    for directive in build.dockerfile.directives:
        if directive.name != "syntax" or not directive.value.split():
            continue
        written = directive.value.split()[0]
        if not _is_trusted_frontend(build, parse_reference(written)):
            span = ((directive.line, 1), (directive.line, 1))
            message = f"{written} reads this file and decides what the build does"
            yield Hit(message=message, span=span, evidence=(written,))
    given = build.variant.arguments.get("BUILDKIT_SYNTAX")  # of a Compose or bake file
    if given and not _is_trusted_frontend(build, parse_reference(given)):
        message = f"BUILDKIT_SYNTAX: {given} reads this file and decides what the build does"
        yield Hit(message=message, span=((1, 1), (1, 1)), evidence=(given,))


def _is_trusted_frontend(build: Build, image: ImageReference) -> bool:
    if image.registry in (DEFAULT_REGISTRY, "index.docker.io"):
        return image.repository in _OFFICIAL_FRONTENDS
    return is_trusted(image.registry, build.settings.trusted_registries)


_DEPRECATED: Mapping[str, str] = {
    "adoptopenjdk": "eclipse-temurin",
    "centos": "almalinux or rockylinux",
    "clearlinux": "",
    "consul": "hashicorp/consul",
    "django": "python",
    "fsharp": "mcr.microsoft.com/dotnet/sdk",
    "glassfish": "",
    "hipache": "",
    "iojs": "node",
    "java": "eclipse-temurin",
    "jenkins": "jenkins/jenkins",
    "nats-streaming": "nats",
    "nuxeo": "",
    "openjdk": "eclipse-temurin",
    "owncloud": "owncloud/server",
    "php-zendserver": "php",
    "piwik": "matomo",
    "rails": "ruby",
    "sentry": "getsentry/sentry",
    "swarm": "",
    "ubuntu-debootstrap": "ubuntu",
    "ubuntu-upstart": "ubuntu",
    "vault": "hashicorp/vault",
}
"""Official images of Docker Hub that are no longer maintained, and what to take instead."""


@rule(
    "GD024",
    Severity.LOW,
    "Base image that is no longer maintained",
    looks_at=STAGES,
    why="The image is no longer rebuilt, so the packages in it are never fixed.",
    mend="Move to the image that replaced it.",
    references=("CWE-1104", "CIS-DI-0004"),
    bad="FROM openjdk:17",
    good="FROM eclipse-temurin:17",
)
def deprecated_image(stage: BuildStage) -> Iterator[Hit]:
    image = stage.reference
    if image is None or image.registry != DEFAULT_REGISTRY:
        return
    name = image.repository.removeprefix("library/")
    if name in _DEPRECATED:
        instead = f"; take {_DEPRECATED[name]}" if _DEPRECATED[name] else ""
        yield stage.from_step.hit(f"{name} is deprecated{instead}", stage.from_step.instruction.arguments[0])


_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?|\[[0-9a-fA-F:]{2,45}\](?::\d{1,5})?")


@rule(
    "GD025",
    Severity.MEDIUM,
    "Registry named by its IP address",
    looks_at=STAGES,
    why=(
        "IP addresses rarely have certificates, so the registry is usually used without TLS, and anyone who takes "
        "over the address is trusted."
    ),
    mend="Give the registry a host name and a certificate.",
    references=("CWE-319", "CIS-DI-0002"),
    bad="FROM 10.1.2.3:5000/team/app:1",
    good="FROM registry.example.com/team/app:1",
)
def registry_by_address(stage: BuildStage) -> Iterator[Hit]:
    image = stage.reference
    if image and _IP.fullmatch(image.registry) and not image.registry.startswith(("127.", "[::1]")):
        yield stage.from_step.hit(
            f"{image.registry} has no name that a certificate could prove", stage.from_step.instruction.arguments[0]
        )


def _copied_images(step: Step) -> Iterator[tuple[Flag, str]]:
    """Yield each image, and no stage, that COPY --from or RUN --mount=from= takes files from."""
    for flag in step.instruction.flags:
        name = flag.value if flag.name == "from" else flag.options.get("from")
        value = step.expand(name) if name else None
        further = step.build.context_named(value) if value else None
        value = further.image if further else value
        if value and value != "scratch" and step.build.stage_named(value) is None and not value.isdigit():
            yield flag, value


@rule(
    "GD026",
    Severity.INFO,
    "Files copied from an image without a digest",
    looks_at=instructions("ADD", "COPY", "RUN", where=has_flags),
    why="A tag can be moved to another image; a digest always identifies the same image.",
    mend="Add the digest that `docker buildx imagetools inspect` shows: COPY --from=image:1@sha256:…",
    references=("CWE-494", "CIS-DI-0002"),
    bad="COPY --from=tools.example/tool:1 /tool /usr/bin/tool",
    good=(
        "COPY --from=tools.example/tool:1@sha256:0000000000000000000000000000000000000000000000000000000000000000 "
        "/tool /usr/bin/tool"
    ),
)
def copied_from_image_without_digest(step: Step) -> Iterator[Hit]:
    for flag, image in _copied_images(step):
        if parse_reference(image).digest is None:
            yield step.hit(f"{image} is not pinned by a digest", flag)


@rule(
    "GD027",
    Severity.HIGH,
    "Files copied from a registry that is not trusted",
    looks_at=instructions("ADD", "COPY", "RUN", where=has_flags),
    why="Images from other registries have not passed the checks of those that you trust.",
    mend="Use an image from a registry in stages.dockerfile.trusted_registries, or add its registry there.",
    references=("CWE-829", "CIS-DI-0002"),
    bad="COPY --from=registry.invalid/tool:1 /tool /usr/bin/tool",
    good="COPY --from=registry.example.com/tool:1 /tool /usr/bin/tool",
)
def copied_from_untrusted_registry(step: Step) -> Iterator[Hit]:
    trusted = step.settings.trusted_registries
    for flag, image in _copied_images(step) if trusted else ():
        registry = parse_reference(image).registry
        if not is_trusted(registry, trusted):
            yield step.hit(f"{registry} is not one of {', '.join(trusted)}", flag)
