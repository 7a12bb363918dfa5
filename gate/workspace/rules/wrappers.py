"""Rules on build tools that a repository brings along or fetches."""

from collections.abc import Iterator

import msgspec

from gate.model import Severity
from gate.rules import Hit
from gate.workspace.model import BuildWrapper
from gate.workspace.readers.model_addresses import host_of, is_local
from gate.workspace.rule import WRAPPERS, rule

_HOSTS = (
    *("services.gradle.org", "downloads.gradle.org", "repo.maven.apache.org", "repo1.maven.org", "archive.apache.org"),
    *("dlcdn.apache.org", "downloads.apache.org"),
)


def _hit(wrapper: BuildWrapper, why: str) -> Hit:
    evidence = (wrapper.path, wrapper.address)
    return Hit(message=f"{wrapper.by} wrapper: {why}", path=wrapper.path, line=wrapper.line, evidence=evidence)


@rule(
    "GW501",
    Severity.HIGH,
    "The program of a build wrapper is not the published one",
    looks_at=WRAPPERS,
    why="The wrapper runs at every build, and no one reads a binary file in a change: a changed one is a way in.",
    mend="Write it again: `gradle wrapper --gradle-version VERSION` or `mvn wrapper:wrapper`, and compare its hash.",
    references=("CWE-506", "CWE-494"),
    bad="gradle/wrapper/gradle-wrapper.jar: not a published one",
    good="gradle/wrapper/gradle-wrapper.properties: distributionUrl=https\\://services.gradle.org/distributions/a.zip",
)
def unknown_wrapper(wrapper: BuildWrapper) -> Iterator[Hit]:
    if wrapper.is_known is False and wrapper.by == "Gradle":
        yield _hit(wrapper, "its SHA-256 is on no list of Gradle's")
    elif wrapper.is_known is False:
        hit = _hit(wrapper, "its SHA-256 is not that of the version, or the one, that maven-wrapper.properties names")
        yield msgspec.structs.replace(hit, severity=Severity.MEDIUM)


@rule(
    "GW502",
    Severity.INFO,
    "What the wrapper fetches has no checksum",
    looks_at=WRAPPERS,
    why="Whatever lies at the address runs; a checksum makes it the same for everyone.",
    mend="Add distributionSha256Sum (`gradle wrapper --gradle-distribution-sha256-sum …`).",
    references=("CWE-494",),
    bad="gradle/wrapper/gradle-wrapper.properties: distributionUrl=https\\://services.gradle.org/distributions/a.zip",
    good="gradle/wrapper/gradle-wrapper.properties: distributionUrl=https\\://services.gradle.org/distributions/a.zip\n"
    "distributionSha256Sum=00",
)
def no_checksum(wrapper: BuildWrapper) -> Iterator[Hit]:
    if wrapper.address and not wrapper.has_checksum:
        yield _hit(wrapper, f"{wrapper.address[:160]} has no checksum")


@rule(
    "GW503",
    Severity.HIGH,
    "The wrapper fetches without encryption",
    looks_at=WRAPPERS,
    why="Anyone on the way can put a program of theirs in the build tool's place.",
    mend="Use https://, and add distributionSha256Sum.",
    references=("CWE-319", "CWE-494"),
    bad="gradle/wrapper/gradle-wrapper.properties: distributionUrl=http\\://builds.example.com/gradle.zip",
    good="gradle/wrapper/gradle-wrapper.properties: distributionUrl=https\\://builds.example.com/gradle.zip",
)
def plain_wrapper(wrapper: BuildWrapper) -> Iterator[Hit]:
    if wrapper.address.startswith("http://") and not is_local(wrapper.address) and not wrapper.has_checksum:
        yield _hit(wrapper, wrapper.address[:160])


@rule(
    "GW504",
    Severity.LOW,
    "The wrapper fetches from another host",
    looks_at=WRAPPERS,
    why="Its owner decides what every build runs.",
    mend="Check that the host is yours or one that you trust, and add distributionSha256Sum.",
    references=("CWE-829",),
    bad="gradle/wrapper/gradle-wrapper.properties: distributionUrl=https\\://builds.example.com/gradle.zip",
    good="gradle/wrapper/gradle-wrapper.properties: distributionUrl=https\\://services.gradle.org/distributions/a.zip",
)
def other_host(wrapper: BuildWrapper) -> Iterator[Hit]:
    host = host_of(wrapper.address)
    if host and host not in _HOSTS and not wrapper.has_checksum and not is_local(wrapper.address):
        yield _hit(wrapper, f"it fetches from {host}")
