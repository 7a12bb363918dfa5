"""The pre-filter loses nothing: any text has the same secrets with it and without."""

import re
import sys

import pytest
from detect_secrets.plugins.high_entropy_strings import Base64HighEntropyString, HexHighEntropyString
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.secrets.engine.configuration import Configuration, PluginSettings
from gate.secrets.engine.detectors import Detectors
from gate.secrets.engine.prefilter import PythonSieve, load_sieve
from gate.secrets.engine.prefilter_patterns import COVERED, EVERY_PLUGIN, FOLDED, PATTERNS, Pattern
from gate.secrets.engine.scan import Scanner
from gate.secrets.engine.text import decode

PIECES = [
    *"\"'`=:;#!@%\\ \t\n{}[]()<>,.-_/&*|?~",
    *("\n", "\n", "\n  ", " = ", ": ", "=", '="', "='", "'", '"', '";', ":=", "==", "!=", "=>", "->", "''"),
    *(
        "\u017f",
        "\u212a",
        "\u0130",
        "\u0131",
        "ñ",
        "Ñ",
        "٣",
        "７",
        "\u00a0",
        "\u2028",
        "\x85",
        "\x0b",
        "\x1c",
        "\u3000",
    ),
    *("password", "PassWord", "api_key", "apikey", "secret", "pa\u017fsword", "api_\u212aey", "contraseña", "db_pass"),
    *("aws", "key", "token", "cl_", "cloudant", "ibm_cloud_", "softlayer_", "secret_access_key", "_id", "id"),
    *("AKIAZ7VRSQ5TJN2XMPLQ", "AKIAZ7VRSQ", "5TJN2XMPLQ", "AKC", "APA", "ghp_", "glpat-", "xoxb-", "AC", "SK", "SG."),
    *("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0", ".abcDEF", "BEGIN", " RSA", " PRIVATE KEY", " PRIVATE", "KEY"),
    *("a1B2c3D4e5F6g7H8i9J0", "kLmNoPqRsT", "0123456789abcdef", "deadbeef01", "fedcba98", "abcdefghijklmnopqrstuvwx"),
    *(
        "a1" * 32,
        "b2" * 24,
        "aB3_" * 11,
        "aB3/" * 10,
        "9" * 8,
        "://user:",
        "pa55@",
        "//x/:_authToken=",
        "npm_abc",
        "1.2.3.",
    ),
    *(
        "[section]",
        "[s]\n",
        "# ",
        "; ",
        "%(a)s",
        "%%",
        "a",
        "b",
        "x = ",
        "- ",
        "!!binary ",
        "|\n  ",
        ">\n  ",
        "&a ",
        "*a",
    ),
    *("# pragma: allowlist secret", "# pragma: allowlist nextline secret\n", "// pragma: whitelist secret", "---\n"),
    *("\\x41", "\\u0041", "\\\n", "changeme", "${X}", "get_x('y')", ".assign(", "[2]", "-us12", "_live_", "T3BlbkFJ"),
]
PATHS = [
    "a.py",
    "a.yaml",
    "a.ini",
    ".env",
    "a.json",
    "a.go",
    "a.c",
    "a.cpp",
    "a.toml",
    "a.md",
    "a.eyaml",
    "a.properties",
]

texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join)
assignments = st.lists(
    st.tuples(
        st.sampled_from(["", "  ", "a", "key", "password", "cl_key", "# "]),
        st.sampled_from(["=", ": ", " = ", ":", "", " "]),
        st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
    ).map("".join),
    max_size=12,
).map("\n".join)


@pytest.fixture(scope="module")
def scanners() -> list[Scanner]:
    """Without a pre-filter, then with each."""
    detectors = Detectors(Configuration())
    return [Scanner(detectors, sieve) for sieve in (None, PythonSieve(), load_sieve(None))]


@settings(max_examples=400, deadline=None)
@given(text=st.one_of(texts, assignments), path=st.sampled_from(PATHS))
def test_same_secrets_with_and_without_the_sieve(scanners: list[Scanner], text: str, path: str) -> None:
    decoded = decode(text.encode())
    assert decoded is not None
    plain, *sieved = [
        {(found.type, found.secret_hash, found.line_number) for found in scanner.find(decoded, path)}
        for scanner in scanners
    ]
    assert all(found == plain for found in sieved)


@settings(max_examples=200, deadline=None)
@given(text=texts)
def test_both_engines_point_at_the_same_lines(scanners: list[Scanner], text: str) -> None:
    utf8 = text.encode()
    first, second = (
        {(utf8.count(b"\n", 0, end - 1), number) for end, number in scanner.sieve.hits(utf8)}  # type: ignore[union-attr]
        for scanner in scanners[1:]
    )
    assert first <= second, "Hyperscan reports every end, `re` the first: each line of the latter is in the former"
    crossing = {number for number, pattern in enumerate(PATTERNS) if b"\\s+KEY" in pattern.expression}
    assert {hit for hit in second if hit[1] not in crossing} <= first


def test_every_plugin_has_a_pattern(scanners: list[Scanner]) -> None:
    assert set(scanners[0].detectors.plugins) | {EVERY_PLUGIN} == COVERED


def test_folded_names_all_characters_that_equal_ascii_without_case() -> None:
    equal = [
        chr(code)
        for code in range(128, sys.maxunicode + 1)
        if re.fullmatch("[a-z0-9]", chr(code), re.IGNORECASE) and not 0xD800 <= code < 0xE000
    ]
    assert len(equal) == 4
    assert all(re.fullmatch(FOLDED, character.encode()) for character in equal)


def test_lengths_follow_from_the_default_entropy_limits() -> None:
    assert 22 < 2 ** Base64HighEntropyString().entropy_limit < 23
    assert 2 ** HexHighEntropyString().entropy_limit == 8


def test_lower_limits_are_scanned_without_the_sieve() -> None:
    detectors = Detectors(Configuration(plugins=(PluginSettings("HexHighEntropyString", (("limit", 2.0),)),)))
    scanner = Scanner(detectors, PythonSieve())
    text = decode(b"a = 'fa3bec'\n")
    assert text is not None
    assert scanner.engine == "none"
    assert [found.type for found in scanner.find(text, "a.py")] == ["Hex High Entropy String"]


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("a.txt", {"anywhere"}),
        ("a.one", {"anywhere", "one"}),
        ("a.one/b.other", {"anywhere", "other"}),
        ("\u017f.txt", {"anywhere", "one", "other"}),
        (None, {"anywhere", "one", "other"}),
    ],
)
def test_a_pattern_for_files_of_a_name_marks_no_line_of_others(path: str | None, marked: set[str]) -> None:
    bound = [Pattern(name, b"b", files=rf"\.{name}$") for name in ("one", "other")]
    sieve = load_sieve(None, (Pattern("anywhere", b"a"), *bound))
    hits = sieve.hits(b"ab", path)
    assert hits == sorted(hits)
    assert {sieve.patterns[number].plugin for _, number in hits} == marked
