"""What the readers of installed packages share: checked packages, their purl, one error."""

from gate.errors import UnreadableError
from gate.inventory.installed.distribution import Distribution
from gate.model import Package

_MAX_LENGTH = 512
"""Characters of a name or version."""


def unparsable(path: str, why: str) -> UnreadableError:
    """Return the error for a file that is not what its name says."""
    return UnreadableError(
        f"cannot be parsed: {why}",
        path=path,
        hint="Install the package again, or list the file under `ignore` of the image stage in gate.yaml",
    )


def check(path: str, *texts: str) -> None:
    """Raise UnreadableError for a name or version that no installer accepts."""
    for text in texts:
        if len(text) > _MAX_LENGTH or not text.isprintable() or " " in text or not all(text.split("/")):
            raise unparsable(path, "the name or version of a package is empty, too long or not printable")


def system_package(type: str, source: tuple[str, str], binary: str, path: str, distribution: Distribution) -> Package:
    """Make a package of a distribution from its source package's name and version and its own name."""
    from packageurl import PackageURL

    name, version = source
    check(path, name, version, binary)
    assert distribution.ecosystem is not None
    qualifiers = {"arch": "source", "distro": f"{distribution.id}-{distribution.version}".rstrip("-")}
    return Package(
        name=name,
        version=version,
        ecosystem=distribution.ecosystem,
        purl=PackageURL(type, distribution.id, name, version, qualifiers).to_string(),
        path=path,
        installed_as=binary if binary != name else None,
    )


def language_package(ecosystem: str, name: str, version: str, path: str) -> Package:
    """Make a package of a language's ecosystem (`PyPI`, `npm`)."""
    from gate.inventory.lockfile import package_url

    check(path, name, version)
    return Package(
        name=name, version=version, ecosystem=ecosystem, purl=package_url(ecosystem, name, version), path=path
    )
