"""What of others takes part in a pipeline of GitLab: images, services, includes and components."""

from collections.abc import Iterable, Iterator

from gate.ci.gitlab.includes import GitlabInclude
from gate.ci.gitlab.jobs import GitlabImage, GitlabPipeline
from gate.ci.gitlab.purposes import holds_of
from gate.ci.model import PipelineParty
from gate.ci.references import image_party, is_commit
from gate.dockerfile.addresses import host_of

_OWN_IMAGES = ("$CI_REGISTRY", "${CI_REGISTRY", "$CI_PROJECT", "$CI_DEPENDENCY_PROXY", "${CI_DEPENDENCY_PROXY")
_OF_OTHERS = ("remote", "project", "template", "component")
_CODE = ("code",)
_GITLAB = "gitlab-org"


def parties_of(pipelines: Iterable[GitlabPipeline]) -> Iterator[PipelineParty]:
    """Yield the third parties of some pipelines, each place once, with what they get for certain."""
    seen: set[tuple[str, str, int]] = set()
    for pipeline in pipelines:
        for party in _of_pipeline(pipeline):
            place = (party.name, party.path, party.line)
            if place not in seen:
                seen.add(place)
                yield party


def _of_pipeline(pipeline: GitlabPipeline) -> Iterator[PipelineParty]:
    started = (include for job in pipeline.jobs for include in job.child_includes)
    yield from (_of_include(one) for one in (*pipeline.includes, *started) if _is_of_others(one))
    for job in pipeline.jobs:
        receives = ("code", "secrets") if job.images and holds_of(job) else _CODE
        for image in job.images:
            party = _of_image(image, receives)
            if party is not None:
                yield party


def _is_of_others(include: GitlabInclude) -> bool:
    return include.kind in _OF_OTHERS and not include.local_paths


def _of_include(include: GitlabInclude) -> PipelineParty:
    """Return an include as a party; it decides what runs, with all that the pipeline holds."""
    name = f"{include.name} {' '.join(include.files)}".strip()
    is_pinned = is_commit(include.reference) or bool(include.value.text("integrity"))
    owner = include.name.partition("/")[0]
    if include.kind == "remote":
        owner = host_of(include.name) or ""
    elif include.kind == "template":
        owner = _GITLAB
    return PipelineParty(
        kind="component" if include.kind == "component" else "include",
        name=name,
        reference=include.reference,
        is_pinned=is_pinned,
        receives=_CODE,
        owner=owner,
        path=include.value.path,
        line=include.value.line,
    )


def _of_image(image: GitlabImage, receives: tuple[str, ...]) -> PipelineParty | None:
    """Return an image as a party; None for one of the project itself. A service gets the job's network alone."""
    if image.name.startswith(_OWN_IMAGES):
        return None
    value = image.value.get("name") or image.value
    return image_party(value, kind="service", receives=()) if image.is_service else image_party(value, receives)
