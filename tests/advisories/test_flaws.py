"""The title of a vulnerability says what is wrong."""

import pytest

from gate.advisories.flaws import flaw_title

NAMES = ("GHSA-1", "CVE-2025-1")


@pytest.mark.parametrize(
    ("summary", "cwes", "expected"),
    [
        (
            "Axios is a promise-based HTTP client for the browser.",
            ("CWE-918",),
            "server-side request forgery (CVE-2025-1)",
        ),
        ("`axios` is an HTTP client.", (), "vulnerability (CVE-2025-1)"),
        ("axios is a package that allows users to send requests.", ("CWE-22",), "path traversal (CVE-2025-1)"),
        (
            "The axios library is a client. Prior to 1.8.2, a path traversal reads any file.",
            ("CWE-918",),
            "Prior to 1.8.2, a path traversal reads any file. (CVE-2025-1)",
        ),
        ("Axios provides a client for browsers. It has many users.", ("CWE-79",), "cross-site scripting (CVE-2025-1)"),
    ],
)
def test_a_title_that_only_says_what_the_package_is_becomes_the_flaw(
    summary: str, cwes: tuple[str, ...], expected: str
) -> None:
    assert flaw_title(summary, "axios", cwes, NAMES) == expected


@pytest.mark.parametrize(
    "summary",
    [
        "Server-side request forgery in axios",
        "axios is vulnerable to a denial of service",
        "Axios is an HTTP client that leaks its credentials to other hosts",
        "CVE-2025-1",
        "",
    ],
)
def test_a_title_that_says_what_is_wrong_stays(summary: str) -> None:
    assert flaw_title(summary, "axios", ("CWE-918",), NAMES) == summary


def test_a_scoped_name_is_known_by_its_last_part_and_without_a_cve_there_is_none_to_name() -> None:
    assert flaw_title("Core is a framework.", "@angular/core", ("CWE-79",), ("GHSA-1",)) == "cross-site scripting"
