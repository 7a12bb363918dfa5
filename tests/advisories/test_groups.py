"""One vulnerability of one package is one finding, and its own database decides."""

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.advisories.groups import hits, join_aliases
from gate.advisories.osv import Advisory, Range


def known(
    id: str,
    *aliases: str,
    fixed: str | None = "2.0",
    introduced: str = "0",
    upstream: tuple[str, ...] = (),
    **more: Any,
) -> Advisory:
    ends = [("fixed", fixed)] if fixed else []
    advisory = Advisory(
        id=id,
        aliases=aliases,
        upstream=upstream,
        summary="",
        published=None,
        scores=(),
        label="",
        informational="",
        is_malicious=id.startswith("MAL-"),
        versions=(),
        ranges=(Range((("introduced", introduced), *ends)),),
        git_ranges=0,
    )
    return msgspec.structs.replace(advisory, **more)


def ids(base: str, *advisories: Advisory) -> list[list[str]]:
    return [[advisory.id for advisory in group.advisories] for group in join_aliases(base, advisories)]


@pytest.mark.parametrize(
    ("advisories", "groups"),
    [
        ([known("GHSA-1", "CVE-1"), known("PYSEC-1", "CVE-1")], [["PYSEC-1", "GHSA-1"]]),
        ([known("GHSA-1"), known("PYSEC-1", "GHSA-1")], [["PYSEC-1", "GHSA-1"]]),
        ([known("X-1", "CVE-1"), known("X-2", "CVE-1", "CVE-2"), known("X-3", "CVE-2")], [["X-1", "X-2", "X-3"]]),
        ([known("GHSA-1", "CVE-1"), known("GHSA-2", "CVE-2")], [["GHSA-1"], ["GHSA-2"]]),
        ([known("MAL-1", "GHSA-1"), known("GHSA-1")], [["MAL-1", "GHSA-1"]]),
    ],
)  # fmt: skip
def test_shared_names_join(advisories: list[Advisory], groups: list[list[str]]) -> None:
    assert ids("PyPI", *advisories) == groups


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sets(st.integers(0, 6), max_size=3), max_size=6), st.randoms(use_true_random=False))
def test_joining_does_not_depend_on_order(aliases: list[set[int]], chance: random.Random) -> None:
    advisories = [known(f"X-{n}", *(f"CVE-{alias}" for alias in names)) for n, names in enumerate(aliases)]
    shuffled = list(advisories)
    chance.shuffle(shuffled)
    assert ids("npm", *advisories) == ids("npm", *shuffled)
    for group in join_aliases("npm", advisories):
        for other in join_aliases("npm", advisories):
            assert group is other or group == other or not group.names & other.names


@pytest.mark.parametrize(
    ("advisories", "version", "rules", "fixed"),
    [
        ([known("PYSEC-1", "GHSA-1", fixed="1.5"), known("GHSA-1", fixed="3.0")], "2.0", [], ()),
        ([known("PYSEC-1", "GHSA-1", fixed="3.0"), known("GHSA-1", fixed="1.5")], "2.0", ["PYSEC-1"], ("3.0",)),
        ([known("PYSEC-1", "GHSA-1", fixed=None), known("GHSA-1", fixed="3.0")], "2.0", ["PYSEC-1"], ()),
        ([known("PYSEC-1", "GHSA-1", ranges=()), known("GHSA-1", fixed="3.0")], "2.0", ["GHSA-1"], ("3.0",)),
        ([known("GHSA-1", "CVE-1", fixed="1.5"), known("GHSA-2", "CVE-1", fixed="3.0")], "2.0", ["GHSA-2"], ("3.0",)),
    ],
)  # fmt: skip
def test_the_own_database_decides_if_it_names_versions(
    advisories: list[Advisory], version: str, rules: list[str], fixed: tuple[str, ...]
) -> None:
    found = hits(join_aliases("PyPI", advisories), version)
    assert [hit.affecting[0].id for hit in found] == rules
    assert [hit.fixed_versions for hit in found] == ([fixed] if rules else [])


def test_a_missing_fix_is_learnt_from_the_other_databases() -> None:
    own = known("PYSEC-1", "GHSA-1", ranges=(Range((("introduced", "0"), ("last_affected", "2.4"))),))
    (hit,) = hits(join_aliases("PyPI", [own, known("GHSA-1", fixed="2.5")]), "2.0")
    assert hit.fixed_versions == ("2.5",)


def test_fixes_are_above_the_version_and_not_affected_themselves() -> None:
    ranges = tuple(
        Range((("introduced", start), ("fixed", end))) for start, end in (("0", "1.5"), ("2.0", "2.5"), ("2.2", "3.0"))
    )
    groups = join_aliases("npm", [known("GHSA-1", ranges=ranges)])
    assert [hit.fixed_versions for hit in hits(groups, "2.1")] == [("3.0",)]
    assert [hit.fixed_versions for hit in hits(groups, "1.0")] == [("1.5", "3.0")]


def test_a_bundle_is_left_out_if_each_of_its_vulnerabilities_is_there() -> None:
    bundle = known("DSA-1-1", upstream=("CVE-1", "CVE-2"))
    one, two = (known(f"DEBIAN-CVE-{n}", upstream=(f"CVE-{n}",)) for n in (1, 2))
    rules = lambda *advisories: [hit.affecting[0].id for hit in hits(join_aliases("Debian", advisories), "1.0")]  # noqa: E731
    assert rules(bundle, one, two) == ["DEBIAN-CVE-1", "DEBIAN-CVE-2"]
    assert rules(bundle, one) == ["DEBIAN-CVE-1", "DSA-1-1"]
    unfixed = msgspec.structs.replace(two, ranges=(Range((("introduced", "0"),)),))
    assert rules(bundle, one, unfixed) == ["DEBIAN-CVE-1", "DEBIAN-CVE-2", "DSA-1-1"]


def test_a_single_upstream_vulnerability_joins() -> None:
    advisories = known("DSA-1-1", upstream=("CVE-1",)), known("DEBIAN-CVE-1", upstream=("CVE-1",))
    assert ids("Debian", *advisories) == [["DEBIAN-CVE-1", "DSA-1-1"]]
