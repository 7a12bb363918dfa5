"""How much of what is declared has a version, and which command gives the rest one."""

from typing import Any

import pytest

from gate.inventory.judged import judged_of
from gate.inventory.lockfiles.build_programs import PROGRAM
from gate.inventory.reading import Reading
from gate.model import Package


def package(ecosystem: str, name: str, version: str = "1.0", path: str = "pom.xml") -> Package:
    return Package(name=name, version=version, ecosystem=ecosystem, purl="pkg:x/x@1", path=path)


def reading(*packages: Package, imprecise: tuple[str, ...] = ()) -> Reading:
    return Reading(packages=packages, imprecise=imprecise, errors=())


def numbers(one: Reading) -> tuple[int, int]:
    judged = judged_of(one)
    return judged.packages, judged.declared


def test_modules_that_ask_for_the_same_count_once() -> None:
    listed = [package("Maven", "a:a", path=f"m{n}/pom.xml") for n in range(9)]
    notes = tuple(f"m{n}/pom.xml:7: b:b" for n in range(9))
    assert numbers(reading(*listed, package("Maven", "a:a", "2.0"), imprecise=notes)) == (2, 3)


@pytest.mark.parametrize("place", ["bom.json", "web/bom.json"])
def test_what_has_a_version_in_the_folder_or_above_is_judged(place: str) -> None:
    one = reading(package("Maven", "B:b", path=place), imprecise=("web/pom.xml:7: b:B",))
    assert numbers(one) == (1, 1)


def test_what_has_a_version_elsewhere_is_not() -> None:
    assert numbers(reading(package("Maven", "b:b", path="x/bom.json"), imprecise=("web/pom.xml:7: b:b",))) == (1, 2)


def test_what_moves_by_intent_or_no_command_fixes_is_not_counted() -> None:
    one = reading(
        package("GIT", "github.com/o/n"),
        package("GitHub Actions", "actions/checkout"),
        package("Terraform", "hashicorp/aws"),
        package("CocoaPods", "Unheard"),
        imprecise=(".github/workflows/a.yml:1: actions/checkout@v4", "yarn.lock:3: left", "bom.json:1: mystery"),
    )
    assert numbers(one) == (0, 0)


def test_a_pod_that_is_judged_elsewhere_counts() -> None:
    assert numbers(reading(package("CocoaPods", "Alamofire"))) == (1, 1)


@pytest.mark.parametrize(
    ("note", "command"),
    [
        ("web/package.json:3: react", "npm install --package-lock-only"),
        ("go.mod:3: stdlib (1.21 names no release of Go)", "go mod tidy"),
        ("requirements-dev.txt:3: pytest", "uv pip compile"),
        ("src/Shop/Shop.csproj:3: Polly", "dotnet restore --use-lock-file"),
    ],
)
def test_the_command_that_writes_versions(note: str, command: str) -> None:
    assert judged_of(reading(imprecise=(note,))).commands == (command,)


def test_the_command_for_most_comes_first() -> None:
    notes = ("package.json:1: a", "go.mod:3: b", "go.mod:4: c")
    assert judged_of(reading(imprecise=notes)).commands == ("go mod tidy", "npm install --package-lock-only")


def test_each_program_counts_and_is_named() -> None:
    notes = tuple(f"m{n}/build.gradle:1: {PROGRAM}" for n in range(5))
    judged = judged_of(reading(imprecise=notes), ["12 packages of X"])
    assert (judged.packages, judged.declared) == (0, 5)
    assert judged.notes == (
        "the packages in m0/build.gradle, m1/build.gradle, m2/build.gradle and 2 more, because build files are "
        "programs, which the gate never runs",
        "12 packages of X",
    )


def test_what_a_library_requires_is_counted_apart_and_named() -> None:
    notes = (
        "pyproject.toml:3: a",
        "requirements-dev.txt:1: b",
        "app/requirements.txt:1: c",
        "app/requirements.txt:2: d",
    )
    judged = judged_of(reading(imprecise=notes), libraries={"": True, "app": False})
    assert (judged.declared, judged.of_libraries, judged.of_applications.declared) == (4, 2, 2)
    assert judged.notes == (
        "2 packages that pyproject.toml, requirements-dev.txt require by range, as a library does: those who install "
        "it choose the versions (run before it, to judge those that you test with: uv lock; uv pip compile)",
    )


def test_a_package_that_an_application_requires_as_well_is_not_a_librarys() -> None:
    notes = ("lib/package.json:1: a", "app/package.json:1: a")
    for order in (notes, notes[::-1]):
        assert judged_of(reading(imprecise=order), libraries={"lib": True, "app": False}).of_libraries == 0


def test_manifests_that_are_none_are_named() -> None:
    one = Reading(packages=(), imprecise=(), errors=(), unread=("a/pom.xml: cannot be parsed: x", "r.txt:3: no"))
    assert judged_of(one).notes == ("what is no manifest by its text, as a template: a/pom.xml, r.txt:3",)


def test_nothing_declared_is_all_judged() -> None:
    judged: Any = judged_of(reading())
    assert (judged.per_cent, judged.unjudged, judged.commands, judged.notes) == (100.0, 0, (), ())
