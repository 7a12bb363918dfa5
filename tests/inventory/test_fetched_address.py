"""What an address fetches, as its ecosystem names files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.ecosystems.ecosystem import Fetched
from gate.inventory.fetched_address import fetched_from, is_same

HOST = "https://packages.example"


@pytest.mark.parametrize(
    ("ecosystem", "address", "name", "version"),
    [
        ("npm", f"{HOST}/a/-/a-1.0.0.tgz", "a", "1.0.0"),
        ("npm", f"{HOST}/a-b/-/a-b-1.0.0-beta.2.tgz#00", "a-b", "1.0.0-beta.2"),
        ("npm", f"{HOST}/@s/a/-/a-1.0.0.tgz?cache=0", "@s/a", "1.0.0"),
        ("npm", f"{HOST}/@s%2fa/-/a-1.0.0.tgz", "@s/a", "1.0.0"),
        ("npm", f"{HOST}/api/npm/all/@s/a/-/@s/a-1.0.0.tgz", "@s/a", "1.0.0"),
        ("npm", f"{HOST}/a/download/a-1.0.0.tgz", "a", "1.0.0"),
        ("npm", f"{HOST}/download/@s/a/1.0.0/00ff", "@s/a", "1.0.0"),
        ("npm", f"{HOST}/a/-/b-1.0.0.tgz", "b", "1.0.0"),
        ("PyPI", f"{HOST}/x/zope.Interface_x-1.0-cp311-cp311-linux_x86_64.whl", "zope-interface-x", "1.0"),
        ("PyPI", f"{HOST}/x/a-1.0%2Bcu118-1-py3-none-any.whl#sha256=00", "a", "1.0+cu118"),
        ("PyPI", f"{HOST}/x/a-b-1.0.post1.tar.gz", "a-b", "1.0.post1"),
        ("Conda", f"{HOST}/noarch/a-b-1.0-py_0.conda", "a-b", "1.0"),
        ("RubyGems", f"{HOST}/gems/a-b-1.0-java.gem", "a-b", "1.0"),
    ],
)
def test_an_address_names_what_it_fetches(ecosystem: str, address: str, name: str, version: str) -> None:
    assert fetched_from(ecosystem, address) == Fetched(name, version)


@pytest.mark.parametrize(
    ("ecosystem", "address"),
    [
        ("npm", HOST),
        ("npm", f"{HOST}/a/tarball/main"),
        ("npm", "git+ssh://git@packages.example/a/b.git#00"),
        ("PyPI", f"{HOST}/simple"),
        ("PyPI", f"{HOST}/archive/main.zip"),
        ("RubyGems", f"{HOST}/"),
        ("Go", f"{HOST}/a/-/a-1.0.0.tgz"),
    ],
)
def test_an_address_that_names_no_package_contradicts_nothing(ecosystem: str, address: str) -> None:
    assert fetched_from(ecosystem, address) is None


@pytest.mark.parametrize(
    ("ecosystem", "fetched", "name", "version", "same"),
    [
        ("PyPI", Fetched("Zope.Interface", "1.0"), "zope-interface", "1.0.0", True),
        ("PyPI", Fetched("a", "1.0"), "a", "1.0+local", False),
        ("npm", Fetched("a", "1.0.0"), "a", "v1.0.0", True),
        ("npm", Fetched("a", "1.0.0"), "a", "1.0.0+build", True),
        ("npm", Fetched("a", "1.0.0"), "a", None, True),
        ("npm", Fetched("a", "1.0.0"), "b", None, False),
        ("npm", Fetched("a", "1.0.0"), "a", "1.0.1", False),
    ],
)
def test_spellings_of_one_version_are_no_contradiction(
    ecosystem: str, fetched: Fetched, name: str, version: str | None, same: bool
) -> None:
    assert is_same(ecosystem, fetched, name, version) is same


@given(
    ecosystem=st.sampled_from(["npm", "PyPI", "Conda", "RubyGems"]),
    address=st.text(alphabet="a-1.0/@_:%+#?tgzwhl", max_size=60),
)
def test_any_address_is_read_or_is_none(ecosystem: str, address: str) -> None:
    found = fetched_from(ecosystem, address)
    assert found is None or (found.name and found.version)
