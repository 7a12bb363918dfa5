"""Advisories on commits: with the history between the events, and without it."""

from collections.abc import Callable, Collection
from typing import Any

import pytest

from gate.advisories import Matches, find_vulnerabilities
from gate.advisories.commits import is_affected
from gate.advisories.osv import Document, short_forms
from gate.model import Package
from gate.settings import AdvisorySettings

Make = Callable[..., Any]
A, B, C, D = (letter * 40 for letter in "abcd")
"""Commits, each the child of the one before."""
REPO = "https://github.com/Owner/Name.git"


def on_commits(id: str, *events: dict[str, str], repo: str = REPO, **affected: Any) -> dict[str, Any]:
    ranges = [{"type": "GIT", "repo": repo, "events": list(events)}]
    return {"id": id, "modified": "2026-01-02T00:00:00Z", "affected": [{"ranges": ranges, **affected}]}


def past_of(commit: str) -> dict[str, int]:
    line = [A, B, C, D]
    return {one: line.index(commit) - line.index(one) for one in line[: line.index(commit) + 1]}


def verdicts(*events: dict[str, str], versions: tuple[str, ...] = ()) -> dict[str, tuple[bool | None, bool | None]]:
    """Return for each commit what is known of it with its history, and without."""
    [(_, _, advisory)] = short_forms(document(on_commits("CVE-1", *events, versions=versions)), "GIT")
    return {
        name: (is_affected(advisory, commit, past_of(commit)), is_affected(advisory, commit, None))
        for name, commit in {"A": A, "B": B, "C": C, "D": D}.items()
    }


def document(advisory: dict[str, Any]) -> Document:
    import msgspec

    return msgspec.convert(advisory, Document)


def test_between_introduced_and_fixed() -> None:
    assert verdicts({"introduced": B}, {"fixed": D}) == {
        "A": (False, None),
        "B": (True, True),
        "C": (True, None),
        "D": (False, False),
    }


def test_from_the_beginning_up_to_the_last_affected() -> None:
    assert verdicts({"introduced": "0"}, {"last_affected": B}) == {
        "A": (True, None),
        "B": (True, True),
        "C": (False, None),
        "D": (False, None),
    }


def test_a_range_that_does_not_begin_holds_from_the_first_commit_on() -> None:
    assert {name: known for name, (known, _) in verdicts({"fixed": C}).items()} == {
        "A": True,
        "B": True,
        "C": False,
        "D": False,
    }


def test_without_an_end_all_is_affected() -> None:
    assert set(verdicts({"introduced": "0"}).values()) == {(True, True)}


def test_introduced_again_after_the_fix() -> None:
    found = verdicts({"fixed": B}, {"introduced": D}, {"introduced": "0"}, {"fixed": "e" * 40}, {"introduced": C})
    assert {name: known for name, (known, _) in found.items()} == {"A": True, "B": False, "C": True, "D": True}


def test_where_a_commit_fixes_and_introduces_it_is_affected() -> None:
    assert verdicts({"introduced": "0"}, {"fixed": B}, {"introduced": B})["B"] == (True, True)


def test_what_lies_before_a_limit_is_not_known() -> None:
    assert verdicts({"introduced": A}, {"limit": D})["B"] == (None, None)
    assert verdicts({"introduced": A}, {"limit": "*"})["B"] == (True, None)


def test_a_tag_is_affected_if_it_is_listed() -> None:
    [(_, _, advisory)] = short_forms(document(on_commits("CVE-1", {"introduced": B}, versions=["v1.0"])), "GIT")
    assert (is_affected(advisory, "v1.0", None), is_affected(advisory, "v2.0", None)) == (True, None)


