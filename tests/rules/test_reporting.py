"""From hits to findings: `gate/rules/reporting.py`."""

from gate.model import Severity
from gate.rules import Hit
from gate.rules.reporting import report
from gate.workspace.rules import all_rules

RULE = all_rules()[0]


def hit(line: int, message: str = "m") -> Hit:
    return Hit(message=message, path="a.json", line=line, evidence=(message,))


def test_levels_of_the_settings_count() -> None:
    assert report([(RULE, hit(1))], "t", {RULE.id: "off"}, {}).findings == ()
    (finding,) = report([(RULE, hit(1))], "t", {RULE.id: "low"}, {}).findings
    assert finding.severity is Severity.LOW
    (finding,) = report([(RULE, hit(1))], "t", {}, {}).findings
    assert finding.severity is RULE.description.severity


def test_a_comment_silences_its_line_alone_and_is_kept() -> None:
    found = report([(RULE, hit(1)), (RULE, hit(2, "n"))], "t", {}, {"a.json": {2: {RULE.id: "# why"}}})
    assert [one.location.line for one in found.findings] == [1]
    assert [(one.location.line, one.comment) for one in found.silenced] == [(2, "# why")]


def test_each_finding_stands_once_in_the_order_of_the_lines() -> None:
    found = report([(RULE, hit(3)), (RULE, hit(1)), (RULE, hit(3))], "t", {}, {})
    assert [one.location.line for one in found.findings] == [1, 3]
