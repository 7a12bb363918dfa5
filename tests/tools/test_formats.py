"""What each program's report says, and that damage is an error in words of ours."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.settings import ToolFormat
from gate.tools.formats import FORMATS, load_format
from gate.tools.reported import Reported, Unread

VALUE = "correct-horse-battery"
SARIF = {
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "t",
                    "rules": [
                        {
                            "id": "R1",
                            "shortDescription": {"text": "One"},
                            "properties": {"security-severity": "9.8"},
                        }
                    ],
                }
            },
            "results": [
                {
                    "ruleId": "R1",
                    "message": {"text": "long"},
                    "locations": [
                        {"physicalLocation": {"artifactLocation": {"uri": "a%20b.py"}, "region": {"startLine": 3}}}
                    ],
                },
                {"ruleId": "R2", "message": {"text": "Two"}, "level": "note"},
                {"ruleId": "R3", "message": {"text": "passes"}, "kind": "pass"},
                {"ruleId": "R4", "message": {"text": "accepted"}, "suppressions": [{"kind": "inSource"}]},
            ],
        }
    ]
}
TRIVY = {
    "SchemaVersion": 2,
    "Results": [
        {
            "Target": "poetry.lock",
            "Type": "poetry",
            "Vulnerabilities": [
                {
                    "VulnerabilityID": "CVE-1",
                    "PkgName": "flask",
                    "InstalledVersion": "1",
                    "FixedVersion": "2, 3",
                    "Severity": "HIGH",
                    "Title": "bad",
                }
            ],
        },
        {
            "Target": "Dockerfile",
            "Misconfigurations": [
                {"ID": "DS001", "Title": "latest", "Severity": "LOW", "CauseMetadata": {"StartLine": 1}},
                {"ID": "DS002", "Status": "PASS"},
            ],
        },
        {
            "Target": "a.env",
            "Secrets": [{"RuleID": "token", "Title": "Token", "Severity": "CRITICAL", "StartLine": 2, "Match": VALUE}],
        },
    ],
}
GRYPE = {
    "matches": [
        {
            "vulnerability": {"id": "GHSA-1", "severity": "Critical", "fix": {"versions": ["2"]}},
            "relatedVulnerabilities": [{"id": "CVE-1"}],
            "artifact": {"name": "x", "version": "1", "type": "npm", "locations": [{"path": "package-lock.json"}]},
        }
    ]
}
GITLEAKS = [{"RuleID": "aws", "Description": "AWS", "File": "a.env", "StartLine": 4, "Secret": VALUE, "Match": VALUE}]
HADOLINT = [{"code": "DL3006", "file": "Dockerfile", "level": "warning", "line": 1, "column": 1, "message": "Tag it"}]
CHECKOV = {
    "results": {
        "failed_checks": [
            {"check_id": "CKV_1", "check_name": "No root", "file_path": "/k8s/a.yaml", "file_line_range": [3, 9]}
        ]
    }
}
SEMGREP = {
    "results": [
        {
            "check_id": "py.eval",
            "path": "a.py",
            "start": {"line": 7, "col": 1},
            "extra": {"message": "eval", "severity": "ERROR", "lines": VALUE},
        }
    ]
}
BANDIT = {
    "results": [
        {
            "test_id": "B105",
            "test_name": "hardcoded_password_string",
            "filename": "./a.py",
            "line_number": 2,
            "issue_severity": "LOW",
            "issue_text": f"Possible hardcoded password: '{VALUE}'",
            "code": VALUE,
        }
    ]
}
NPM = {
    "vulnerabilities": {
        "lodash": {
            "via": [
                {
                    "name": "lodash",
                    "title": "Pollution",
                    "url": "https://a.example/GHSA-2",
                    "severity": "critical",
                    "range": "<4.17.19",
                }
            ]
        },
        "needs-it": {"via": ["lodash"]},
    }
}
PIP = {
    "dependencies": [
        {
            "name": "flask",
            "version": "0.5",
            "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.0"], "aliases": ["CVE-9"]}],
        },
        {"name": "own", "skip_reason": "not on an index"},
    ]
}
JUNIT = """<testsuite>
<testcase name="a" file="a.py" line="3"><failure type="R" message="bad">t</failure></testcase>
</testsuite>"""

EXAMPLES: dict[str, Any] = {
    "sarif": (SARIF, [("R1", "One", "critical", "a b.py", 3), ("R2", "Two", "low", None, None)]),
    "junit": (JUNIT, [("R", "a: bad", "high", "a.py", 3)]),
    "trivy": (
        TRIVY,
        [
            ("CVE-1", "flask 1: bad", "high", "poetry.lock", None),
            ("DS001", "latest", "low", "Dockerfile", 1),
            ("token", "Token", "critical", "a.env", 2),
        ],
    ),
    "grype": (GRYPE, [("GHSA-1", "x 1: GHSA-1", "critical", "package-lock.json", None)]),
    "gitleaks": (GITLEAKS, [("aws", "AWS", "high", "a.env", 4)]),
    "hadolint": (HADOLINT, [("DL3006", "Tag it", "medium", "Dockerfile", 1)]),
    "checkov": (CHECKOV, [("CKV_1", "No root", "medium", "k8s/a.yaml", 3)]),
    "semgrep": (SEMGREP, [("py.eval", "eval", "high", "a.py", 7)]),
    "bandit": (BANDIT, [("B105", "hardcoded password string", "low", "./a.py", 2)]),
    "npm-audit": (NPM, [("GHSA-2", "lodash <4.17.19: Pollution", "critical", "package-lock.json", None)]),
    "pip-audit": (PIP, [("PYSEC-1", "flask 0.5: PYSEC-1", "high", None, None)]),
}


def written(document: Any) -> bytes:
    return (document if isinstance(document, str) else json.dumps(document)).encode()


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_report_is_read(name: str) -> None:
    document, expected = EXAMPLES[name]
    found = [one for one in load_format(name).read(written(document)) if isinstance(one, Reported)]
    assert [(one.rule, one.title, one.severity.value, one.path, one.line) for one in found] == expected
    assert VALUE not in repr(found)


@pytest.mark.parametrize(
    ("name", "ids", "fixed"),
    [
        ("trivy", ("CVE-1",), ("2", "3")),
        ("grype", ("GHSA-1", "CVE-1"), ("2",)),
        ("npm-audit", ("GHSA-2",), ()),
        ("pip-audit", ("PYSEC-1", "CVE-9"), ("1.0",)),
    ],
)
def test_a_vulnerability_has_its_names_and_fixes(name: str, ids: tuple[str, ...], fixed: tuple[str, ...]) -> None:
    first = next(one for one in load_format(name).read(written(EXAMPLES[name][0])) if isinstance(one, Reported))
    assert first.affected is not None
    assert (first.affected.ids, first.affected.fixed_versions) == (ids, fixed)


NOTIFIED = {"level": "error", "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}}}]}
RUN = {"tool": {"driver": {}}, "results": []}


@pytest.mark.parametrize(
    ("name", "document", "unread"),
    [
        ("bandit", {"results": [], "errors": [{"filename": "a.py", "reason": "syntax"}]}, [("a.py", "", False)]),
        (
            "checkov",
            {"results": {"parsing_errors": ["/a.tf"]}, "summary": {"parsing_errors": 1}},
            [("a.tf", "", False)],
        ),
        ("checkov", [{"results": {}, "summary": {"parsing_errors": 1}}], [(None, "", False)]),
        ("semgrep", {"results": [], "errors": [{"level": "error", "path": "a.py"}]}, [("a.py", "", False)]),
        ("semgrep", {"results": [], "errors": [{"level": "warn", "path": "a.py"}]}, [("a.py", "", True)]),
        ("sarif", {"runs": [{**RUN, "invocations": [{"executionSuccessful": False}]}]}, [(None, "", False)]),
        (
            "sarif",
            {"runs": [{**RUN, "invocations": [{"toolExecutionNotifications": [NOTIFIED, {"level": "note"}]}]}]},
            [("a.py", "", False)],
        ),
        (
            "sarif",
            {"runs": [{**RUN, "invocations": [{"toolConfigurationNotifications": [{"level": "error"}]}]}]},
            [(None, "", False)],
        ),
        ("sarif", {"runs": []}, [(None, "", False)]),
        ("sarif", {"runs": [{"tool": {"driver": {}}}]}, [(None, "", False)]),
        ("sarif", {"runs": [RUN]}, []),
        ("junit", "<testsuite/>", [(None, "", False)]),
        ("junit", "<testsuite><testcase name='a'/></testsuite>", []),
        ("pip-audit", PIP, [(None, "own", True)]),
        ("pip-audit", {"dependencies": PIP["dependencies"][1:]}, [(None, "own", False)]),
    ],
)
def test_what_a_program_could_not_look_at_is_told(name: str, document: Any, unread: list[Any]) -> None:
    told = [one for one in load_format(name).read(written(document)) if isinstance(one, Unread)]
    assert [(one.path, one.package, one.is_partial) for one in told] == unread


@pytest.mark.parametrize(
    ("kind", "confidence"),
    [("fail", "high"), ("review", "medium"), ("open", "medium"), ("informational", None), ("notApplicable", None)],
)
def test_a_result_that_somebody_has_to_look_at_is_reported(kind: str, confidence: str | None) -> None:
    result = {"ruleId": "R", "message": {"text": "m"}, "kind": kind, "level": "error"}
    found = list(load_format("sarif").read(written({"runs": [{**RUN, "results": [result]}]})))
    told = [(one.severity.value, one.confidence.value) for one in found if isinstance(one, Reported)]
    assert told == ([("high", confidence)] if confidence else [])


def test_a_password_that_bandit_finds_is_a_secret() -> None:
    (found,) = load_format("bandit").read(written(BANDIT))
    assert isinstance(found, Reported)
    assert found.is_secret


def test_every_format_can_be_named_and_has_an_example() -> None:
    assert set(FORMATS) == set(get_args(ToolFormat)) == set(EXAMPLES)


@pytest.mark.parametrize("name", FORMATS)
@given(content=st.binary(max_size=60) | st.sampled_from([b"[]", b"{}", b"null", b'{"results": 1}']))
def test_damage_is_a_value_error_or_nothing(name: str, content: bytes) -> None:
    try:
        found = list(load_format(name).read(content))
    except ValueError:
        return
    assert found == []


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuite>&a;</testsuite>'
    with pytest.raises(ValueError, match="document type"):
        list(load_format("junit").read(bomb))
