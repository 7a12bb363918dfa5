"""The images that jobs run in, and their services."""

from collections.abc import Iterator

from gate.ci.gitlab.jobs import GitlabImage, GitlabJob
from gate.ci.references import image_of
from gate.ci.rule import rule
from gate.ci.rules.gitlab.scopes import IMAGES, JOBS, hit_at, value_of
from gate.ci.user_text import user_text_in
from gate.core.lazy_regex import lazy_regex
from gate.model import Severity
from gate.rules import Hit

_DIGEST = "Write the digest behind the tag: image:1.2.3@sha256:…"
_WITHOUT_TLS = lazy_regex(r"(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[\w.-]+:(?:80|5000|8080))/.+")
_UNCHECKED = frozenset({"if-not-present", "never"})


@rule(
    "GC210",
    Severity.MEDIUM,
    "Image of a version that moves",
    looks_at=IMAGES,
    why="The job runs what the image's owner published last, with the job's token and secrets.",
    mend=_DIGEST,
    references=("CWE-829",),
    bad="job:\n  image: tools.example/build:latest\n  script: [make]\n",
    good="job:\n  image: tools.example/build:1.2.3\n  script: [make]\n",
)
def image_moves(image: GitlabImage) -> Iterator[Hit]:
    found = image_of(image.name)
    if not image.is_service and found.moves:
        version = f"at {found.reference}" if found.reference else "without a version"
        yield hit_at(image.value, f"runs in {found.name} {version}", image.name)


@rule(
    "GC211",
    Severity.LOW,
    "Image by its tag",
    looks_at=IMAGES,
    why="A tag can be moved to another image, a digest cannot.",
    mend=_DIGEST,
    references=("CWE-829",),
    bad="job:\n  image: tools.example/build:1.2.3\n  script: [make]\n",
    good=f"job:\n  image: tools.example/build:1.2.3@sha256:{'0' * 64}\n  script: [make]\n",
)
def image_by_tag(image: GitlabImage) -> Iterator[Hit]:
    found = image_of(image.name)
    if not image.is_service and found.is_resolved and not found.is_pinned and not found.moves:
        yield hit_at(image.value, f"runs in {image.name}, by its tag", image.name)


@rule(
    "GC212",
    Severity.LOW,
    "Service by its tag",
    looks_at=IMAGES,
    why="A service shares the job's network, and often its files; a tag can be moved to another image.",
    mend=_DIGEST,
    references=("CWE-829",),
    bad="job:\n  services: [postgres]\n  script: [make]\n",
    good=f'job:\n  services: ["postgres:16.4@sha256:{"0" * 64}"]\n  script: [make]\n',
)
def service_by_tag(image: GitlabImage) -> Iterator[Hit]:
    found = image_of(image.name)
    if image.is_service and found.is_resolved and not found.is_pinned:
        yield hit_at(image.value, f"starts {image.name} next to the job, by its tag", image.name)


@rule(
    "GC213",
    Severity.LOW,
    "Image that the runner has from earlier",
    looks_at=IMAGES,
    why="A runner that other projects use too may have another image under that name, or one without its fixes.",
    mend="Write pull_policy: always, GitLab's default; by digest it costs one request.",
    references=("CWE-494",),
    bad="job:\n  image:\n    name: tools.example/build:1.2.3\n    pull_policy: if-not-present\n  script: [make]\n",
    good="job:\n  image:\n    name: tools.example/build:1.2.3\n    pull_policy: always\n  script: [make]\n",
)
def image_is_not_pulled(image: GitlabImage) -> Iterator[Hit]:
    policy = image.value.get("pull_policy")
    names = image.value.texts("pull_policy")
    if policy is not None and names and names[0] in _UNCHECKED and "@sha256:" not in image.name:
        yield hit_at(policy, f"{image.name} is taken {names[0]}", image.name, names[0], instead="always")


@rule(
    "GC214",
    Severity.LOW,
    "Image that others choose",
    looks_at=IMAGES,
    why="The author of a branch or tag chooses its name, and so the image that runs.",
    mend="Take the digest of the image that an earlier job built, from its dotenv report.",
    references=("CWE-829",),
    bad="job:\n  image: $CI_REGISTRY_IMAGE:$CI_COMMIT_REF_NAME\n  script: [make]\n",
    good="job:\n  image: $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\n  script: [make]\n",
)
def image_is_chosen_by_others(image: GitlabImage) -> Iterator[Hit]:
    names = list(dict.fromkeys(user_text_in(image.name)))
    if names:
        yield hit_at(image.value, f"{', '.join(names)} chooses the image {image.name}", image.name)


@rule(
    "GC215",
    Severity.LOW,
    "Image from a registry without TLS",
    looks_at=IMAGES,
    why="Registries by number, or at the ports of plain HTTP, are mostly reached without TLS: the way decides what "
    "runs.",
    mend="Give the registry a name and a certificate.",
    references=("CWE-319",),
    bad="job:\n  image: 192.0.2.7:5000/build:1.2.3\n  script: [make]\n",
    good="job:\n  image: registry.example/build:1.2.3\n  script: [make]\n",
)
def image_without_tls(image: GitlabImage) -> Iterator[Hit]:
    if _WITHOUT_TLS.match(image.name) and not image.name.startswith("localhost"):
        yield hit_at(image.value, f"{image.name} comes from a registry that hardly has TLS", image.name)


@rule(
    "GC216",
    Severity.LOW,
    "Container that is made to run as root",
    looks_at=JOBS,
    why="An escape from the container, or a file on a shared volume, is root's.",
    mend="Remove docker:user, or name an account without rights.",
    references=("CWE-250",),
    bad="job:\n  image:\n    name: tools.example/build:1.2.3\n    docker: {user: root}\n  script: [make]\n",
    good='job:\n  image:\n    name: tools.example/build:1.2.3\n    docker: {user: "10001"}\n  script: [make]\n',
)
def container_runs_as_root(job: GitlabJob) -> Iterator[Hit]:
    user = job.value.text("image", "docker", "user")
    if user.partition(":")[0] in ("root", "0"):
        yield hit_at(value_of(job, "image", "docker", "user"), f"the image's user is replaced by {user}", user)
