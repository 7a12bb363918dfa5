"""Package URLs are those of the library for purl-spec, also where plain names are put together without it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packageurl import PackageURL

from gate.inventory.lockfile import package_url

TYPES = {"npm": "npm", "PyPI": "pypi", "crates.io": "cargo", "RubyGems": "gem"}
SIGNS = st.sampled_from("abz09-._~+@/%A\u00e9")
NAMES = st.text(SIGNS, min_size=1, max_size=8) | st.from_regex(r"(@[a-z0-9.-]{1,3}/)?[a-z0-9.-]{1,6}", fullmatch=True)


@pytest.mark.parametrize("ecosystem", TYPES)
@given(name=NAMES, version=st.text(SIGNS, min_size=1, max_size=6))
def test_a_package_url_is_the_library_s(ecosystem: str, name: str, version: str) -> None:
    namespace, _, last = name.rpartition("/")
    try:
        expected = PackageURL(TYPES[ecosystem], namespace or None, last, version).to_string()
    except ValueError:
        return
    assert package_url(ecosystem, name, version) == expected


def test_a_plain_scoped_name_has_its_scope_encoded() -> None:
    assert package_url("npm", "@scope/part", "1.0.0-rc.1") == "pkg:npm/%40scope/part@1.0.0-rc.1"
