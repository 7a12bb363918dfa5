"""Rules on the images that pods run: which one it is, and who it comes from."""

from collections.abc import Iterator

from gate.core.image_references import ImageReference, is_trusted, parse_reference
from gate.kubernetes.fixes import setting
from gate.kubernetes.hits import container_hit
from gate.kubernetes.objects import Container, PodTemplate
from gate.kubernetes.rule import PODS, WORKLOADS, rule
from gate.kubernetes.workloads import Workload
from gate.model import Severity
from gate.rules import Hit

_DIGEST = "sha256:" + "0" * 64
_OTHER_POLICIES = ("IfNotPresent", "Never")


def _images(pod: PodTemplate) -> Iterator[tuple[Container, str, ImageReference]]:
    """Yield the containers whose image is known; one with a variable of a tool that fills it in is not."""
    for container in pod.containers():
        image = container.value.text("image")
        if image and not any(mark in image for mark in "$<{% "):
            yield container, image, parse_reference(image)


@rule(
    "GK003",
    Severity.LOW,
    "Image without a fixed version",
    looks_at=PODS,
    why="A node that starts the pod later runs what was pushed last: replicas differ, and no rollback brings it back.",
    mend="Name a version, and pin it with a digest: image: registry.example/shop/web:1.4@sha256:…",
    references=("CWE-1357",),
    bad="containers: [{name: a, image: 'shop/web:latest'}]",
    good="containers: [{name: a, image: 'shop/web:1.4'}]",
)
def image_without_version(pod: PodTemplate) -> Iterator[Hit]:
    for container, image, reference in _images(pod):
        if reference.digest is None and reference.tag in (None, "latest"):
            what = f"is {image}" if reference.tag else f"is {image}, which means {image}:latest"
            yield container_hit(pod, container, "image", what, evidence=reference.repository)


@rule(
    "GK004",
    Severity.INFO,
    "Image without a digest",
    looks_at=WORKLOADS,
    why="A tag can be moved to another image; a digest always identifies the same image.",
    mend="Add the digest of the image that was tested: image: registry.example/shop/web:1.4@sha256:…",
    references=("CWE-494",),
    bad="containers: [{name: a, image: 'shop/web:1.4'}]",
    good=f"containers: [{{name: a, image: 'shop/web:1.4@{_DIGEST}'}}]",
)
def image_without_digest(workload: Workload) -> Iterator[Hit]:
    pod = workload.pod
    for container, image, reference in _images(pod):
        if reference.digest is None and reference.tag not in (None, "latest"):
            known = workload.digests.get(image)
            changes = setting(container.value, "image", f"{image}@{known}") if known else ()
            what = f"is {image}, without a digest"
            yield container_hit(pod, container, "image", what, evidence=reference.repository, changes=changes)


@rule(
    "GK005",
    Severity.HIGH,
    "Image from a registry that is not trusted",
    looks_at=WORKLOADS,
    why="Images from other registries have not passed the checks of those that you trust.",
    mend="Use an image from a registry in stages.kubernetes.trusted_registries, or add its registry there.",
    references=("CWE-829",),
    bad="containers: [{name: a, image: 'registry.invalid/shop/web:1.4'}]",
    good="containers: [{name: a, image: 'registry.example.com/shop/web:1.4'}]",
)
def image_of_another_registry(workload: Workload) -> Iterator[Hit]:
    trusted = workload.trusted_registries
    for container, image, reference in _images(workload.pod):
        if trusted and not is_trusted(reference.registry, trusted):
            what = f"is {image}, from {reference.registry}; trusted are {', '.join(trusted)}"
            yield container_hit(workload.pod, container, "image", what, evidence=reference.registry)


@rule(
    "GK006",
    Severity.LOW,
    "Image that a node does not ask its registry for",
    looks_at=PODS,
    why="A node that has any image of this name starts that one: an old version, or one that it pulled with the "
    "credentials of another team. Without a fixed version nothing else says which image it is.",
    mend="Pin the image with a digest, or write imagePullPolicy: Always.",
    references=("CWE-1357",),
    bad="containers: [{name: a, image: 'shop/web:latest', imagePullPolicy: IfNotPresent}]",
    good="containers: [{name: a, image: 'shop/web:latest', imagePullPolicy: Always}]",
)
def image_not_asked_for(pod: PodTemplate) -> Iterator[Hit]:
    for container, image, reference in _images(pod):
        policy = container.value.text("imagePullPolicy")
        if policy in _OTHER_POLICIES and reference.digest is None and reference.tag in (None, "latest"):
            yield container_hit(pod, container, "imagePullPolicy", f"is {policy} for {image}")
