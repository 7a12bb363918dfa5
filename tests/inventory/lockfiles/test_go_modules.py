"""go.mod: what the main module requires, and Go itself."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

MODULE = """module example.com/shop // the shop

go 1.21
toolchain go1.21.5

require github.com/a/b/v2 v2.0.1
require (
	golang.org/x/net v0.7.0 // indirect
	"example.com/quoted" v1.0.0
	example.com/old v1.0.0
	example.com/both v1.0.0//indirect
	example.com/local v1.0.0
	example.com/bad v1.0.0
)

replace example.com/old => example.com/new v1.5.0
replace (
	example.com/both v1.0.0 => example.com/both v1.0.1
	example.com/both => example.com/both v1.0.2
	example.com/local => ../local
)
exclude example.com/bad v1.0.0
retract [v1.0.0, v1.1.0]
"""


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.name, p.version, p.line, p.direct) for p in locked.packages]


def test_requirements_replacements_and_the_standard_library(locked: Read) -> None:
    found = locked({"go.mod": MODULE})
    assert rows(found) == [
        ("github.com/a/b/v2", "v2.0.1", 6, True),
        ("golang.org/x/net", "v0.7.0", 8, False),
        ("example.com/quoted", "v1.0.0", 9, True),
        ("example.com/new", "v1.5.0", 10, True),
        ("example.com/both", "v1.0.1", 11, False),
        ("stdlib", "1.21.5", 4, True),
    ]
    assert found.imprecise == (
        "go.mod:12: example.com/local (replaced by a folder)",
        "go.mod:13: example.com/bad (excluded)",
    )
    assert found.packages[1].purl == "pkg:golang/golang.org/x/net@v0.7.0"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go 1.21.0", "1.21.0"),
        ("go 1.22.3", "1.22.3"),
        ("go 1.23rc2", "1.23.0-rc.2"),
        ("go 1.22.3\ntoolchain default", "1.22.3"),
        ("go 1.21\ntoolchain go1.22.1-custom", "1.22.1"),
    ],
)
def test_go_is_a_package_too(locked: Read, text: str, version: str) -> None:
    assert [(p.name, p.version) for p in locked({"go.mod": text}).packages] == [("stdlib", version)]


@pytest.mark.parametrize("text", ["go 1.21", "go 1.16\n", "go 1.21\ntoolchain default"])
def test_a_version_of_the_language_is_no_release_of_go(locked: Read, text: str) -> None:
    found = locked({"go.mod": f"{text}\nrequire example.com/a v1.0.0", "go.sum": ""})
    assert [p.name for p in found.packages] == ["example.com/a"]
    version = text.split()[1]
    assert found.imprecise == (f"go.mod:1: stdlib ({version} names no release of Go)",)


@pytest.mark.parametrize("version", ["v1", "v1.2", "latest", "master", "0123456789ab"])
def test_a_query_is_no_version(locked: Read, version: str) -> None:
    found = locked({"go.mod": f"module m\nrequire example.com/a {version}\nrequire example.com/b v1.2.3+incompatible"})
    assert [(p.name, p.version) for p in found.packages] == [("example.com/b", "v1.2.3+incompatible")]
    assert found.imprecise == (f"go.mod:2: example.com/a ({version} is no whole version)",)


def test_an_unknown_directive_is_said_and_the_others_are_read(locked: Read) -> None:
    found = locked({"go.mod": "module m\nsometime new\nfuture (\n a b\n)\nrequire example.com/a v1.0.0\n{{ .Rest }}"})
    assert [p.name for p in found.packages] == ["example.com/a"]
    assert found.unread == (
        "go.mod:2: an unknown directive",
        "go.mod:4: an unknown directive",
        "go.mod:7: an unknown directive",
    )


def test_an_old_file_does_not_list_everything_and_that_is_said(locked: Read) -> None:
    found = locked({"go.mod": "module a\ngo 1.16.3\n"})
    assert found.imprecise == ("go.mod:1: indirect modules, which a go.mod before Go 1.17 does not list",)


def test_the_hashes_beside_an_old_file_tell_what_it_does_not_list(locked: Read) -> None:
    text = (
        "example.com/b v1.0.0 h1:00=\nexample.com/b v1.1.0 h1:00=\nexample.com/b v1.2.0/go.mod h1:00=\n"
        "example.com/a v1.0.0 h1:00=\nexample.com/c v1.0.0/go.mod h1:00=\n"
    )
    found = locked({"go.mod": "module m\ngo 1.16.0\nrequire example.com/a v1.0.0\n", "go.sum": text})
    assert [(p.name, p.version, p.path, p.line, p.direct) for p in found.packages] == [
        ("example.com/b", "v1.1.0", "go.sum", 2, False),
        ("example.com/a", "v1.0.0", "go.mod", 3, True),
        ("stdlib", "1.16.0", "go.mod", 2, True),
    ]
    assert found.imprecise == ()


def test_broken_hashes_are_named(locked: Read) -> None:
    with pytest.raises(UnreadableError, match=r"go.sum: cannot be parsed: a line is .*\(line 1\)"):
        locked({"go.mod": "module m\ngo 1.16\n", "go.sum": "a b\n"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("require (\n a v1\n", "the block require is not closed"),
        ("module a\nrequire a", r"a requirement is a module and a version \(line 2\)"),
        ("replace a b c", r"a replacement is written as.*\(line 1\)"),
        ("go x", r"not a version of Go \(line 1\)"),
        ("require a v1.0.0-\x1b[0m", "not printable"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}|cannot be parsed: .*{why}"):
        locked({"go.mod": text})


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.sampled_from(["require", "replace", "go", "1.2", "(", ")", "\n", "=>", "a/c", "v1", '"', "`", "//"]),
        max_size=14,
    )
)  # fmt: skip
def test_any_words_are_read_or_a_clear_error(damaged: Read, words: list[str]) -> None:
    found = damaged({"go.mod": " ".join(words)})
    assert found is None or all(package.line for package in found.packages)
