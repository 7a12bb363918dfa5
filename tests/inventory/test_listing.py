"""Packages with a version, and what is asked for without one."""

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.listing import Listing
from gate.model import Scope


def test_packages_and_what_is_imprecise_are_told_apart() -> None:
    listing = Listing("npm", "a/package.json")
    listing.add(
        "exact",
        "1.0.0",
        3,
        DependencyRole(Scope.OPTIONAL, False, ("app",)),
        license="MIT",
        registry="https://x.example/",
    )
    listing.add("range", None, 4)
    listing.add("range", None, 4)
    listing.add("a\x1b[31m" + "b" * 200, None, None)
    (package,) = listing.locked.packages
    assert (package.name, package.line, package.scope, package.direct) == ("exact", 3, Scope.OPTIONAL, False)
    assert (package.via, package.license, package.registry) == (("app",), "MIT", "https://x.example/")
    assert listing.locked.imprecise == ("a/package.json:4: range", "a/package.json:1: a?[31m" + "b" * 94)


@pytest.mark.parametrize(
    ("ecosystem", "why"),
    [
        ("Npm", "the ecosystem 'Npm' is not known"),
        ("Debian:12", "the ecosystem Debian:12 has no package URLs of its own"),
    ],
)
def test_an_ecosystem_that_cannot_be_listed_is_an_error_in_words(ecosystem: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        Listing(ecosystem, "a.lock").add("a", "1", 1)
