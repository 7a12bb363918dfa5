"""Base images whose configuration names a user that is not root, so that a Dockerfile without USER keeps it.

By the images' own Dockerfiles and documentation, as of November 2026. An image that starts as root and gives the rights
away in its entrypoint (postgres, redis, nginx) is not among them: what is run in it starts as root.
"""

import re

from gate.core.image_references import DEFAULT_REGISTRY, ImageReference
from gate.core.word_lists import word_lists, word_table

_SAYS_SO = re.compile(r"(?:^|[/._-])(?:non-?root|rootless|unprivileged|chiseled)(?:$|[/._-])")
"""A name or a tag that promises it: `distroless/static:nonroot`, `nginx-unprivileged`, `docker:27-dind-rootless`."""
_BACK_TO_ROOT = re.compile(r"(?:^|[._-])(?:with-)?root(?:$|[._-])")
_FOLDERS = {
    "cgr.dev/chainguard": "65532",
    "docker.io/bitnami": "1001",
    "docker.io/bitnamilegacy": "1001",
    "docker.io/bitnamisecure": "1001",
    "docker.io/cimg": "circleci",
    "docker.io/circleci": "circleci",
    "docker.io/confluentinc": "appuser",
    "docker.io/jupyter": "jovyan",
    "docker.io/selenium": "seluser",
    "quay.io/jupyter": "jovyan",
}
"""By registry and organisation, the user of all images but those of `_ROOT`."""
_ROOT = frozenset({"cgr.dev/chainguard/wolfi-base", "docker.io/bitnami/minideb", "docker.io/bitnamilegacy/minideb"})
_LISTS = word_lists(__file__)
_IMAGES = word_table(_LISTS["images"])
"""By registry and repository."""
_RED_HAT = ("registry.access.redhat.com", "registry.redhat.io")
_FOR_LANGUAGES = re.compile(
    r"ubi\d+/(?:dotnet|go-toolset|httpd|nginx|nodejs|openjdk|perl|php|python|ruby)-[\w.-]+", re.ASCII
)
"""Red Hat's images for languages and web servers (1001, or 185 for Java); ubi, ubi-minimal and ubi-micro are root."""


def user_of(image: ImageReference) -> str | None:
    """Return the user, or the word in the image's name that promises one; None if the image is root, or unknown."""
    repository = _whole_name(image)
    if repository in _ROOT or _BACK_TO_ROOT.search(image.tag or ""):
        return None
    promised = _SAYS_SO.search(repository) or _SAYS_SO.search((image.tag or "").lower())
    if promised:
        return promised[0].strip("/._-")
    if image.registry in _RED_HAT and _FOR_LANGUAGES.fullmatch(image.repository):
        return "1001"
    folder = repository.rpartition("/")[0]
    return _IMAGES.get(repository) or _FOLDERS.get(folder)


def _whole_name(image: ImageReference) -> str:
    """Return registry and repository as one, with `library/` where Docker Hub leaves it out."""
    registry = DEFAULT_REGISTRY if image.registry == "index.docker.io" else image.registry
    name = image.repository
    if registry == DEFAULT_REGISTRY and "/" not in name:
        name = f"library/{name}"
    return f"{registry}/{name}".lower()
