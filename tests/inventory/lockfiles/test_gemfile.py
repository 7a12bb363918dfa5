"""Gemfile.lock and gems.locked, and a Gemfile without one."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """GIT
  remote: https://packages.example/forked.git
  revision: 0123
  branch: main
  specs:
    forked (2.0.0)
      rack (>= 2)

PATH
  remote: .
  specs:
    shop (0.1.0)
      rails (~> 7.0)

GEM
  remote: https://packages.example/
  specs:
    minitest (5.18.0)
    nokogiri (1.15.4-x86_64-linux)
      racc (~> 1.4)
    nokogiri (1.15.4-arm64-darwin)
      racc (~> 1.4)
    racc (1.7.1)
    rack (2.2.8)
    rails (7.0.4)
      nokogiri (>= 1.8, != 1.9)
      rack (~> 2.0)
    rspec (3.12.0)
      minitest

PLATFORMS
  arm64-darwin
  x86_64-linux

DEPENDENCIES
  forked!
  nokogiri
  rspec (~> 3.12)
  shop!

CHECKSUMS
  racc (1.7.1) sha256=00

RUBY VERSION
   ruby 3.2.2p53

BUNDLED WITH
   2.4.10
"""

GEMFILE = """source "https://packages.example"
ruby "3.2.2"
gemspec

gem "rails", "7.0.4"
gem 'pg', '~> 1.1' # the database
gem("puma", "= 6.3.0", require: false)
gem "two", ">= 1", "< 2"
gem "local", path: "engines/local"
gem "forked", "2.0.0", github: "someone/forked"
# gem "gone", "1.0.0"

group :development, :test do
  gem "rspec",
      "3.12.0"
  if ENV["X"]
    gem "debug", "1.8.0"
  end
end

platforms :ruby do
  gem "bootsnap", "1.16.0", group: :development
end

gem "lint", "1.0.0", groups: [:test, "development"]
gem "both", "1.0.0", groups: [:test, :production]
eval_gemfile "other"
"""


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.name, p.version, p.line, p.scope.value, p.direct, p.via) for p in locked.packages]


@pytest.mark.parametrize(("lock", "manifest"), [("a/Gemfile.lock", "a/Gemfile"), ("gems.locked", "gems.rb")])
def test_sources_platforms_and_what_the_gemfile_asks_for(locked: Read, lock: str, manifest: str) -> None:
    gemfile = 'gemspec\ngroup :test do\n  gem "rspec", "~> 3.12"\nend\n'
    assert rows(locked({lock: LOCK, manifest: gemfile})) == [
        ("forked", "2.0.0", 6, "runtime", True, ()),
        ("minitest", "5.18.0", 18, "development", False, ("rspec",)),
        ("nokogiri", "1.15.4", 19, "runtime", True, ()),
        ("racc", "1.7.1", 23, "runtime", False, ("nokogiri",)),
        ("rack", "2.2.8", 24, "runtime", False, ("forked",)),
        ("rails", "7.0.4", 25, "runtime", True, ()),
        ("rspec", "3.12.0", 28, "development", True, ()),
    ]


def test_without_the_gemfile_everything_counts_as_runtime(locked: Read) -> None:
    assert {package.scope.value for package in locked({"Gemfile.lock": LOCK}).packages} == {"runtime"}


def test_a_gemfile_alone(locked: Read) -> None:
    found = locked({"Gemfile": GEMFILE})
    assert rows(found) == [
        ("rails", "7.0.4", 5, "runtime", True, ()),
        ("puma", "6.3.0", 7, "runtime", True, ()),
        ("rspec", "3.12.0", 14, "development", True, ()),
        ("debug", "1.8.0", 17, "development", True, ()),
        ("bootsnap", "1.16.0", 22, "development", True, ()),
        ("lint", "1.0.0", 25, "development", True, ()),
        ("both", "1.0.0", 26, "runtime", True, ()),
    ]
    assert found.imprecise == (
        "Gemfile:3: gemspec",
        "Gemfile:6: pg",
        "Gemfile:8: two",
        "Gemfile:10: forked",
        "Gemfile:27: eval_gemfile",
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("GEM\n  specs:\n    a 1.0\n", r"not a line as Bundler writes it \(line 3\)"),
        ("GEM\n  specs:\n      a\n", r"a dependency of no gem \(line 3\)"),
        ("GEMS\n", r"an unknown section \(line 1\)"),
        ("GEM\n<<<<<<< HEAD\n", r"it holds a merge conflict \(line 2\)"),
        ("DEPENDENCIES\n  a b\n", r"not a line as Bundler writes it \(line 2\)"),
        ("GEM\n  specs:\n    a\x1b[31m (1.0)\nDEPENDENCIES\n", r"the name of a package .* \(line 3\)"),
        (b"\xff", "it is not UTF-8 text"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str | bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"Gemfile.lock": text})


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["Gemfile.lock", "Gemfile"]),
    cut=st.integers(0, 900),
    noise=st.text(alphabet="():!,\"' \n#aG1-[", max_size=8),
)
def test_any_damage_is_read_or_a_clear_error(damaged: Read, name: str, cut: int, noise: str) -> None:
    text = LOCK if name == "Gemfile.lock" else GEMFILE
    found = damaged({name: text[:cut] + noise + text[cut:]})
    assert found is None or all(package.line for package in found.packages)
