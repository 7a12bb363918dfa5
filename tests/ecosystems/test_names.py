"""Two spellings of one package's name are one name, where its ecosystem says so and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.ecosystems import canonical_name


@pytest.mark.parametrize(
    ("ecosystem", "name", "canonical"),
    [
        ("PyPI", "Zope.Interface__x", "zope-interface-x"),
        ("npm", "@Scope/Name", "@Scope/Name"),
        ("npm", "JSONStream", "JSONStream"),
        ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
        ("Packagist", "Symfony/HTTP-Kernel", "symfony/http-kernel"),
        ("Go", "github.com/BurntSushi/toml", "github.com/BurntSushi/toml"),
        ("Maven", "org.apache.logging.log4j:log4j-core", "org.apache.logging.log4j:log4j-core"),
        ("crates.io", "serde_json", "serde_json"),
        ("GitHub Actions", "Actions/Checkout", "actions/checkout"),
        ("GitHub Actions", "github/codeql-action/analyze", "github/codeql-action"),
        ("SwiftURL", "https://github.com/Apple/swift-nio.git", "github.com/apple/swift-nio"),
        ("SwiftURL", "git@github.com:apple/swift-nio.git", "github.com/apple/swift-nio"),
        ("SwiftURL", "github.com/apple/swift-nio/", "github.com/apple/swift-nio"),
        ("Debian:12", "OpenSSL", "OpenSSL"),
    ],
)
def test_names_are_compared_by_the_rules_of_their_ecosystem(ecosystem: str, name: str, canonical: str) -> None:
    assert canonical_name(ecosystem, name) == canonical


@given(st.sampled_from(["PyPI", "NuGet", "Packagist", "SwiftURL", "GitHub Actions", "npm"]), st.text(max_size=20))
def test_a_canonical_name_is_at_most_as_long_as_the_name_lowered(ecosystem: str, name: str) -> None:
    assert len(canonical_name(ecosystem, name)) <= max(len(name), len(name.lower()))
