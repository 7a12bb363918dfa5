"""SARIF 2.1.0 (OASIS): results of any program, with the rules that they name."""

import math
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

import msgspec

from gate.model import Confidence, Severity
from gate.tools.report import NotLookedAt, Reported, severity_of

_SCORES = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.1, Severity.LOW))
"""The least `security-severity` of each severity, as GitHub reads it."""

_SETTLED = frozenset({"pass", "notApplicable", "informational"})
"""Kinds of results that need no action (3.27.9); `review` and `open` ask for a person's decision."""


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


class _Component(msgspec.Struct):
    rules: list[_Rule] = []


class _Tool(msgspec.Struct):
    driver: _Component
    extensions: list[_Component] = []
    """Packs of rules, in which programs such as CodeQL have theirs."""


class _Artifact(msgspec.Struct):
    uri: str = ""


class _Region(msgspec.Struct, rename="camel"):
    start_line: int | None = None


class _Physical(msgspec.Struct, rename="camel"):
    artifact_location: _Artifact = msgspec.field(default_factory=_Artifact)
    region: _Region = msgspec.field(default_factory=_Region)


class _Location(msgspec.Struct, rename="camel"):
    physical_location: _Physical = msgspec.field(default_factory=_Physical)


class _ComponentReference(msgspec.Struct):
    index: int | None = None
    """Position among the extensions; None: the driver (3.54.4)."""


class _RuleReference(msgspec.Struct, rename="camel"):
    id: str | None = None
    index: int | None = None
    tool_component: _ComponentReference = msgspec.field(default_factory=_ComponentReference)


class _Suppression(msgspec.Struct):
    status: str = "accepted"


class _Result(msgspec.Struct, rename="camel"):
    message: _Text
    rule_id: str | None = None
    rule_index: int | None = None
    rule: _RuleReference = msgspec.field(default_factory=_RuleReference)
    level: str | None = None
    kind: str = "fail"
    locations: list[_Location] = []
    suppressions: list[_Suppression] = []

    @property
    def is_suppressed(self) -> bool:
        """True if there are suppressions, and all of them are accepted (3.27.23)."""
        return bool(self.suppressions) and all(one.status == "accepted" for one in self.suppressions)


class _Notification(msgspec.Struct):
    level: str = "warning"
    locations: list[_Location] = []


class _Invocation(msgspec.Struct, rename="camel"):
    execution_successful: bool = True
    tool_execution_notifications: list[_Notification] = []
    tool_configuration_notifications: list[_Notification] = []


class _ExternalFiles(msgspec.Struct):
    results: list[object] = []


class _Run(msgspec.Struct):
    tool: _Tool
    results: list[_Result] | None = None
    """None or absent if no result was computed (3.14.23); empty if the scan found nothing."""
    invocations: list[_Invocation] = []
    external: _ExternalFiles = msgspec.field(default_factory=_ExternalFiles, name="externalPropertyFileReferences")
    """Further files with parts of the log (3.15), which are not read."""


class _Log(msgspec.Struct):
    runs: list[_Run]


def read(content: bytes) -> Iterator[Reported | NotLookedAt]:
    """Yield the results that are failures or to be reviewed and are not suppressed, and what was not looked at.

    In a log without a run, and in a run without results, nothing was looked at.
    """
    runs = msgspec.json.decode(content, type=_Log).runs
    if not runs:
        yield NotLookedAt()
    for run in runs:
        yield from _unread(run)
        rules = _rules_of(run.tool)
        for result in run.results or ():
            if result.kind not in _SETTLED and not result.is_suppressed:
                yield _reported(result, _rule_of(result, rules, run.tool))


def _unread(run: _Run) -> Iterator[NotLookedAt]:
    if run.results is None or run.external.results:
        yield NotLookedAt()
    for invocation in run.invocations:
        notifications = (*invocation.tool_execution_notifications, *invocation.tool_configuration_notifications)
        errors = [one for one in notifications if one.level == "error"]
        for error in errors:
            uri = error.locations[0].physical_location.artifact_location.uri if error.locations else ""
            yield NotLookedAt(path=_path(uri))
        if not invocation.execution_successful and not errors:
            yield NotLookedAt()


def _rules_of(tool: _Tool) -> dict[str, _Rule]:
    """Return the rules by their ids; of two with one id the driver's, not an extension's."""
    return {rule.id: rule for component in (*reversed(tool.extensions), tool.driver) for rule in component.rules}


def _rule_of(result: _Result, by_id: Mapping[str, _Rule], tool: _Tool) -> _Rule:
    name = result.rule_id or result.rule.id
    if name is None:
        return _rule_at(result, tool) or _Rule(id="unnamed")
    parts = name.split("/")  # `CA1000/1` is a kind of CA1000 (3.5.4)
    names = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
    known = next((by_id[one] for one in names if one in by_id), None)
    return msgspec.structs.replace(known, id=name) if known else _Rule(id=name)


def _rule_at(result: _Result, tool: _Tool) -> _Rule | None:
    """Return the rule that a result names by its index, or None."""
    extension = result.rule.tool_component.index
    index = result.rule_index if result.rule_index is not None else result.rule.index
    if index is None or (extension is not None and not 0 <= extension < len(tool.extensions)):
        return None
    rules = (tool.driver if extension is None else tool.extensions[extension]).rules
    return rules[index] if 0 <= index < len(rules) else None


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
        score = math.nan
    if not math.isfinite(score):
        return severity_of(result.level or rule.default_configuration.level)
    return next((severity for least, severity in _SCORES if score >= least), Severity.INFO)


def _path(uri: str) -> str | None:
    return unquote(urlsplit(uri).path) or None
