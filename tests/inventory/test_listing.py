"""Packages with a version, and what is asked for without one."""

from gate.inventory.dependency_role import Standing
from gate.inventory.listing import Listing
from gate.model import Scope


def test_packages_and_what_is_imprecise_are_told_apart() -> None:
    listing = Listing("npm", "a/package.json")
    listing.add(
        "exact", "1.0.0", 3, Standing(Scope.OPTIONAL, False, ("app",)), license="MIT", registry="https://x.example/"
    )
    listing.add("range", None, 4)
    listing.add("range", None, 4)
    listing.add("a\x1b[31m" + "b" * 200, None, None)
    (package,) = listing.locked.packages
    assert (package.name, package.line, package.scope, package.direct) == ("exact", 3, Scope.OPTIONAL, False)
    assert (package.via, package.license, package.registry) == (("app",), "MIT", "https://x.example/")
    assert listing.locked.imprecise == ("a/package.json:4: range", "a/package.json:1: a?[31m" + "b" * 94)
