"""What to do about a vulnerable package."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.advisories.remedy import brought_by, command
from gate.model import BinaryPackage

Make = Callable[..., Any]
BUILT = tuple(BinaryPackage(name=name, version="1.0", purl="pkg:deb/debian/a@1.0") for name in ("liba1", "a;b"))


@pytest.mark.parametrize(
    ("ecosystem", "path", "more", "expected"),
    [
        ("npm", "web/package-lock.json", {}, "npm install a@2.0"),
        ("npm", "web/package-lock.json", {"direct": False}, "npm update a"),
        ("npm", "yarn.lock", {"direct": True}, "yarn add a@2.0"),
        ("npm", "pnpm-lock.yaml", {"direct": False}, "pnpm update a --depth Infinity"),
        ("npm", "bun.lock", {}, "bun add a@2.0"),
        ("PyPI", "poetry.lock", {"direct": False}, "poetry update a"),
        ("PyPI", "uv.lock", {"direct": True}, "uv add 'a>=2.0'"),
        ("PyPI", "uv.lock", {"direct": False}, "uv lock --upgrade-package a"),
        ("PyPI", "pdm.lock", {"direct": False}, "pdm update a"),
        ("PyPI", "Pipfile.lock", {"direct": True}, "pipenv upgrade a==2.0"),
        ("PyPI", "requirements.txt", {}, None),
        ("Go", "go.mod", {}, "go get a@2.0"),
        ("crates.io", "Cargo.lock", {"direct": False}, "cargo update a --precise 2.0"),
        ("RubyGems", "Gemfile.lock", {}, "bundle update --conservative a"),
        ("Packagist", "composer.lock", {"direct": True}, "composer require 'a:^2.0'"),
        ("NuGet", "packages.lock.json", {}, "dotnet add package a --version 2.0"),
        ("Maven", "pom.xml", {"direct": True}, "mvn versions:use-dep-version -Dincludes=a -DdepVersion=2.0"),
        ("Maven", "pom.xml", {"direct": False}, None),
        ("Maven", "gradle.lockfile", {}, "gradle dependencies --update-locks a"),
        ("Pub", "pubspec.lock", {"direct": False}, "dart pub upgrade a"),
        ("Hex", "mix.lock", {}, "mix deps.update a"),
        ("Debian:12", "var/lib/dpkg/status", {"installed_as": "liba1"}, "apt-get install --only-upgrade liba1"),
        ("Debian:12", "var/lib/dpkg/status", {"binaries": BUILT}, "apt-get install --only-upgrade 'a;b' liba1"),
        ("Alpine:v3.19", "lib/apk/db/installed", {}, "apk upgrade a"),
        ("Rocky Linux:9", "var/lib/rpm/rpmdb.sqlite", {}, "dnf upgrade a"),
    ],
)
def test_the_command_is_the_package_managers_own(
    package: Make, ecosystem: str, path: str, more: dict[str, Any], expected: str | None
) -> None:
    assert command(package(ecosystem, "a", "1.0", path=path, **more), "2.0") == expected


def test_a_hostile_name_does_not_leave_its_quotes(package: Make) -> None:
    evil = package("npm", "a;curl{name}|sh", "1", path="package-lock.json")
    assert command(evil, "2.0$(id)") == "npm install 'a;curl{name}|sh@2.0$(id)'"


def test_the_first_of_the_way_is_the_direct_dependency(package: Make) -> None:
    assert brought_by(package("npm", "a", "1", direct=False, via=("b", "c"))) == "b"
    assert brought_by(package("npm", "a", "1", direct=True, via=("b",))) is None
    assert brought_by(package("npm", "a", "1", direct=False)) is None


@pytest.mark.parametrize(
    ("version", "fixes", "safe"),
    [
        ("1.2.0", ["1.2.5", "2.0.0"], "1.2.5"),
        ("1.2.0", ["1.3.0-rc.1", "1.3.0"], "1.3.0"),
        ("1.2.0", ["1.3.0-beta1"], "1.3.0-beta1"),
        ("1.2.0-alpha.1", ["1.2.0-alpha.2", "1.2.0"], "1.2.0-alpha.2"),
    ],
)
def test_the_smallest_release_that_mends_everything_is_named(
    make_bucket: Make, advisory: Make, package: Make, match: Make, version: str, fixes: list[str], safe: str
) -> None:
    told = advisory("GHSA-1", "npm", "a", "0", fixes[0])
    told["affected"][0]["ranges"] += [
        {"type": "SEMVER", "events": [{"introduced": f"{fix}-z"}, {"fixed": fix}]} for fix in fixes[1:]
    ]
    (finding,) = match(make_bucket({"npm": [told]}), package("npm", "a", version)).findings
    assert finding.fix.description == f"Update a from {version} to {safe}"


def test_what_one_version_cannot_fix_whole_has_one_version_to_raise_to(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    """Of two that each fix something, two lines would say two versions; the one that fixes most is named in both."""
    bucket = make_bucket(
        {
            "npm": [
                advisory("GHSA-1", "npm", "a", "0", "1.5.0"),
                advisory("GHSA-2", "npm", "a", "0", "2.0.0"),
                advisory("GHSA-3", "npm", "a", "0", None),
            ]
        }
    )
    findings = match(bucket, package("npm", "a", "1.0.0")).findings
    raised = {one.rule: one.fix.description.partition(";")[0] for one in findings if one.fix}
    assert raised == dict.fromkeys(("GHSA-1", "GHSA-2"), raised["GHSA-2"])
    assert "to 2.0.0" in raised["GHSA-1"]
