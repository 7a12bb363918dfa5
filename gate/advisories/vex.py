"""VEX statements: what the author of a document says of a vulnerability in a product.

A statement clears a package if it says `not_affected` or `fixed`, names the vulnerability by any of its ids, and names
the package by its package URL: type, namespace and name have to be equal, the version too if the statement gives one.
Among several statements the latest decides.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import msgspec

from gate.model import Package

if TYPE_CHECKING:
    from packageurl import PackageURL

_SOURCE = re.compile(r"\A(?:archive|docker|oci-dir|podman|registry):")
CLEARING = frozenset({"not_affected", "fixed"})
"""The statuses by which the product needs no action."""


class Product(msgspec.Struct, frozen=True):
    """A package that a statement is about."""

    url: str
    image: str | None = None
    """Name of the image that it is a part of, if the statement is about that image alone."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one document says of a vulnerability in some packages."""

    document: str
    """Path of the document."""
    vulnerabilities: frozenset[str]
    products: tuple[Product, ...]
    status: str
    """As OpenVEX names it."""
    reason: str
    time: str = ""
    """In UTC, so that texts compare as times do; empty if the document has none."""

    def __str__(self) -> str:
        words = self.status.replace("_", " ")
        return f"{words}: {self.reason} ({self.document})" if self.reason else f"{words} ({self.document})"


class Statements:
    """All statements, by the vulnerability that they are about."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._by_vulnerability: dict[str, list[Statement]] = {}
        for statement in sorted(statements, key=lambda each: each.time):
            for name in statement.vulnerabilities:
                self._by_vulnerability.setdefault(name, []).append(statement)

    def clearing(self, package: Package, names: Iterable[str], target: str) -> Statement | None:
        """Return the statement that clears `package` of the vulnerability with these ids and aliases, or None.

        `target` is the name of what the package was found in.
        """
        statements = [statement for name in names for statement in self._by_vulnerability.get(name, ())]
        about = [each for each in statements if _names(each, package, target)]
        latest = max(about, key=lambda each: each.time, default=None)
        if latest is None or any(each.status not in CLEARING for each in about if each.time == latest.time):
            return None
        return latest


def _names(statement: Statement, package: Package, target: str) -> bool:
    return any(_is_about(stated, package, target) for stated in statement.products)


def _is_about(stated: Product, package: Package, target: str) -> bool:
    named, own = package_url(stated.url), package_url(package.purl)
    if named is None or own is None or (named.type, _vendor(named)) != (own.type, _vendor(own)):
        return False
    is_named = (named.name, named.version) in _names_of(package, own.name, own.version)
    return is_named and stated.image in (None, _image_of(target))


def _names_of(package: Package, name: str, version: str | None) -> Iterator[tuple[str | None, str | None]]:
    """Yield names with versions under which a statement may be about a package; one without a version is about all."""
    names = (name, package.installed_as)
    yield from product(names, (None, version, package.version))
    for binary in package.binaries:
        own = package_url(binary.purl)
        yield from product((binary.name,), (None, package.version, binary.version, own.version if own else None))


def _vendor(url: "PackageURL") -> str | None:
    return "redhat" if url.namespace == "rhel" else url.namespace


def _image_of(target: str) -> str:
    """Return the last part of an image's name: `api` for `registry:registry.example.com/shop/api:1.4`."""
    name = _SOURCE.sub("", target).rpartition("/")[2]
    return name.partition("@")[0].partition(":")[0].removesuffix(".tar")


@lru_cache(maxsize=1 << 14)
def package_url(text: str) -> "PackageURL | None":
    """Parse a package URL; None if the text is none."""
    from packageurl import PackageURL

    try:
        return PackageURL.from_string(text)
    except ValueError:
        return None  # a product by another name, such as an address: it is about no package
