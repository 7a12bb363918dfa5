"""The orders of versions: examples from their specifications, and the laws that every total order obeys.

Goes through `gate/ecosystems/version_orders/`.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.advisories.versions import compare, order_of, sort_key
from gate.core.errors import UnreadableError
from gate.ecosystems import ECOSYSTEMS
from gate.ecosystems.version_orders import BEFORE_ALL

ORDERS = {name: order for name in ECOSYSTEMS if (order := order_of(name)) is not None}

ASCENDING = {
    "PyPI": (
        "not-a-version 0.1-bar 1.0-x 2004d 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 "
        "1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 "
        "1.0.post456 1.0.15 1.1.dev1 1.10 2.0 1!0.1"
    ),
    "npm": (
        "latest 0.0.0-0 0.0.1 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 "
        "1.0.0-rc.1 1.0.0 1.0.0.1 1.2 1.2.1-0 1.2.1-10 1.2.1-a 1.2.1 1.10.0 2"
    ),
    "Go": (
        "master v0.0.0-20170915032832-14c0d48ead0c v0.0.0-20210101000000-aaaaaaaaaaaa v0.1.0 v1.2.3-pre "
        "v1.2.3-pre.0.20191109021931-daa7c04131f5 v1.2.4-0.20191109021931-daa7c04131f5 v1.2.4 v2.0.0+incompatible "
        "v2.0.1"
    ),
    "crates.io": "0.0.0-0 0.0.1 0.9.0 1.0.0-alpha.1 1.0.0",
    "Hex": "1.0.0-alpha 1.0.0-alpha.1 1.0.0-beta 1.0.0 1.0.1",
    "SwiftURL": "0.1.0 v1.0.0-beta.1 1.0.0 v1.2.0 1.10.0",
    "GitHub Actions": "v1 v1.0.1 v1.1 v2 v4.1.7 v4.10.0",
    "Julia": "0.6.0-rc1 0.6.0 0.6.0+1 0.6.1",
    "Pub": "1.0.0-alpha 1.0.0-alpha+1 1.0.0 1.0.0+1 1.0.0+2 1.0.0+10 1.0.0+a 1.0.1 2.0.0",
    "Bitnami": "1.2.3-rc1 1.2.3 1.2.3-1 1.2.3-2 1.2.3-r10 1.2.4",
    "NuGet": "1.0.0-alpha 1.0.0-Alpha.1 1.0.0-beta 1.0.0-beta.2 1.0.0-BETA.11 1.0.0-rc 1.0.0 1.0.0.1 1.0.0.10 1.0.1",
    "RubyGems": "one-two 1.a 1 1.0.1.a 1.0.2.a 1.0.2.b1 1.0.2.b10 1.0.2.pre 1.0.2 1.0.10 1.8.2.b 1.8.2 2.0.0.rc1 2",
    "Packagist": (
        "dev-main 1.0-dev 1.0-alpha1 1.0.0-alpha2 1.0-beta 1.0b2 1.0-RC1 1.0.0.0-rc2 1.0 1.0.0-p1 1.0-pl2 1.0.0.1 "
        "v1.0.1 1.0.10 1.1 1.x-dev 2.0"
    ),
    "ConanCenter": "1.0.2 1.1.0-pre1 1.1.0 1.1.0+1 1.1.1 1.1.1a 1.1.1w 1.1.10 1.2 1.10 3 cci.20200101 cci.20220202",
    "CRAN": "1.0 1.0-1 1.0.1.0 1.0-2 1.0.10 1.1 1.2-9 2.0",
    "Hackage": "0.9 1 1.0 1.0.0 1.0.1 1.0.10 1.1 2",
    "Maven": (
        "1-alpha-1 1-alpha2 1-a3 1-beta1 1-milestone-1 1-m2 1-rc 1-cr2 1-SNAPSHOT 1 1-sp 1-abc 1-abd 1-1-alpha 1-1 1-2 "
        "1.0.1-SNAPSHOT 1.0.1 1.1-rc1 1.1 1.10 2 20040616"
    ),
    "Debian": "1.0~~ 1.0~~a 1.0~ 1.0 1.0-0.1 1.0-1~deb12u1 1.0-1 1.0-1+b1 1.0-2 1.0a 1.0+dfsg 1.0.1 1.10 1:0.1 2:0",
    "Ubuntu": "3.0.2-0ubuntu1 3.0.2-0ubuntu1.9 3.0.2-0ubuntu1.10",
    "opam": "1.0~beta1 1.0 1.0.1 2.0",
    "Alpine": (
        "x 1.2_alpha 1.2_alpha1 1.2_beta2 1.2_pre1 1.2_rc1 1.2 1.2-r0 1.2-r1 1.2-r10 1.2~0123abc 1.2~0123abc-r1 "
        "1.2_git1 1.2_p 1.2_p0 1.2_p1-r0 1.2_p10 1.2a 1.2b 1.2-3 1.2.-r0 1.2.0 1.2.01 1.2.1 1.2.10 1.10"
    ),
    "Wolfi": "1.02.1 1.1.1 1.2.0-r0 1.2.0-r1 1.10.0-r0",
    "AlmaLinux": "1.0~rc1-1.el9 1.0-1.el9 1.0-2.el9 1.0^git1-1.el9 1.0a 1.0.1-1.el9 1.10-1 1:0.1-1",
    "Red Hat": "1.0~~ 1.0~ 1.0 1.0^ 1.0^a~1 1.0^a 1.0^b 1.0a 1.0.0 1.0.1",
    "openSUSE": "1.0-lp150.1 1.0-lp155.2 1.1-1",
}
EQUAL = [
    ("PyPI", "1.0", "1.0.0"),
    ("PyPI", "v1.0", "1.0"),
    ("PyPI", "1.0alpha-1", "1.0a1"),
    ("PyPI", "1.0-1", "1.0.post1"),
    ("npm", "1.0.0+build", "1"),
    ("npm", "=v1.2.0", "1.2.0"),
    ("npm", "1.2.3-alpha", "1.2.3alpha"),
    ("Go", "v2.0.0+incompatible", "2.0.0"),
    ("Go", "go1.22rc1", "1.22.0-rc1"),
    ("NuGet", "1.0.0-BETA+build", "1.0-beta"),
    ("NuGet", "1.0.0.0", "1.0"),
    ("NuGet", "1.01", "1.1.0"),
    ("RubyGems", "1", "1.0.0"),
    ("RubyGems", "1.0.a.0", "1.a"),
    ("RubyGems", "1-1", "1.pre.1"),
    ("Packagist", "v1.0", "1.0.0.0"),
    ("Packagist", "1.0.0-stable", "1"),
    ("Packagist", "1.0.0-beta1", "1.0b1"),
    ("Packagist", "1.0-pl1", "1.0.0-patch1"),
    ("ConanCenter", "1.0", "1"),
    ("CRAN", "1.0-1", "1.0.1"),
    ("Hackage", "1.01", "1.1"),
    ("Maven", "1.0.0", "1"),
    ("Maven", "1-ga", "1-final"),
    ("Maven", "1.0.RELEASE", "1"),
    ("Maven", "1-a1", "1-alpha-1"),
    ("Maven", "1-RC1", "1-cr-1"),
    ("Maven", "1.x", "1-x"),
    ("Bitnami", "1.2.3-4", "1.2.3-r4"),
    ("Debian", "1.0", "1.0-0"),
    ("Debian", "0:1.0", "1.00"),
    ("Debian:12", "1a", "1a0"),
    ("Alpine:v3.19", "01.2", "1.2"),
    ("AlmaLinux", "0:1.0-1", "1_0-1"),
    ("Rocky Linux:9", "1.05", "1.5"),
    ("Echo", "1.0-1", "0:1.0-1"),
    ("Echo:PyPI", "1.0rc1", "1.0-RC1"),
    ("Root:Alpine:3.18", "1.2-r01", "1.2-r1"),
    ("Docker Hardened Images:Debian:13", "1.0-1", "0:1.0-1"),
    ("Docker Hardened Images:Alpine:3.22", "1.2-r01", "1.2-r1"),
    ("TuxCare:Ubuntu:16.04", "1.0-1", "0:1.0-1"),
    ("TuxCare:PyPI", "1.0rc1", "1.0-RC1"),
]


@pytest.mark.parametrize("ecosystem", ASCENDING)
def test_versions_ascend_as_their_specification_says(ecosystem: str) -> None:
    versions = ASCENDING[ecosystem].split()
    for index, lower in enumerate(versions):
        assert compare(ecosystem, lower, lower) == 0
        for higher in versions[index + 1 :]:
            assert (compare(ecosystem, lower, higher), compare(ecosystem, higher, lower)) == (-1, 1), (lower, higher)


@pytest.mark.parametrize(("ecosystem", "one", "other"), EQUAL)
def test_two_spellings_of_one_version_are_equal(ecosystem: str, one: str, other: str) -> None:
    assert compare(ecosystem, one, other) == 0


def test_an_ecosystem_without_an_order_is_an_error() -> None:
    with pytest.raises(UnreadableError, match="no version order is known for the ecosystem CocoaPods"):
        compare("CocoaPods", "1", "2")


ONE_EACH = sorted({order: ecosystem for ecosystem, order in reversed(ORDERS.items())}.values())
"""An ecosystem for each order."""
LIKELY = st.text(alphabet="0123456789.-+~^:_abrcvp!", max_size=12)


@pytest.mark.parametrize("base", ONE_EACH)
@settings(max_examples=40, deadline=None)
@given(versions=st.lists(LIKELY | st.text(max_size=8), min_size=3, max_size=3))
def test_every_text_has_a_place_in_a_total_order(base: str, versions: list[str]) -> None:
    a, b, c = sorted(versions, key=lambda version: sort_key(base, version))
    assert compare(base, a, b) <= 0
    assert compare(base, b, c) <= 0
    assert compare(base, a, c) <= 0
    assert compare(base, a, b) == -compare(base, b, a)
    assert sort_key(base, a) > BEFORE_ALL


@pytest.mark.parametrize("base", ONE_EACH)
@pytest.mark.parametrize("text", ["9" * 20_000, "1" + ".1" * 10_000, "-" * 20_000, "a1" * 10_000, "_p1" * 6_000])
def test_a_hostile_version_is_an_old_one_and_no_error(base: str, text: str) -> None:
    assert sort_key(base, text) > BEFORE_ALL
    assert sort_key(base, "1" + text) > BEFORE_ALL


SMALL = st.integers(0, 30)
NUMBERS = st.lists(SMALL, min_size=1, max_size=4)
FILLED_UP = ["ConanCenter", "Maven", "NuGet", "Packagist", "PyPI", "RubyGems", "npm"]
"""Ecosystems in which 1.0 and 1.0.0 are one version."""


def dotted(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))


@pytest.mark.parametrize("base", ONE_EACH)
@settings(max_examples=25, deadline=None)
@given(one=st.lists(SMALL, min_size=3, max_size=3), other=st.lists(SMALL, min_size=3, max_size=3))
def test_plain_numbers_are_compared_as_numbers_everywhere(base: str, one: list[int], other: list[int]) -> None:
    assert compare(base, dotted(one), dotted(other)) == (one > other) - (one < other)


@pytest.mark.parametrize("base", FILLED_UP)
@settings(max_examples=25, deadline=None)
@given(numbers=NUMBERS, zeros=st.integers(1, 3))
def test_zeros_at_the_end_do_not_count_where_versions_are_filled_up(base: str, numbers: list[int], zeros: int) -> None:
    assert compare(base, dotted(numbers), dotted((numbers + [0] * zeros)[:4])) == 0


@pytest.mark.parametrize("base", [base for base in ONE_EACH if ORDERS[base] is not ORDERS["Alpine"]])
@settings(max_examples=25, deadline=None)
@given(numbers=NUMBERS, padding=st.integers(1, 3))
def test_zeros_at_the_front_of_a_number_do_not_count(base: str, numbers: list[int], padding: int) -> None:
    padded = ".".join("0" * padding + str(number) for number in numbers)
    assert compare(base, dotted(numbers), padded) == 0
