"""The orders of versions: examples from their specifications, and the laws that every total order obeys."""

import shutil
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.advisories.versions import BEFORE_ALL, ORDERS, compare, sort_key
from gate.errors import UnreadableError

ASCENDING = {
    "PyPI": "not-a-version 1.0.dev1 1.0a1 1.0b2 1.0rc1 1.0 1.0+local 1.0.post1 1.0.1 1.10 2.0 1!0.1",
    "npm": (
        "latest 0.0.0-0 0.0.1 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 "
        "1.0.0-rc.1 1.0.0 1.0.0.1 1.2 1.2.1-0 1.2.1 1.10.0 2"
    ),
    "Go": (
        "v0.0.0-20170915032832-14c0d48ead0c v0.0.0-20210101000000-aaaaaaaaaaaa v0.1.0 v1.2.3-pre "
        "v1.2.4-0.20191109021931-daa7c04131f5 v1.2.4 v2.0.0+incompatible v2.0.1"
    ),
    "crates.io": "0.0.0-0 0.0.1 0.9.0 1.0.0-alpha.1 1.0.0",
    "Debian": "1.0~~ 1.0~~a 1.0~ 1.0 1.0-0.1 1.0-1~deb12u1 1.0-1 1.0-1+b1 1.0-2 1.0a 1.0+dfsg 1.0.1 1.10 1:0.1 2:0",
    "Ubuntu": "3.0.2-0ubuntu1 3.0.2-0ubuntu1.9 3.0.2-0ubuntu1.10",
    "Alpine": "1.2_alpha 1.2_beta2 1.2_rc1 1.2-r0 1.2-r1 1.2-r10 1.2_p1-r0 1.2a 1.2.0 1.2.1 1.10",
    "AlmaLinux": "1.0~rc1-1.el9 1.0-1.el9 1.0-2.el9 1.0^git1-1.el9 1.0a 1.0.1-1.el9 1.10-1 1:0.1-1",
}
EQUAL = [
    ("PyPI", "1.0", "1.0.0"),
    ("PyPI", "v1.0", "1.0"),
    ("npm", "1.0.0+build", "1"),
    ("npm", "=v1.2.0", "1.2.0"),
    ("Go", "v2.0.0+incompatible", "2.0.0"),
    ("Debian", "1.0", "1.0-0"),
    ("Debian", "0:1.0", "1.00"),
    ("Debian:12", "1a", "1a0"),
    ("AlmaLinux", "0:1.0-1", "1_0-1"),
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
    with pytest.raises(UnreadableError, match="no version order is known for the ecosystem Hackage"):
        compare("Hackage", "1", "2")


LIKELY = st.text(alphabet="0123456789.-+~^:_abrcvp!", max_size=12)


@pytest.mark.parametrize("base", sorted(ORDERS))
@settings(max_examples=60, deadline=None)
@given(versions=st.lists(LIKELY | st.text(max_size=8), min_size=3, max_size=3))
def test_every_text_has_a_place_in_a_total_order(base: str, versions: list[str]) -> None:
    a, b, c = sorted(versions, key=lambda version: sort_key(base, version))
    assert compare(base, a, b) <= 0
    assert compare(base, b, c) <= 0
    assert compare(base, a, c) <= 0
    assert compare(base, a, b) == -compare(base, b, a)
    assert sort_key(base, a) > BEFORE_ALL


@pytest.mark.parametrize("base", sorted(ORDERS))
@pytest.mark.parametrize("text", ["9" * 100_000, "1" + ".1" * 50_000, "-" * 100_000, "a1" * 50_000, "_p1" * 30_000])
def test_a_hostile_version_takes_linear_time(base: str, text: str) -> None:
    started = time.perf_counter()
    ORDERS[base](text)
    ORDERS[base]("1" + text)
    assert time.perf_counter() - started < 2


UPSTREAM = st.text(alphabet="0123456789.+~ab", max_size=8).map(lambda text: "1" + text)
REVISION = st.text(alphabet="0123456789.+~ab", min_size=1, max_size=5)
DEBIAN = st.builds(
    lambda epoch, upstream, revision: f"{epoch}{upstream}{revision}",
    st.sampled_from(["", "0:", "1:"]),
    UPSTREAM,
    st.just("") | REVISION.map(lambda text: "-" + text),
)


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="dpkg is not installed")
@settings(max_examples=150, deadline=None)
@given(one=DEBIAN, other=DEBIAN)
def test_dpkg_orders_debian_versions_in_the_same_way(one: str, other: str) -> None:
    relation = {-1: "lt", 0: "eq", 1: "gt"}[compare("Debian", one, other)]
    done = subprocess.run(["dpkg", "--compare-versions", one, relation, other], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
