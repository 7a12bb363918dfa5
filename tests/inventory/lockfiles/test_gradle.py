"""Gradle's lockfiles and its verification metadata."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.discovery import find_lockfiles
from gate.inventory.lockfile import Locked
from gate.model import Tree
from gate.trees import open_tree

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """# This is a Gradle generated file for dependency locking.
com.google.guava:guava:31.0-jre=compileClasspath,testRuntimeClasspath
org.junit:junit:4.12=testCompileClasspath,testRuntimeClasspath
org.projectlombok:lombok:1.18=annotationProcessor
old.style:one:1.0
empty=annotationProcessor
"""

METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<verification-metadata xmlns="https://schema.example/dependency-verification">
   <configuration><verify-metadata>true</verify-metadata></configuration>
   <components>
      <component group="com.google.guava" name="guava" version="31.0-jre">
         <artifact name="guava.jar"><sha256 value="00"/></artifact>
      </component>
   </components>
</verification-metadata>
"""


def test_configurations_say_what_a_package_is_for(locked: Read) -> None:
    found = locked({"gradle.lockfile": LOCK})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct) for p in found.packages] == [
        ("com.google.guava:guava", "31.0-jre", 2, "runtime", None),
        ("org.junit:junit", "4.12", 3, "development", None),
        ("org.projectlombok:lombok", "1.18", 4, "development", None),
        ("old.style:one", "1.0", 5, "runtime", None),
    ]
    assert found.packages[0].purl == "pkg:maven/com.google.guava/guava@31.0-jre"


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("buildscript-gradle.lockfile", "development"),
        ("gradle/dependency-locks/testRuntimeClasspath.lockfile", "development"),
        ("gradle/dependency-locks/runtimeClasspath.lockfile", "runtime"),
    ],
)
def test_the_name_of_the_file_says_it_where_lines_do_not(locked: Read, path: str, scope: str) -> None:
    (package,) = locked({path: "a:b:1\n"}).packages
    assert package.scope.value == scope


@pytest.mark.parametrize(
    ("used", "scope"),
    [
        ("compileClasspath, runtimeClasspath", "runtime"),
        ("testCompileClasspath , testRuntimeClasspath ", "development"),
        (" testRuntimeClasspath", "development"),
    ],
)
def test_blanks_between_configurations_mean_nothing(locked: Read, used: str, scope: str) -> None:
    (package,) = locked({"gradle.lockfile": f"a:b:1={used}\nempty = x\n"}).packages
    assert (package.name, package.version, package.scope.value) == ("a:b", "1", scope)


@pytest.mark.parametrize("line", ["a:b:1=c,", "a:b:1=,c", "a:b=c", "a", "a:b:1=c d", "a:b:1:2=c", "{}"])
def test_a_broken_line_is_named(locked: Read, line: str) -> None:
    with pytest.raises(UnreadableError, match=r"cannot be parsed: a line is .*\(line 2\)"):
        locked({"gradle.lockfile": f"# x\n{line}\n"})


def test_all_components_that_have_checksums(locked: Read) -> None:
    found = locked({"gradle/verification-metadata.xml": METADATA})
    assert [(p.name, p.version, p.line) for p in found.packages] == [("com.google.guava:guava", "31.0-jre", 5)]


def test_the_lockfile_goes_before_the_checksums(make_tree: Callable[[dict[str, str]], Tree]) -> None:
    tree = open_tree(make_tree({"gradle.lockfile": LOCK, "gradle/verification-metadata.xml": METADATA}))
    assert find_lockfiles(tree).paths == ("gradle.lockfile",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<a/>", "its root element is 'a'"),
        (METADATA.replace('group="com.google.guava" ', ""), r"a component has no group.*\(line 5\)"),
        (METADATA.replace("<configuration>", "<!DOCTYPE x>"), "it is not XML"),
    ],
)
def test_broken_metadata_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"gradle/verification-metadata.xml": text})
