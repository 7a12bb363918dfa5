"""Base images whose configuration names a user that is not root, so that a Dockerfile without USER keeps it.

By the images' own Dockerfiles and documentation, as of November 2026. An image that starts as root and gives the rights
away in its entrypoint (postgres, redis, nginx) is not among them: what is run in it starts as root.
"""

import re

from gate.dockerfile.references import DEFAULT_REGISTRY, ImageReference

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
_IMAGES = {
    "docker.io/apache/airflow": "airflow",
    "docker.io/apache/kafka": "appuser",
    "docker.io/apache/superset": "superset",
    "docker.io/codercom/code-server": "coder",
    "docker.io/curlimages/curl": "curl_user",
    "docker.io/directus/directus": "node",
    "docker.io/dpage/pgadmin4": "pgadmin",
    "docker.io/gitpod/workspace-base": "gitpod",
    "docker.io/gitpod/workspace-full": "gitpod",
    "docker.io/grafana/grafana": "472",
    "docker.io/grafana/loki": "10001",
    "docker.io/grafana/tempo": "10001",
    "docker.io/jenkins/jenkins": "jenkins",
    "docker.io/library/adminer": "adminer",
    "docker.io/library/haproxy": "haproxy",
    "docker.io/library/jetty": "jetty",
    "docker.io/library/kong": "kong",
    "docker.io/library/memcached": "memcache",
    "docker.io/library/odoo": "odoo",
    "docker.io/library/rocket.chat": "rocketchat",
    "docker.io/library/solr": "solr",
    "docker.io/library/sonarqube": "sonarqube",
    "docker.io/library/varnish": "varnish",
    "docker.io/n8nio/n8n": "node",
    "docker.io/postgrest/postgrest": "1000",
    "docker.io/prom/alertmanager": "nobody",
    "docker.io/prom/node-exporter": "nobody",
    "docker.io/prom/prometheus": "nobody",
    "docker.io/verdaccio/verdaccio": "10001",
    "ghcr.io/puppeteer/puppeteer": "pptruser",
    "mcr.microsoft.com/mssql/server": "mssql",
    "quay.io/keycloak/keycloak": "1000",
    "quay.io/prometheus/alertmanager": "nobody",
    "quay.io/prometheus/node-exporter": "nobody",
    "quay.io/prometheus/prometheus": "nobody",
}
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
