"""Only errors of `gate.core.errors` leave a parser, whatever it is given: a property over all of them."""

import os
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.ci.systems import SYSTEMS
from gate.inventory.discovery import reader_of
from gate.inventory.installed import READERS
from gate.inventory.lockfiles import LOCKFILES
from gate.tools.formats import FORMATS
from gate.workspace.formats import FORMATS as WORKSPACE_FORMATS
from tests.fuzz import definitions, seeds
from tests.fuzz.targets import TARGETS, attempt

pytestmark = pytest.mark.every_python

PARTS = 3 if os.environ.get("CI") else 1
"""Of the values that nobody expects: one is tried in a place."""
UNREADABLE = {"envelope", "installed rpm"}
"""Targets whose seed is no whole file: they need a signature, or a database."""

each = pytest.mark.parametrize("name", TARGETS)

HOSTILE = [
    *(b"", b"\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"[" * 100_000, b"{" * 20_000, b"(" * 20_000),
    *(b"<a>" * 20_000, b'{"a":' * 20_000, b"- " * 20_000, b"9" * 10_000, b'"' * 9_999, b"!!binary x", b"&a [*a]"),
    *(b'"\\ud800"', b'{"\\ud800": 1}', b"1e999999", b"NaN", b"-", b"!!timestamp 0", b"? ", b"%TAG ! x\n--- a"),
]


def test_each_format_of_each_registry_is_among_them() -> None:
    readers = {getattr(reader_of(name), "__name__", "").rpartition(".")[2] for name in seeds.LOCKFILES}
    assert set(LOCKFILES) == readers
    assert set(FORMATS) == set(seeds.TOOLS)
    assert set(READERS) == set(seeds.INSTALLED)
    assert set(SYSTEMS) == {"gitlab", *definitions.SYSTEMS}
    assert set(WORKSPACE_FORMATS) == set(definitions.FORMATS)


@each
def test_the_seed_is_read(name: str) -> None:
    assert attempt(TARGETS[name], TARGETS[name].seed) or name in UNREADABLE


@each
def test_what_is_no_such_file_at_all(name: str) -> None:
    for content in HOSTILE:
        attempt(TARGETS[name], content)


VALUES = [
    *(
        b"\\ud800",
        b"\\u0000",
        b"\\udfff",
        b"\xff",
        b"0001-01-01T00:00:00+14:00",
        b"9999-12-31T23:59:59-14:00",
        b"-1",
        b"1e400",
    ),
    *(
        b"99999999999999999999",
        b"null",
        b"[]",
        b"{}",
        b'""',
        b"true",
        b"https://[",
        b"http://a:99999999/",
        b"pkg:npm/",
        b"%",
        b"${",
    ),
    *(
        b"\xe2\x80\xae",
        b"\x00",
        b"..",
        b"/",
        b"@",
        b"a" * 600,
        b"\xc2\xb2",
        b"sha256:",
        b"<<EOF",
        b"*a",
        b"&a ",
        b"!!int x",
    ),
]


@each
@settings(max_examples=min(30, settings.default.max_examples), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_damage_is_read_or_is_an_error_of_ours(name: str, data: st.DataObject) -> None:
    content = bytearray(TARGETS[name].seed)
    for _ in range(data.draw(st.integers(1, 3))):
        place, lost = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 9))
        content[place : place + lost] = data.draw(st.sampled_from(VALUES) | st.binary(max_size=6))
    attempt(TARGETS[name], bytes(content))


@each
def test_a_value_that_nobody_expects_in_each_place(name: str) -> None:
    """Each word of the seed is another thing for once: a lone surrogate, a huge number, nothing.

    In CI each word is a third of these, the next word the next third.
    """
    seed = TARGETS[name].seed
    words = list(re.finditer(rb"[\w.:+-]+", seed))[:60]
    for number, word in enumerate(words):
        for value in VALUES[:12][number % PARTS :: PARTS]:
            attempt(TARGETS[name], seed[: word.start()] + value + seed[word.end() :])


FOUND = [
    ("envelope", b'{"payload":"e3\xcf\xba","payloadType":"","signatures":[]}'),
    ("dockerfile", b"FROM a\nRUN useradd\n"),
]
"""What made a parser stumble once."""


@pytest.mark.parametrize(("name", "content"), FOUND)
def test_what_was_found_by_fuzzing_stays_mended(name: str, content: bytes) -> None:
    attempt(TARGETS[name], content)
