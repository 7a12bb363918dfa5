"""SARIF 2.1.0 (OASIS): results of any program, with the rules that they name."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

import msgspec

from gate.model import Confidence, Severity
from gate.tools.reported import Reported, Unread, severity_of

_SCORES = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.1, Severity.LOW))
"""`security-severity` from which on a severity holds, as GitHub reads it."""

_SETTLED = frozenset({"pass", "notApplicable", "informational"})
"""Kinds of results that ask nothing of anybody (3.27.9); `review` and `open` ask somebody to look."""


class _Text(msgspec.Struct):
    text: str = ""


class _Properties(msgspec.Struct):
    security_severity: str | float | None = msgspec.field(default=None, name="security-severity")


class _Defaults(msgspec.Struct):
    level: str | None = None


class _Rule(msgspec.Struct, rename="camel"):
    id: str
    short_description: _Text = msgspec.field(default_factory=_Text)
    help_uri: str | None = None
    default_configuration: _Defaults = msgspec.field(default_factory=_Defaults)
    properties: _Properties = msgspec.field(default_factory=_Properties)


class _Driver(msgspec.Struct):
    rules: list[_Rule] = []


class _Tool(msgspec.Struct):
    driver: _Driver


class _Artifact(msgspec.Struct):
    uri: str = ""


class _Region(msgspec.Struct, rename="camel"):
    start_line: int | None = None


class _Physical(msgspec.Struct, rename="camel"):
    artifact_location: _Artifact = msgspec.field(default_factory=_Artifact)
    region: _Region = msgspec.field(default_factory=_Region)


class _Location(msgspec.Struct, rename="camel"):
    physical_location: _Physical = msgspec.field(default_factory=_Physical)


class _Result(msgspec.Struct, rename="camel"):
    message: _Text
    rule_id: str | None = None
    rule_index: int | None = None
    level: str | None = None
    kind: str = "fail"
    locations: list[_Location] = []
    suppressions: list[dict[str, object]] = []


class _Notification(msgspec.Struct):
    level: str = "warning"
    locations: list[_Location] = []


class _Invocation(msgspec.Struct, rename="camel"):
    execution_successful: bool = True
    tool_execution_notifications: list[_Notification] = []
    tool_configuration_notifications: list[_Notification] = []


class _Run(msgspec.Struct):
    tool: _Tool
    results: list[_Result] | None = None
    """None, or not there: no result was computed (3.14.23); of a scan that found nothing the list is empty."""
    invocations: list[_Invocation] = []


class _Log(msgspec.Struct):
    runs: list[_Run]


def read(content: bytes) -> Iterator[Reported | Unread]:
    """Yield the results that are failures or to be reviewed, and not suppressed, and what was not done.

    A log without a run, and a run without results, tell of nothing that was looked at.
    """
    runs = msgspec.json.decode(content, type=_Log).runs
    if not runs:
        yield Unread()
    for run in runs:
        yield from _unread(run)
        rules = {rule.id: rule for rule in run.tool.driver.rules}
        for result in run.results or ():
            if result.kind not in _SETTLED and not result.suppressions:
                yield _reported(result, _rule_of(result, rules, run.tool.driver.rules))


def _unread(run: _Run) -> Iterator[Unread]:
    if run.results is None:
        yield Unread()
    for invocation in run.invocations:
        told = (*invocation.tool_execution_notifications, *invocation.tool_configuration_notifications)
        errors = [one for one in told if one.level == "error"]
        for error in errors:
            uri = error.locations[0].physical_location.artifact_location.uri if error.locations else ""
            yield Unread(path=_path(uri))
        if not invocation.execution_successful and not errors:
            yield Unread()


def _rule_of(result: _Result, by_id: Mapping[str, _Rule], rules: list[_Rule]) -> _Rule:
    if result.rule_id is None and result.rule_index is not None and 0 <= result.rule_index < len(rules):
        return rules[result.rule_index]
    name = result.rule_id or "unnamed"
    return by_id.get(name) or _Rule(id=name)


def _reported(result: _Result, rule: _Rule) -> Reported:
    place = result.locations[0].physical_location if result.locations else _Physical()
    return Reported(
        rule=rule.id,
        title=rule.short_description.text or result.message.text,
        severity=_severity(rule, result),
        path=_path(place.artifact_location.uri),
        line=place.region.start_line,
        help_uri=rule.help_uri,
        confidence=Confidence.HIGH if result.kind == "fail" else Confidence.MEDIUM,
    )


def _severity(rule: _Rule, result: _Result) -> Severity:
    try:
        score = float(rule.properties.security_severity or "")
    except ValueError:
        return severity_of(result.level or rule.default_configuration.level)
    return next((severity for least, severity in _SCORES if score >= least), Severity.INFO)


def _path(uri: str) -> str | None:
    return unquote(urlsplit(uri).path) or None
