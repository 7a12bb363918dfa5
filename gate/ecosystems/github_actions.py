"""GitHub Actions: steps of workflows, each a repository."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls


def _repository(name: str) -> str:
    """Return `owner/repository` for an action, whichever folder of the repository it is in."""
    return "/".join(name.lower().split("/")[:2])


ECOSYSTEM = Ecosystem(
    name="GitHub Actions",
    version_order="semver",
    canonical_name=_repository,
    is_in_every_source=False,
    package_urls=PackageUrls(type="githubactions"),
)
