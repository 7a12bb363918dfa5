"""Where the image begins: tags, digests, registries."""

import re
from collections.abc import Iterator

from gate.core.image_references import is_trusted
from gate.dockerfile.build import BuildStage
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import STAGES, rule
from gate.dockerfile.text import Word
from gate.model import Severity


def _image_word(stage: BuildStage) -> Word:
    return stage.from_step.instruction.arguments[0]


@rule(
    "DL3006",
    Severity.LOW,
    "Base image without a tag",
    looks_at=STAGES,
    why="Without a tag the builder uses `latest`, so the base of the image can change from one day to the next.",
    mend="Name a version, and pin it with a digest: FROM debian:12@sha256:…",
    references=("CWE-1357", "CIS-DI-0006"),
    bad="FROM debian",
    good="FROM debian:12",
)
def untagged_base_image(stage: BuildStage) -> Iterator[Hit]:
    image = stage.reference
    if image and image.tag is None and image.digest is None:
        yield stage.from_step.hit(
            f"{stage.image} has no tag, so the builder uses {stage.image}:latest", _image_word(stage)
        )


@rule(
    "DL3007",
    Severity.LOW,
    "Base image with the tag latest",
    looks_at=STAGES,
    why="`latest` is usually whatever was pushed last: the same Dockerfile can build a different image tomorrow.",
    mend="Name a version, and pin it with a digest: FROM debian:12@sha256:…",
    references=("CWE-1357", "CIS-DI-0006"),
    bad="FROM debian:latest",
    good="FROM debian:12",
)
def latest_base_image(stage: BuildStage) -> Iterator[Hit]:
    image = stage.reference
    if image and image.tag == "latest" and image.digest is None:
        yield stage.from_step.hit(f"{stage.image} changes whenever its owner pushes", _image_word(stage))


@rule(
    "GD007",
    Severity.INFO,
    "Base image without a digest",
    looks_at=STAGES,
    why="A tag can be moved to another image; a digest always identifies the same image.",
    mend="Add the digest that `docker buildx imagetools inspect` shows: FROM debian:12@sha256:…",
    references=("CWE-494", "CIS-DI-0002"),
    bad="FROM debian:12",
    good="FROM debian:12@sha256:0000000000000000000000000000000000000000000000000000000000000000",
)
def base_image_without_digest(stage: BuildStage) -> Iterator[Hit]:
    image = stage.reference
    if image and image.tag not in (None, "latest") and image.digest is None:
        yield stage.from_step.hit(f"{stage.image} is not pinned by a digest", _image_word(stage))


@rule(
    "DL3026",
    Severity.HIGH,
    "Base image from a registry that is not trusted",
    looks_at=STAGES,
    why="Images from other registries have not passed the checks of those that you trust.",
    mend="Use an image from a registry in stages.dockerfile.trusted_registries, or add its registry there.",
    references=("CWE-829",),
    bad="FROM registry.invalid/debian:12",
    good="FROM registry.example.com/debian:12",
)
def untrusted_registry(stage: BuildStage) -> Iterator[Hit]:
    trusted, image = stage.build.settings.trusted_registries, stage.reference
    is_image = stage.parent is None and stage.image != "scratch" and not stage.is_from_elsewhere
    if not trusted or not is_image or not stage.from_step.instruction.values or _may_be_stage(stage):
        return
    if image is None:
        written = stage.from_step.instruction.values[0]
        yield stage.from_step.hit(f"{written} has no default value, so the registry is unknown", _image_word(stage))
    elif not is_trusted(image.registry, trusted):
        yield stage.from_step.hit(f"{image.registry} is not one of {', '.join(trusted)}", _image_word(stage))


_VARIABLE = re.compile(r"\$(?:\w+|\{[^}]*\})", re.ASCII)
_MAX_NAME = 500
"""Characters; no longer name is a stage's."""


def _may_be_stage(stage: BuildStage) -> bool:
    """True if FROM names an earlier stage for some values of its variables: `build_${TARGETARCH}`."""
    written = stage.from_step.instruction.values[0].lower()
    if stage.image is not None or len(written) > _MAX_NAME or not _VARIABLE.search(written):
        return False
    parts = map(re.escape, _VARIABLE.split(written))
    pattern = re.compile("[\\w.-]*".join(parts), re.ASCII)
    earlier = (one.name for one in stage.build.stages[: stage.number] if one.name)
    return any(pattern.fullmatch(name) for name in earlier)
