"""Ruby gems by the gemspecs that RubyGems writes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.installed import gem

GEMSPEC = """# -*- encoding: utf-8 -*-
# stub: rack 2.2.3 ruby lib

Gem::Specification.new do |s|
  s.name = "rack".freeze
  s.version = "2.2.3"
  s.metadata = { "name" => "not this" } if s.respond_to? :metadata=
  s.licenses = ["MIT".freeze, "Ruby".freeze]
  s.add_runtime_dependency(%q<name>.freeze, ["= 1"])
end
"""
FOLDER = "usr/local/bundle/specifications"


@pytest.mark.parametrize("path", [f"{FOLDER}/rack-2.2.3.gemspec", f"{FOLDER}/default/rack-2.2.3.gemspec"])
def test_an_installed_gem(installed, path) -> None:
    (package,) = installed({path: GEMSPEC}, os_release=None).packages
    assert (package.ecosystem, package.name, package.version) == ("RubyGems", "rack", "2.2.3")
    assert (package.license, package.purl) == ("MIT OR Ruby", "pkg:gem/rack@2.2.3")


@pytest.mark.parametrize(
    ("name", "version"), [("s.name = 'a'", "s.version = '1'"), ('s.name="a"', 's.version=Gem::Version.new("1")')]
)
def test_older_spellings(name: str, version: str) -> None:
    (package,) = gem.read(f"{name}\n{version}\n".encode(), "a.gemspec", None)
    assert (package.name, package.version) == ("a", "1")


def test_source_code_of_a_gem_is_none(installed) -> None:
    assert installed({"gems/rack-2.2.3/rack.gemspec": "s.version = Rack.release"}, os_release=None).packages == ()


@pytest.mark.parametrize(
    "text", ["", "s.name = 'a'", "s.name = name\ns.version = V", "s.name = 'a b'\ns.version = '1'"]
)
def test_one_that_says_neither_is_an_error(installed, text) -> None:
    (error,) = installed({f"{FOLDER}/a.gemspec": text}, os_release=None).errors
    assert "cannot be parsed" in error.message


@settings(max_examples=60, deadline=None)
@given(st.text("s.nameversion='\"[]() \n1", max_size=80).map(str.encode) | st.binary(max_size=40))
def test_any_bytes_are_one_gem_or_an_error(content: bytes) -> None:
    try:
        assert len(list(gem.read(content, "a.gemspec", None))) == 1
    except UnreadableError:
        return
