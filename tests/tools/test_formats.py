"""What each program's report says, and that damage is an error in words of ours."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.settings import ToolFormat
from gate.tools.formats import FORMATS, load_format
from gate.tools.report import NotLookedAt, Reported

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

KINGFISHER = {
    "findings": [
        {
            "rule": {"title": "PAT => [X.PAT]", "name": "github-pat", "id": "x.github-pat", "description": "d"},
            "finding": {
                "snippet": VALUE,
                "fingerprint": "14670194673563431525",
                "confidence": "medium",
                "entropy": "4.65",
                "validation": {"outcome": outcome, "status": "s", "response": VALUE},
                "language": "Unknown",
                "line": line,
                "column_start": 13,
                "column_end": 52,
                "path": "./sub/a.env",
                "validate_command": f"kingfisher validate --rule 'x.github-pat' '{VALUE}'",
            },
        }
        for line, outcome in enumerate(("not_attempted", "verified_active", "verified_inactive", "unavailable"), 1)
    ],
    "audit": {"summary": {"discovered": 1, "scan_succeeded": 1, "scan_partial": 0, "scan_failed": 0, "pending": 0}},
    "metadata": {"kingfisher_version": "2.14.0", "summary": {"findings": 4, "blobs_scanned": 2}},
}


def candidate(rule: str, line: int, confidence: str, probability: float | None, start: int = 12) -> dict[str, Any]:
    place = {
        "line": f'password = "{VALUE}"',
        "line_num": line,
        "path": "./b.py",
        "info": VALUE,
        "variable": VALUE,
        "variable_start": 0,
        "variable_end": 8,
        "value": VALUE,
        "value_start": start,
        "value_end": 26,
        "entropy": 3.8,
    }
    return {
        "rule": rule,
        "severity": "high",
        "confidence": confidence,
        "ml_probability": probability,
        "line_data_list": [place],
    }


CANDIDATES = [
    candidate("Password", 1, "moderate", 0.99),
    candidate("Key", 2, "moderate", 0.7),
    candidate("Github Classic Token", 2, "strong", None),
    candidate("Secret", 3, "weak", 0.2),
    candidate("Token", 3, "weak", None, start=40),
]
CREDSWEEPER = f"[\n{json.dumps(CANDIDATES, indent=4)[1:-1]}\n]Detected Credentials: 5\nTime Elapsed: 0.56s\n"

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
    "kingfisher": (
        KINGFISHER,
        [
            ("x.github-pat", "github-pat", "high", "./sub/a.env", 1),
            ("x.github-pat", "github-pat", "critical", "./sub/a.env", 2),
            ("x.github-pat", "github-pat", "high", "./sub/a.env", 3),
            ("x.github-pat", "github-pat", "high", "./sub/a.env", 4),
        ],
    ),
    "credsweeper": (
        CREDSWEEPER,
        [
            ("password", "Password", "high", "./b.py", 1),
            ("github-classic-token", "Github Classic Token", "high", "./b.py", 2),
            ("secret", "Secret", "high", "./b.py", 3),
            ("token", "Token", "high", "./b.py", 3),
        ],
    ),
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
NO_CHECKS = {"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0, "checkov_version": "3"}


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
        ("semgrep", {"results": [], "paths": {"scanned": []}}, [(None, "", False)]),
        ("semgrep", {"results": [], "paths": {"scanned": ["a.py"]}}, []),
        ("bandit", {"results": [], "metrics": {"_totals": {"loc": 0}}}, [(None, "", False)]),
        ("bandit", {"results": [], "metrics": {"_totals": {"loc": 0}, "./a.py": {"loc": 0}}}, []),
        ("checkov", NO_CHECKS, [(None, "", False)]),
        ("checkov", {"results": {}, "summary": {"passed": 0, "failed": 0, "skipped": 0}}, [(None, "", False)]),
        ("checkov", {"results": {}, "summary": {"passed": 1, "failed": 0, "skipped": 0}}, []),
        ("sarif", {"runs": []}, [(None, "", False)]),
        ("sarif", {"runs": [{**RUN, "externalPropertyFileReferences": {"results": [{}]}}]}, [(None, "", False)]),
        ("sarif", {"runs": [{"tool": {"driver": {}}}]}, [(None, "", False)]),
        ("sarif", {"runs": [RUN]}, []),
        ("junit", "<testsuite/>", [(None, "", False)]),
        ("junit", "<testsuite><testcase name='a'/></testsuite>", []),
        ("junit", "<testsuite><testcase name='a'><skipped/></testcase></testsuite>", [(None, "", False)]),
        ("junit", "<testsuite failures='1'><testcase name='a'/></testsuite>", [(None, "", False)]),
        ("kingfisher", {"findings": [], "metadata": {"summary": {"blobs_scanned": 1}}}, []),
        ("kingfisher", {"findings": [], "metadata": {"summary": {"blobs_scanned": 0}}}, [(None, "", False)]),
        ("kingfisher", {**KINGFISHER, "audit": {"summary": {"scan_partial": 1}}}, [(None, "", False)]),
        ("pip-audit", {"dependencies": []}, [(None, "", False)]),
        ("pip-audit", PIP, [(None, "own", True)]),
        ("pip-audit", {"dependencies": PIP["dependencies"][1:]}, [(None, "own", False)]),
    ],
)
def test_what_a_program_could_not_look_at_is_told(name: str, document: Any, unread: list[Any]) -> None:
    told = [one for one in load_format(name).read(written(document)) if isinstance(one, NotLookedAt)]
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


@pytest.mark.parametrize(
    ("statuses", "is_told"), [([], True), ([None], False), (["accepted"], False), (["accepted", "rejected"], True)]
)
def test_a_suppression_counts_if_nobody_refused_it(statuses: list[str | None], is_told: bool) -> None:
    suppressions = [{"kind": "inSource", **({"status": status} if status else {})} for status in statuses]
    result = {"ruleId": "R", "message": {"text": "m"}, "suppressions": suppressions}
    assert bool(list(load_format("sarif").read(written({"runs": [{**RUN, "results": [result]}]})))) is is_told


PACK = {"rules": [{"id": "X", "properties": {"security-severity": "9.8"}}]}


@pytest.mark.parametrize(
    ("naming", "told"),
    [
        ({"ruleId": "X"}, ("X", "critical")),
        ({"ruleId": "X/1"}, ("X/1", "critical")),
        ({"rule": {"id": "X"}}, ("X", "critical")),
        ({"rule": {"index": 0, "toolComponent": {"index": 0}}}, ("X", "critical")),
        ({"rule": {"index": 0, "toolComponent": {"index": 1}}}, ("unnamed", "medium")),
        ({"ruleId": "Y"}, ("Y", "medium")),
    ],
)
def test_a_rule_of_an_extension_is_known(naming: dict[str, Any], told: tuple[str, str]) -> None:
    tool = {"driver": {}, "extensions": [PACK]}
    run = {"tool": tool, "results": [{"message": {"text": "m"}, **naming}]}
    (found,) = load_format("sarif").read(written({"runs": [run]}))
    assert isinstance(found, Reported)
    assert (found.rule, found.severity.value) == told


@pytest.mark.parametrize("score", ["nan", "inf", "-inf", "x"])
def test_a_score_that_is_no_number_leaves_the_level(score: str) -> None:
    rule = {"id": "R", "properties": {"security-severity": score}}
    run = {
        "tool": {"driver": {"rules": [rule]}},
        "results": [{"ruleId": "R", "level": "error", "message": {"text": "m"}}],
    }
    (found,) = load_format("sarif").read(written({"runs": [run]}))
    assert isinstance(found, Reported)
    assert found.severity.value == "high"


def test_a_password_that_bandit_finds_is_a_secret() -> None:
    (found,) = load_format("bandit").read(written(BANDIT))
    assert isinstance(found, Reported)
    assert found.is_secret


def test_a_secret_is_valid_if_its_service_said_so_to_kingfisher() -> None:
    found = [one for one in load_format("kingfisher").read(written(KINGFISHER)) if isinstance(one, Reported)]
    assert [one.is_valid for one in found] == [None, True, False, None]
    assert [one.confidence.value for one in found] == ["medium", "high", "medium", "medium"]
    assert all(one.is_secret for one in found)


def test_credsweepers_model_says_how_sure_a_candidate_is_and_its_rule_where_the_model_was_not_asked() -> None:
    found = [one for one in load_format("credsweeper").read(written(CREDSWEEPER)) if isinstance(one, Reported)]
    assert [one.confidence.value for one in found] == ["high", "high", "low", "low"]
    assert all(one.is_secret for one in found)


def test_credsweeper_without_a_candidate_writes_the_count_alone() -> None:
    assert list(load_format("credsweeper").read(b"Detected Credentials: 0\nTime Elapsed: 0.3s\n")) == []


@pytest.mark.parametrize(
    "report", ["[]", CREDSWEEPER.replace(": 5", ": 6"), "Detected Credentials: 1\nTime Elapsed: 0.3s"]
)
def test_candidates_that_are_not_as_many_as_credsweeper_counts_are_no_report(report: str) -> None:
    with pytest.raises(ValueError, match="count"):
        list(load_format("credsweeper").read(written(report)))


def test_every_format_can_be_named_and_has_an_example() -> None:
    assert set(FORMATS) == set(get_args(ToolFormat)) == set(EXAMPLES)


@pytest.mark.parametrize("name", FORMATS)
@given(content=st.binary(max_size=60) | st.sampled_from([b"[]", b"{}", b"null", b'{"results": 1}']))
def test_damage_is_a_value_error_or_nothing(name: str, content: bytes) -> None:
    try:
        found = list(load_format(name).read(content))
    except ValueError:
        return
    assert all(one == NotLookedAt() for one in found), "nothing was found, and perhaps nothing looked at"


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuite>&a;</testsuite>'
    with pytest.raises(ValueError, match="document type"):
        list(load_format("junit").read(bomb))