def test_versions_of_a_package_are_no_tags() -> None:
    named = {"package": {"ecosystem": "PyPI", "name": "a"}, "versions": ["1.0"]}
    [(ecosystem, name, advisory)] = short_forms(document(on_commits("PYSEC-1", {"introduced": B}, **named)), "GIT")
    assert (ecosystem, name, advisory.versions) == ("GIT", REPO, ())
    fuzzed = {"package": {"ecosystem": "OSS-Fuzz", "name": "a"}, "versions": ["v1"]}
    [(_, _, advisory)] = short_forms(document(on_commits("OSV-1", {"introduced": B}, **fuzzed)), "OSS-Fuzz")
    assert advisory.versions == ("v1",)


def test_each_repository_of_an_advisory_has_its_own_ranges() -> None:
    both = on_commits("CVE-1", {"introduced": A})
    both["affected"] += on_commits("CVE-1", {"introduced": B}, repo="https://packages.example/b")["affected"]
    found = {name: advisory.ranges for _, name, advisory in short_forms(document(both), "GIT")}
    assert [found[name][0].events for name in (REPO, "https://packages.example/b")] == [
        (("introduced", A),),
        (("introduced", B),),
    ]


class Line:
    """The history of A to D."""

    def past(self, package: Package, events: Collection[str]) -> dict[str, int] | None:
        return {id: back for id, back in past_of(package.version).items() if id in events}


@pytest.fixture
def look_up(make_context: Make, make_bucket: Make) -> Callable[..., Matches]:
    def find(commit: str, *advisories: dict[str, Any], history: Any = None, base: str = "GIT") -> Matches:
        bucket = make_bucket({base: list(advisories)})
        package = Package(
            name="github.com/owner/name",
            version=commit,
            ecosystem="GIT",
            purl=f"pkg:github/owner/name@{commit}",
            path=".gitmodules",
            line=1,
        )
        context = make_context(advisories=AdvisorySettings(source=str(bucket)))
        return find_vulnerabilities([package], stage="dependencies", target="t", context=context, history=history)

    return find


@pytest.mark.parametrize("base", ["GIT", "OSS-Fuzz"])
def test_a_commit_before_the_fix_is_a_finding_that_names_the_fix(look_up: Make, base: str) -> None:
    matches = look_up(B, on_commits("CVE-1", {"introduced": A}, {"fixed": D}), history=Line(), base=base)
    (finding,) = matches.findings
    assert (matches.errors, finding.rule, finding.vulnerability.fixed_versions) == ((), "CVE-1", (D,))
    assert finding.fix.description == f"Update github.com/owner/name from {B} to {D}"
    assert matches.facts["advisories_not_in_source"] == [{"GIT": "OSS-Fuzz", "OSS-Fuzz": "GIT"}[base]]


def test_a_commit_after_the_fix_is_none(look_up: Make) -> None:
    assert look_up(D, on_commits("CVE-1", {"introduced": A}, {"fixed": C}), history=Line()).findings == ()


def test_what_nobody_knows_is_said_once_for_a_commit(look_up: Make) -> None:
    unknown = [on_commits(f"CVE-{number}", {"introduced": A}, {"fixed": D}) for number in range(10)]
    (finding,) = look_up(B, *unknown, on_commits("CVE-X", {"introduced": "0"}, {"fixed": B})).findings
    assert (finding.rule, finding.location.line) == ("GP004", 1)
    assert finding.title == "github.com/owner/name at bbbbbbbbbbbb: not known whether 10 advisories affect it"
    assert "CVE-0, CVE-1, CVE-2, CVE-3, CVE-4, CVE-5, CVE-6, CVE-7 and 2 more are on this" in finding.message


def test_aliases_are_one_vulnerability_that_the_more_trusted_decides(look_up: Make) -> None:
    told = on_commits("GHSA-1", {"introduced": "0"}, {"fixed": B}) | {"aliases": ["CVE-1"]}
    assert look_up(C, told, on_commits("CVE-1", {"introduced": "0"}), history=Line()).findings == ()


def test_a_source_without_commits_says_so(look_up: Make) -> None:
    matches = look_up(B, base="npm")
    assert (matches.findings, matches.errors) == ((), ())
    assert matches.facts["advisories_not_in_source"] == ["GIT", "OSS-Fuzz"]
