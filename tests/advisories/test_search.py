"""`find_vulnerabilities`: from packages to findings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.advisories import Matches, find_vulnerabilities
from gate.model import Edit, InUse, Scope, Severity, fingerprint
from gate.pipeline.context import LocalContext
from gate.settings import AdvisorySettings

Make = Callable[..., Any]
V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def rules(matches: Matches) -> list[str]:
    assert matches.errors == ()
    return [finding.rule for finding in matches.findings]


def test_a_finding_says_all_that_is_known(make_bucket: Make, advisory: Make, package: Make, match: Make) -> None:
    bucket = make_bucket(
        {
            "npm": [
                advisory(
                    "GHSA-1", "npm", "lodash", "0", "4.17.21", cvss=V3, aliases=["CVE-2021-1"], summary="Injection",
                    published="2021-02-03T00:00:00Z",
                    references=[
                        {"type": "WEB", "url": "https://packages.example/talk"},
                        {"type": "FIX", "url": "https://packages.example/fix"},
                        {"type": "ADVISORY", "url": "https://packages.example/advisory"},
                        {"type": "WEB", "url": "javascript:alert(1)"},
                    ],
                    database_specific={"cwe_ids": ["CWE-1321", "CWE-79", "no"], "cwes": [{"cweId": "CWE-94"}, 1]},
                )
            ]
        },
        exploited=["CVE-2021-1", "CVE-2000-1"],
        scores={"CVE-2021-1": 0.25, "CVE-2000-1": 0.5},
    )  # fmt: skip
    lodash = package("npm", "lodash", "4.17.15", path="web/package-lock.json", line=7, direct=True)
    (finding,) = match(bucket, lodash).findings
    assert (finding.stage, finding.rule, finding.severity) == ("dependencies", "GHSA-1", Severity.CRITICAL)
    assert finding.title == "lodash 4.17.15: Injection"
    assert finding.message == (
        "GHSA-1 (also CVE-2021-1) affects lodash 4.17.15. It is a direct runtime dependency. Fixed in 4.17.21. "
        "It is in CISA's catalogue of vulnerabilities that attackers already use."
    )
    assert finding.help_uri == "https://osv.dev/vulnerability/GHSA-1"
    assert finding.fingerprint == fingerprint("dependencies", "GHSA-1", "web/package-lock.json", "npm", "lodash")
    assert (finding.location.target, finding.location.path, finding.location.line) == (
        "tree",
        "web/package-lock.json",
        7,
    )
    assert (finding.package, finding.in_use) == (lodash, InUse.UNKNOWN)
    known = finding.vulnerability
    assert known is not None
    assert (known.id, known.aliases, known.cvss, known.epss) == ("GHSA-1", ("CVE-2021-1",), 9.8, 0.25)
    assert known.references == tuple(f"https://packages.example/{page}" for page in ("advisory", "fix", "talk"))
    assert known.cwes == ("CWE-79", "CWE-94", "CWE-1321")
    assert (known.known_exploited, known.fixed_versions, known.published) == (
        True,
        ("4.17.21",),
        "2021-02-03T00:00:00Z",
    )
    assert finding.fix is not None
    assert finding.fix.description == "Update lodash from 4.17.15 to 4.17.21: npm install lodash@4.17.21"


def test_facts_name_the_source_and_its_date(make_bucket: Make, advisory: Make, package: Make, match: Make) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]}, exploited=["CVE-1"], scores={"CVE-1": 0.5})
    matches = match(bucket, package("npm", "a", "1.0.0"))
    assert matches.facts == {
        "advisories_source": str(bucket),
        "advisories": ["npm: 1, newest 2026-01-02T00:00:00Z"],
        "advisories_newest": "2026-01-02T00:00:00Z",
        "advisories_overruled": 0,
        "commit_ranges_not_compared": 0,
        "ecosystems_without_advisories": [],
        "vex_statements": 0,
        "known_exploited": "1 vulnerabilities, 2026.01.01",
        "epss": "1 scores, 2026-01-01",
    }


def test_absent_catalogues_are_facts_and_damaged_ones_errors(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    matches = match(bucket, package("npm", "a", "1.0.0"))
    assert matches.errors == ()
    assert matches.facts["known_exploited"] == "no known_exploited_vulnerabilities.json"
    assert matches.facts["epss"] == "no epss_scores-current.csv.gz"
    (bucket / "known_exploited_vulnerabilities.json").write_text("{")
    (bucket / "epss_scores-current.csv.gz").write_bytes(b"\x1f\x8b nonsense")
    matches = match(bucket, package("npm", "a", "1.0.0"))
    assert [error.path for error in matches.errors] == [
        "known_exploited_vulnerabilities.json",
        "epss_scores-current.csv.gz",
    ]
    assert len(matches.findings) == 1


def test_an_advisory_without_a_cve_is_as_likely_to_be_exploited_as_the_cves_it_names(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    page = "https://packages.example/record?id=CVE-2025-1002"
    linked = advisory("GHSA-1", "npm", "next", references=[{"type": "WEB", "url": page}], related=["CVE-2025-1001"])
    own = advisory("GHSA-2", "npm", "next", aliases=["CVE-2025-1003"], related=["CVE-2025-1001"])
    bucket = make_bucket({"npm": [linked, own]}, ["CVE-2025-1001"], {"CVE-2025-1002": 0.4, "CVE-2025-1003": 0.1})
    first, second = (one.vulnerability for one in match(bucket, package("npm", "next", "15.0.0")).findings)
    assert (first.aliases, first.epss, first.known_exploited) == ((), 0.4, True)
    assert (second.aliases, second.epss, second.known_exploited) == (("CVE-2025-1003",), 0.1, False)


BROKEN_SCORES = ["CVE-1", "CVE-1,high,1", "CVE-1,2,1", "CVE-1,nan,1", "GHSA-1,0.1,1", "CVE-1,0.1,1\nCVE-1,0.2,1"]


@pytest.mark.parametrize("row", BROKEN_SCORES)
def test_broken_scores_are_an_error(make_bucket: Make, advisory: Make, package: Make, match: Make, row: str) -> None:
    import gzip

    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    (bucket / "epss_scores-current.csv.gz").write_bytes(gzip.compress(f"cve,epss,percentile\n{row}\n".encode()))
    (error,) = match(bucket, package("npm", "a", "1.0.0")).errors
    assert error.path == "epss_scores-current.csv.gz"


@pytest.mark.parametrize(
    ("ecosystem", "name", "version", "introduced", "fixed", "description"),
    [
        ("PyPI", "jinja2", "2.10", "0", "2.11.3", "Update jinja2 from 2.10 to 2.11.3"),
        ("PyPI", "torch", "2.0.0+cu118", "0", "2.0.1", "Update torch from 2.0.0+cu118 to 2.0.1"),
        ("Go", "golang.org/x/net", "v0.6.0", "0", "0.7.0", "Update golang.org/x/net from v0.6.0 to v0.7.0"),
        ("Go", "stdlib", "1.20.1", "0", "1.20.2", "Update stdlib from 1.20.1 to 1.20.2"),
        ("crates.io", "time", "0.1.0", "0.0.0-0", "0.2.23", "Update time from 0.1.0 to 0.2.23"),
        ("Debian:12", "openssl", "3.0.9-1", "0", "3.0.11-1~deb12u2", "Update openssl from 3.0.9-1 to 3.0.11-1~deb12u2"),
        ("Ubuntu:22.04:LTS", "bash", "5.1-6ub", "0", "5.1-6ub.1", "Update bash from 5.1-6ub to 5.1-6ub.1"),
        ("Alpine:v3.18", "busybox", "1.36.1-r0", "0", "1.36.1-r1", "Update busybox from 1.36.1-r0 to 1.36.1-r1"),
    ],
)  # fmt: skip
def test_every_ecosystem_has_its_own_order(
    make_bucket: Make, advisory: Make, package: Make, match: Make,
    ecosystem: str, name: str, version: str, introduced: str, fixed: str, description: str,
) -> None:  # fmt: skip
    bucket = make_bucket({ecosystem.partition(":")[0]: [advisory("X-1", ecosystem, name, introduced, fixed)]})
    found = match(bucket, package(ecosystem, name, version), package(ecosystem, name, fixed))
    assert rules(found) == ["X-1"]
    assert found.findings[0].fix.description.partition(": ")[0] == description


def test_a_local_build_is_judged_by_its_public_version(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    affected = {"affected": [{"package": {"ecosystem": "PyPI", "name": "torch"}, "versions": ["2.0.0"]}]}
    bucket = make_bucket({"PyPI": [advisory("PYSEC-1", "PyPI", "torch") | affected]})
    assert rules(match(bucket, package("PyPI", "torch", "2.0.0+cu118"), package("PyPI", "torch", "2.0.1"))) == [
        "PYSEC-1"
    ]


def test_one_raise_that_mends_everything_is_preferred(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket(
        {
            "npm": [
                advisory("GHSA-1", "npm", "a", "0", "1.1.0"),
                advisory("GHSA-2", "npm", "a", "0", "1.3.0"),
                advisory("GHSA-3", "npm", "a", "1.3.0", "1.4.0"),
                advisory("GHSA-4", "npm", "b", "0", "2.0.0"),
                advisory("GHSA-5", "npm", "b"),
                advisory("GHSA-6", "npm", "c"),
            ]
        }
    )
    found = match(bucket, *(package("npm", name, "1.0.0") for name in "abc"))
    assert {finding.rule: finding.fix.description if finding.fix else None for finding in found.findings} == {
        "GHSA-1": "Update a from 1.0.0 to 1.4.0",
        "GHSA-2": "Update a from 1.0.0 to 1.4.0",
        "GHSA-4": "Update b from 1.0.0 to 2.0.0; no version is known that fixes all its vulnerabilities",
        "GHSA-5": None,
        "GHSA-6": None,
    }


def test_edits_come_from_who_knows_the_file(
    make_bucket: Make, advisory: Make, package: Make, make_context: Callable[..., LocalContext]
) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a", "0", "1.1.0")]})
    edit = Edit(path="p", start=(1, 1), end=(1, 2), text="1.1.0")
    matches = find_vulnerabilities(
        [package("npm", "a", "1.0.0")],
        stage="image",
        target="t",
        context=make_context(advisories=AdvisorySettings(source=str(bucket))),
        edits=lambda _, version: (edit,) if version == "1.1.0" else (),
    )
    assert matches.findings[0].fix.edits == (edit,)  # type: ignore[union-attr]
    assert matches.findings[0].stage == "image"


def test_malicious_packages_are_removed_not_raised(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket(
        {
            "npm": [
                advisory("MAL-2026-1", "npm", "lodahs", aliases=["GHSA-1"]),
                advisory("GHSA-1", "npm", "lodahs", "0", "9"),
            ]
        }
    )
    (finding,) = match(bucket, package("npm", "lodahs", "1.0.0")).findings
    assert (finding.rule, finding.severity, finding.is_fixable) == ("MAL-2026-1", Severity.CRITICAL, False)
    assert finding.fix is not None
    assert finding.fix.description == "Remove lodahs and replace the credentials that it could reach"
    assert "malicious intent" in finding.message
    assert finding.vulnerability.malicious


def test_rustsecs_malicious_crates_are_malicious_too(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    told = advisory("RUSTSEC-2026-1", "crates.io", "rustdecimal", "0.0.0-0")
    told["affected"][0]["database_specific"] = {"categories": ["malicious"]}
    (finding,) = match(make_bucket({"crates.io": [told]}), package("crates.io", "rustdecimal", "1.23.1")).findings
    assert (finding.rule, finding.severity, finding.vulnerability.malicious) == (
        "RUSTSEC-2026-1",
        Severity.CRITICAL,
        True,
    )


def test_one_version_in_one_file_is_one_finding(make_bucket: Make, advisory: Make, package: Make, match: Make) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a"), advisory("X-1", "npm", "a", aliases=["GHSA-1"])]})
    found = match(
        bucket,
        package("npm", "a", "1.0.0", path="x", line=9, scope=Scope.DEVELOPMENT, direct=True),
        package("npm", "a", "1.0.0", path="x", line=30),
        package("npm", "a", "2.0.0", path="x", line=5),
        package("npm", "a", "1.0.0", path="w"),
    )
    places = [(f.location.path, f.location.line, f.package.version, f.package.scope) for f in found.findings]
    assert places == [
        ("w", None, "1.0.0", Scope.RUNTIME),
        ("x", 5, "2.0.0", Scope.RUNTIME),
        ("x", 30, "1.0.0", Scope.RUNTIME),
    ]
    assert len({finding.fingerprint for finding in found.findings}) == 2


def test_the_order_of_packages_does_not_matter(make_bucket: Make, advisory: Make, package: Make, match: Make) -> None:
    bucket = make_bucket({"npm": [advisory(f"GHSA-{n}", "npm", name) for n, name in enumerate("cabab")]})
    packages = [package("npm", name, version, path=path) for name in "cab" for version in "12" for path in "qp"]
    assert match(bucket, *packages) == match(bucket, *reversed(packages))


def test_withdrawn_advisories_and_other_packages_are_silent(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket(
        {"npm": [advisory("GHSA-1", "npm", "a", withdrawn="2026-01-01T00:00:00Z"), advisory("GHSA-2", "npm", "b")]}
    )
    assert rules(match(bucket, package("npm", "a", "1.0.0"), package("npm", "B", "1.0.0"))) == []


def test_a_missing_ecosystem_is_an_error_and_the_others_are_judged(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    matches = match(bucket, package("npm", "a", "1.0.0"), package("PyPI", "b", "1"), package("Nowhere", "c", "1"))
    assert [finding.rule for finding in matches.findings] == ["GHSA-1"]
    assert [str(error) for error in matches.errors] == [
        "packages of the ecosystem 'Nowhere' cannot be judged: "
        "No version order is known for it; 1 packages were not looked up",
        f"PyPI/all.zip: there are no advisories for PyPI: {bucket} has no PyPI/all.zip; add it, "
        "or set advisories.source to a bucket that has it",
    ]


def test_a_release_that_the_advisories_do_not_know_is_an_error(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket({"Debian": [advisory("D-1", "Debian:12", "a")]})
    matches = match(bucket, package("Debian:13", "a", "1"), package("Debian:12", "a", "1"))
    assert [finding.rule for finding in matches.findings] == ["D-1"]
    assert [error.title for error in matches.errors] == ["the advisories say nothing about Debian:13"]


def test_a_damaged_ecosystem_is_named_and_the_others_are_judged(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")], "PyPI": [advisory("PYSEC-1", "PyPI", "b")]})
    (bucket / "PyPI" / "all.zip").write_bytes(b"PK")
    matches = match(bucket, package("npm", "a", "1.0.0"), package("PyPI", "b", "1"))
    assert [finding.rule for finding in matches.findings] == ["GHSA-1"]
    assert [error.path for error in matches.errors] == ["PyPI/all.zip"]


@pytest.mark.parametrize("source", ["/nowhere/at/all", "nowhere", "ftp://advisories.example/osv", "file:///nowhere"])
def test_a_missing_source_is_an_error(package: Make, match: Make, source: str) -> None:
    (error,) = match(source, package("npm", "a", "1.0.0")).errors
    assert "advisories.source in gate.yaml" in error.message


def test_without_packages_nobody_is_asked(match: Make, tmp_path: Path) -> None:
    assert match("/nowhere/at/all") == Matches()
    assert not (tmp_path / "cache" / "advisories").exists()


def test_ecosystems_that_osv_does_not_have_are_a_fact(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    pods = [package("CocoaPods", name, "1.0") for name in ("SomePod", "OtherPod")]
    matches = match(bucket, package("npm", "a", "1.0.0"), *pods, package("Terraform", "hashicorp/aws", "5.0"))
    assert (rules(matches), matches.facts["ecosystems_without_advisories"]) == (
        ["GHSA-1"],
        ["CocoaPods: 2", "Terraform: 1"],
    )


def test_a_pod_is_judged_as_the_swift_package_of_its_repository(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    about = advisory("GHSA-1", "SwiftURL", "github.com/ZipArchive/ZipArchive", "0", "2.5.4")
    pods = [package("CocoaPods", "SSZipArchive", version, path="Podfile.lock") for version in ("2.4.0", "2.5.4")]
    matches = match(make_bucket({"SwiftURL": [about]}), *pods, package("CocoaPods", "ZipArchive", "1.0"))
    (finding,) = matches.findings
    assert (finding.package.ecosystem, finding.package.name, finding.package.version) == (
        "CocoaPods",
        "SSZipArchive",
        "2.4.0",
    )
    assert finding.vulnerability.fixed_versions == ("2.5.4",)
    assert "pod update SSZipArchive" in finding.fix.description
    assert matches.facts["ecosystems_without_advisories"] == ["CocoaPods: 1"]


def test_a_source_without_advisories_on_swift_is_a_fact_for_pods_and_an_error_for_swift_packages(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    pod = package("CocoaPods", "Alamofire", "1.0")
    matches = match(bucket, pod)
    assert (matches.errors, matches.facts["advisories_not_in_source"]) == ((), ["SwiftURL"])
    (error,) = match(bucket, pod, package("SwiftURL", "github.com/o/n", "1.0.0")).errors
    assert error.path == "SwiftURL/all.zip"


@pytest.mark.parametrize(
    ("stated", "affected"),
    [
        ("<= 1.2.0", ["1.0.0", "1.2.0"]),
        ("< 1.2.0", ["1.0.0"]),
        ("<=1.2.0", ["1.0.0", "1.2.0"]),
        ("= 1.2.0", ["1.0.0", "1.2.0"]),
        ("1.2.0", ["1.0.0", "1.2.0", "2.0.0"]),
        ("< ", ["1.0.0", "1.2.0", "2.0.0"]),
        (7, ["1.0.0", "1.2.0", "2.0.0"]),
    ],
)
def test_the_last_version_that_github_knows_to_be_affected(
    make_bucket: Make, advisory: Make, package: Make, match: Make, stated: object, affected: list[str]
) -> None:
    about = advisory("GHSA-1", "npm", "a")
    about["affected"][0]["database_specific"] = {"last_known_affected_version_range": stated}
    matches = match(
        make_bucket({"npm": [about]}), *(package("npm", "a", version) for version in ("1.0.0", "1.2.0", "2.0.0"))
    )
    assert [finding.package.version for finding in matches.findings] == affected
    assert {finding.vulnerability.fixed_versions for finding in matches.findings} == {()}


def test_the_last_version_known_says_nothing_of_a_range_that_ends(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    about = advisory("GHSA-1", "npm", "a", "0", "3.0.0")
    about["affected"][0]["database_specific"] = {"last_known_affected_version_range": "<= 1.2.0"}
    assert rules(match(make_bucket({"npm": [about]}), package("npm", "a", "2.0.0"))) == ["GHSA-1"]


def test_what_another_package_brings_in_is_raised_through_it(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "qs", "0", "6.9.7")]})
    qs = package("npm", "qs", "6.9.0", path="package-lock.json", direct=False, via=("express", "body-parser"))
    (finding,) = match(bucket, qs).findings
    assert "It is a runtime dependency that express (through body-parser) brings in." in finding.message
    assert finding.fix.description == (
        "Update qs from 6.9.0 to 6.9.7: npm update qs; if express does not allow it, update express"
    )


@pytest.mark.parametrize(
    ("told", "asked", "rules_found"),
    [
        ("Ubuntu:22.04:LTS", "Ubuntu:22.04", ["X-1"]),
        ("Ubuntu:22.04", "Ubuntu:22.04:LTS", ["X-1"]),
        ("Red Hat:enterprise_linux:9::baseos", "Red Hat:9", ["X-1"]),
        ("Red Hat:enterprise_linux:9::appstream", "Red Hat:enterprise_linux:9", ["X-1"]),
        ("AlmaLinux:9", "AlmaLinux:9.3", ["X-1"]),
        ("SUSE:Linux Enterprise Module for Basesystem 15 SP5", "SUSE:Linux Enterprise Server 15 SP5", ["X-1"]),
        ("SUSE:Linux Enterprise Server 15 SP4", "SUSE:Linux Enterprise Server 15 SP5", None),
        ("Ubuntu:Pro:22.04:LTS", "Ubuntu:22.04:LTS", None),
        ("Red Hat:enterprise_linux:8::baseos", "Red Hat:9", None),
        ("Debian:12", "Debian:11", None),
    ],
)
def test_a_release_is_known_by_all_its_names(
    make_bucket: Make, advisory: Make, package: Make, match: Make, told: str, asked: str, rules_found: list[str] | None
) -> None:
    bucket = make_bucket({told.partition(":")[0]: [advisory("X-1", told, "bash", "0", "5.2-1")]})
    matches = match(bucket, package(asked, "bash", "5.1-1"))
    if rules_found is None:
        assert [error.title for error in matches.errors] == [f"the advisories say nothing about {asked}"]
    else:
        assert rules(matches) == rules_found


def test_ubuntu_pro_speaks_of_what_it_built(make_bucket: Make, advisory: Make, package: Make, match: Make) -> None:
    told = [advisory("X-1", "Ubuntu:22.04:LTS", "a"), advisory("X-2", "Ubuntu:Pro:22.04:LTS", "b", "0", "1-2+esm3")]
    bucket = make_bucket({"Ubuntu": told})
    assert rules(match(bucket, package("Ubuntu:22.04:LTS", "b", "1-2+esm1"))) == ["X-2"]
    assert rules(match(bucket, package("Ubuntu:22.04:LTS", "b", "1-2"))) == []


def test_a_vulnerability_of_several_products_of_a_release_is_one_finding(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    events = [{"introduced": "0"}, {"fixed": "5.2-1"}]
    affected = [
        {
            "package": {"ecosystem": f"Red Hat:enterprise_linux:9::{name}", "name": "bash"},
            "ranges": [{"type": "ECOSYSTEM", "events": events}],
        }
        for name in ("baseos", "appstream")
    ]
    document = {"id": "RHSA-1", "modified": "2026-01-02T00:00:00Z", "affected": affected, "upstream": ["CVE-1"]}
    assert rules(match(make_bucket({"Red Hat": [document]}), package("Red Hat:9", "bash", "5.1-1"))) == ["RHSA-1"]


def test_a_version_that_only_another_vulnerability_reaches_is_passed_over(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    later = advisory("GHSA-2", "npm", "a", "1.4.0", "1.8.0")
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "a", "0", "1.5.0"), later]})
    (finding,) = match(bucket, package("npm", "a", "1.0.0")).findings
    assert (finding.rule, finding.fix.description) == ("GHSA-1", "Update a from 1.0.0 to 1.8.0")


def test_packages_without_advisories_are_counted_as_not_judged(
    make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    bucket = make_bucket({"npm": [advisory("GHSA-1", "npm", "lodash", "0", "4.17.21")]})
    lodash, flask = package("npm", "lodash", "4.17.15"), package("PyPI", "flask", "1")
    pod = package("CocoaPods", "A", "1")
    assert match(bucket, lodash).not_judged == 0
    assert match(bucket, lodash, flask, pod).not_judged == 2
    debian = package("Debian:99", "curl", "1")
    with_debian = make_bucket({"Debian": [advisory("DSA-1", "Debian:12", "curl", "0", "2")]})
    assert match(with_debian, debian, package("Debian:12", "curl", "1")).not_judged == 1
