"""Whose a finding is, what a newer base mends, and images that are too old."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gate.images.limits import Limits
from gate.images.provenance.base import Ancestry, Base, PackageName
from gate.images.provenance.base.judge import facts_on, findings_on, with_origins
from gate.images.scan import ImageOptions, Scan, scan_image
from gate.model import Finding, Image, Location, Origin, Package, Severity, Vulnerability
from tests.images.conftest import STATUS

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CURL = b"Package: curl\nStatus: install ok installed\nVersion: 7.88.1-10\n\n"
HISTORY = [
    {"created_by": "ADD rootfs.tar /"},
    {"created_by": 'CMD ["bash"]', "empty_layer": True},
    {"created_by": "RUN apt-get install curl"},
]


@pytest.fixture
def scanned(make: Any, tmp_path: Path) -> Callable[..., Scan]:
    """Return a function that scans a Debian with own layers over it."""

    def scan(*own: bytes, **parts: Any) -> Scan:
        layers = [make.base(), *own]
        archive = make.archive(tmp_path / "a.tar", make.docker_files(layers, **parts))
        target = Image(source="archive", reference=archive, name="a")
        return scan_image(target, ImageOptions(Limits(1 << 30, 1000)))

    return scan


def on(
    name: str, version: str, layer: str | None, fixed: tuple[str, ...] = ("9",), ecosystem: str = "Debian:12"
) -> Finding:
    return Finding(
        stage="image",
        rule="CVE-1",
        severity=Severity.HIGH,
        title="t",
        message="m",
        fingerprint=name,
        location=Location(target="a", layer=layer),
        package=Package(name=name, version=version, ecosystem=ecosystem, purl=f"pkg:deb/{name}"),
        vulnerability=Vulnerability(id="CVE-1", fixed_versions=fixed),
    )


def test_a_package_that_the_base_had_is_the_bases_though_own_layers_wrote_its_database(
    make: Any, scanned: Callable[..., Scan]
) -> None:
    own = make.layer(make.file("var/lib/dpkg/status", STATUS + CURL))
    ancestry = scanned(own, history=HISTORY).ancestry
    assert ancestry.base_packages == (PackageName("Debian:12", "bash", "5.2.15-2"),)
    findings = [on("bash", "5.2.15-2", make.digest(own)), on("curl", "7.88.1-10", make.digest(own))]
    assert [one.origin for one in with_origins(findings, ancestry)] == [Origin.BASE, Origin.OWN]


def test_other_findings_are_of_the_layer_that_brought_their_file(make: Any, scanned: Callable[..., Scan]) -> None:
    own = make.layer(make.file("app/x"))
    ancestry = scanned(own, history=HISTORY).ancestry
    layers = [make.digest(make.base()), make.digest(own), None]
    findings = [on("x", "1", layer, ecosystem="PyPI") for layer in layers]
    assert [one.origin for one in with_origins(findings, ancestry)] == [Origin.BASE, Origin.OWN, None]


def test_an_account_of_the_base_is_the_bases_though_own_layers_wrote_its_file(
    make: Any, scanned: Callable[..., Scan]
) -> None:
    lines = [b"root::0:0::/root:/bin/sh\n", b"app::1:1::/:/bin/sh\n", b"toor:*:0:0::/:/bin/false\n"]
    files = [make.layer(make.file("etc/passwd", content)) for content in (lines[0], b"".join(lines))]
    scan = scanned(*files, history=[HISTORY[0], HISTORY[0], *HISTORY[1:]])
    accounts = [one for one in with_origins(scan.findings, scan.ancestry) if one.rule in ("GI023", "GI025")]
    assert [(one.message, one.origin) for one in accounts] == [
        ("The password of root is empty", Origin.BASE),
        ("The password of app is empty", Origin.OWN),
        ("These accounts have the id 0: root, toor", Origin.OWN),
    ]


def test_without_a_base_nobody_knows(make: Any, scanned: Callable[..., Scan]) -> None:
    ancestry = scanned(make.layer(make.file("app/x"))).ancestry
    (finding,) = with_origins([on("x", "1", make.digest(make.base()))], ancestry)
    assert (ancestry.base, finding.origin) == (None, None)


def test_a_database_of_the_base_that_cannot_be_read_leaves_it_open(make: Any, scanned: Callable[..., Scan]) -> None:
    broken = make.layer(make.file("var/lib/dpkg/status", b"Package: \x00\n"))
    own = make.layer(make.file("var/lib/dpkg/status", STATUS))
    steps = [HISTORY[0], HISTORY[0], *HISTORY[1:]]
    ancestry = scanned(broken, own, history=steps).ancestry
    assert ancestry.base_packages is None
    (finding,) = with_origins([on("bash", "5.2.15-2", make.digest(own))], ancestry)
    assert finding.origin is None


def ancestry(**parts: Any) -> Ancestry:
    return Ancestry(**{"base": None, "created": None, "chain_id": "sha256:0", **parts})


def rules(about: Ancestry, findings: list[Finding] | None = None, days: int | None = None) -> dict[str, str]:
    longest = timedelta(days=days) if days is not None else None
    found = findings_on(about, with_origins(findings or [], about), target="a", now=NOW, longest=longest)
    return {one.rule: one.message for one in found}


DEBIAN = Base(known_by="history", name="debian:12", layers=("L1",))


def test_a_newer_base_is_advised_with_what_it_clears() -> None:
    findings = [on("a", "1", "L1"), on("b", "1", "L1"), on("c", "1", "L1", fixed=()), on("d", "1", "L2")]
    assert rules(ancestry(base=DEBIAN), findings) == {
        "GI062": "Fixes are released for 2 findings that debian:12 brings: rebuilding on its newest build clears up to "
        "2 at once, updating what our own layers bring 1. For 1 more that it brings there is no fix: another base may "
        "be without"
    }
    assert rules(ancestry(base=DEBIAN), findings[:2])["GI062"].endswith("updating what our own layers bring 0")
    assert rules(ancestry(base=DEBIAN), findings[2:]) == {}


@pytest.mark.parametrize(
    ("base", "is_told"),
    [
        (Base(known_by="label", name="debian:12"), True),
        (Base(known_by="label", name="debian:12", digest="sha256:0"), False),
        (Base(known_by="label", name="debian@sha256:0"), False),
        (Base(known_by="layers", name="debian:12", layers=("L1",)), False),
        (Base(known_by="history", layers=("L1",)), False),
    ],
)
def test_a_base_of_which_only_the_tag_is_known_is_not_pinned(base: Base, *, is_told: bool) -> None:
    assert ("GI061" in rules(ancestry(base=base))) is is_told


@pytest.mark.parametrize(
    ("created", "days", "message"),
    [
        ("2026-08-01T00:00:00.123456789Z", 90, "It is 114 days old; at most 90 days are allowed"),
        ("2026-11-01T00:00:00Z", 90, None),
        ("2026-08-01T00:00:00Z", None, None),
        (None, 90, "It does not say when it was built; at most 90 days are allowed"),
        ("1970-01-01T00:00:00Z", 90, "It does not say when it was built; at most 90 days are allowed"),
        ("2099-01-01T00:00:00Z", 90, "It says that it will be built in 26,336 days; at most 90 days are allowed"),
        ("2026-11-24T12:00:00Z", 90, None),
        ("yesterday", 90, "It does not say when it was built; at most 90 days are allowed"),
    ],
)
def test_an_image_may_be_so_old(created: str | None, days: int | None, message: str | None) -> None:
    assert rules(ancestry(created=created), days=days).get("GI060") == message


def test_facts_say_what_is_known_and_how() -> None:
    assert facts_on(ancestry()) == {"chain_id": "sha256:0"}
    known = facts_on(ancestry(base=DEBIAN, created="2026-08-01"))
    assert known == {
        "chain_id": "sha256:0",
        "created": "2026-08-01",
        "base": "debian:12",
        "base_known_by": "history",
        "base_layers": 1,
    }
