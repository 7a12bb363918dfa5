"""What the gate's own process parses of a repository: the worst file of each kind costs little memory and time.

These files are read before there is a worker, so that bounds of size, number and depth have to do what limits of a
process do elsewhere (docs/decisions/0015-what-parses-settings.md). Each is read in a process of its own, in which more
than MOST_MEMORY bytes or MOST_S seconds of the processor are an error.
"""

import os
import resource
import sys
from collections.abc import Callable, Iterator

import pytest

from gate.core.errors import GateError
from gate.policy.baseline import MAX_BYTES, parse_baseline
from gate.policy.codeowners import MAX_SIZE as MAX_CODEOWNERS
from gate.policy.codeowners import parse as parse_codeowners
from gate.policy.waivers import parse_waivers
from gate.settings.sources import MAX_SIZE, MAX_TOML, find_settings, parsed_file

pytestmark = pytest.mark.one_python

MOST_MEMORY = 700 << 20
"""Bytes beyond what the process has before."""
MOST_S = 20
"""Seconds of the processor; on the development machine the slowest takes 5."""
_TOO_MUCH = 3


def _filled(start: str, piece: str, end: str = "", size: int = MAX_SIZE) -> str:
    return start + piece * ((size - len(start) - len(end)) // len(piece)) + end


def _numbered(form: str, count: int, start: str = "", end: str = "") -> str:
    return start + "".join(form.format(number) for number in range(count)) + end


YAML = {
    "values in a list": lambda: _filled("x: [", "a,", "]"),
    "mappings in a list": lambda: _filled("x: [", "{},", "]"),
    "lines of a list": lambda: _filled("", "- a\n"),
    "keys": lambda: _numbered("k{0}: 1\n", 149_000),
    "keys without values": lambda: _filled("", "? a\n"),
    "anchors": lambda: _numbered("- &a{0} 1\n", 290_000),
    "tags": lambda: _filled("x: [", "!!str a,", "]"),
    "a number to the base of 60": lambda: _filled("x: 1", ":1"),
    "a tagged number to the base of 60": lambda: _filled("x: !!int 1", ":1"),
    "a number without end": lambda: _filled("x: ", "9"),
    "escapes": lambda: _filled('x: "', "\\x41", '"'),
    "depth": lambda: _filled("x: ", "["),
    "comments": lambda: _filled("", "#\n"),
    "documents": lambda: _filled("", "---\n"),
    "merged keys": lambda: _numbered("k{0}: 1, ", 5000, "a: &a {", "}\nb: {<<: [" + "*a," * 99 + "]}\n"),
}
TOML = {
    "values in a list": lambda: _filled("[tool.gate]\na = [", "1,", "]", MAX_TOML),
    "tables in a list": lambda: _filled("[tool.gate]\na = [", "{},", "]", MAX_TOML),
    "tables of a list": lambda: _filled("[tool.gate]\n", "[[a]]\n", "", MAX_TOML),
    "dotted keys": lambda: _numbered("a{0}" + ".b" * 62 + " = 1\n", 7_600, "[tool.gate]\n"),
    "names of tables": lambda: _numbered("[a{0}" + ".b" * 62 + "]\n", 7_600, "[tool.gate]\n"),
    "tables in a table": lambda: _numbered("[a.b{0}]\n", 90_000, "[tool.gate]\n"),
    "escapes": lambda: _filled('[tool.gate]\na = "', "\\n", '"', MAX_TOML),
    "depth": lambda: _filled("[tool.gate]\na = ", "[", "", MAX_TOML),
}
WAIVER = "- {{fingerprint: 'f{0}', reason: r, owner: a, until: '2090-01-01'}}\n"
WAIVERS = {
    "as many as are read": lambda: _numbered(WAIVER, 10_000),
    "a hundred thousand": lambda: _numbered("- {{rule: a, path: p{0}}}\n", 100_000),
    "all wrong": lambda: _numbered("- {{reason: {0}}}\n", 60_000),
    "alike": lambda: _filled("", "- {}\n"),
}
BASELINE = {
    "lines without content": lambda: _filled("", "\n", "", MAX_BYTES),
    "short lines": lambda: _numbered('["{0}","","",""]\n', 3_000_000),
    "as many as are read": lambda: (
        '{"baseline":1,"key":"%s"}\n' % ("0" * 32) + _numbered('["p/{0}","s","r","m{0}"]\n', 499_000)
    ),
    "one line": lambda: _filled('{"baseline":1,"key":"', "0", '"}', MAX_BYTES),
    "depth": lambda: _filled("", "[", "", 1 << 20),
}
CODEOWNERS = {
    "lines": lambda: _numbered("/a{0} @a\n", 250_000)[:MAX_CODEOWNERS],
    "as many as are read": lambda: _numbered("/a{0} @a\n", 20_000),
    "owners of one line": lambda: _filled("a ", "@a ", "", MAX_CODEOWNERS),
    "a pattern without end": lambda: _filled("", "a/", " @a", MAX_CODEOWNERS),
    "wildcards": lambda: _numbered("**/*{0}*?[a-z] @a\n", 2_000),
    "wildcards in folders": lambda: _numbered("/a/*{0}*?[a-z]/*b/*c @a\n", 20_000),
    "sections": lambda: _filled("", "[a] @a\n", "", MAX_CODEOWNERS),
    "no sections": lambda: _filled("", "[a ", "", MAX_CODEOWNERS),
}


def _yaml(text: str) -> object:
    return parsed_file(text, "gate.yaml", "/", "gate.yaml")


def _toml(text: str) -> object:
    return find_settings(lambda name: text if name == "pyproject.toml" else None, str, "/")


def _baseline(text: str) -> object:
    return parse_baseline(text.encode(), "baseline")


KINDS: dict[str, tuple[Callable[[str], object], dict[str, Callable[[], str]]]] = {
    "gate.yaml": (_yaml, YAML),
    "pyproject.toml": (_toml, TOML),
    "waivers": (lambda text: parse_waivers(text, "waivers.yaml"), WAIVERS),
    "baseline": (_baseline, BASELINE),
    "CODEOWNERS": (lambda text: parse_codeowners(text, "CODEOWNERS"), CODEOWNERS),
}


def _cases() -> Iterator[tuple[str, str]]:
    for kind, (_, files) in KINDS.items():
        yield from ((kind, name) for name in files)


def _read_within_limits(read: Callable[[str], object], text: str) -> int:
    """Return 0 if the file was read or refused, by a process with limits of its own."""
    own = os.fork()
    if own:
        return os.waitstatus_to_exitcode(os.waitpid(own, 0)[1])
    status = 1
    try:
        used = int(open("/proc/self/statm").read().split()[5]) * resource.getpagesize()  # noqa: SIM115  (it ends soon)
        resource.setrlimit(resource.RLIMIT_DATA, (used + MOST_MEMORY,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_S, MOST_S))
        read(text)
        status = 0
    except GateError:
        status = 0
    except MemoryError:
        status = _TOO_MUCH
    finally:
        os._exit(status)
    return status


@pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")
@pytest.mark.parametrize(("kind", "name"), list(_cases()))
def test_the_worst_file_of_each_kind_costs_little(kind: str, name: str) -> None:
    read, files = KINDS[kind]

    assert _read_within_limits(read, files[name]()) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")
@pytest.mark.parametrize("read", [lambda _: b"x" * (2 * MOST_MEMORY), lambda _: [0 for _ in iter(int, 1)]])
def test_too_much_memory_or_time_would_be_seen(read: Callable[[str], object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.policy.test_costs.MOST_S", 1)

    assert _read_within_limits(read, "") != 0
