"""Trivy's JSON (SchemaVersion 2): vulnerabilities, misconfigurations and secrets; `Match` and `Code` are not read."""

from collections.abc import Iterator

import msgspec

from gate.tools.report import Affected, Reported, severity_of


class _Vulnerability(msgspec.Struct, rename="pascal"):
    vulnerability_id: str = msgspec.field(name="VulnerabilityID")
    pkg_name: str
    installed_version: str
    fixed_version: str = ""
    severity: str = ""
    title: str = ""
    primary_url: str | None = msgspec.field(default=None, name="PrimaryURL")


class _Cause(msgspec.Struct, rename="pascal"):
    start_line: int | None = None


class _Misconfiguration(msgspec.Struct, rename="pascal"):
    id: str = msgspec.field(name="ID")
    title: str = ""
    severity: str = ""
    status: str = "FAIL"
    primary_url: str | None = msgspec.field(default=None, name="PrimaryURL")
    cause_metadata: _Cause = msgspec.field(default_factory=_Cause)


class _Secret(msgspec.Struct, rename="pascal"):
    rule_id: str = msgspec.field(name="RuleID")
    title: str = ""
    severity: str = ""
    start_line: int | None = None


class _Result(msgspec.Struct, rename="pascal"):
    target: str = ""
    type: str = ""
    vulnerabilities: list[_Vulnerability] = []
    misconfigurations: list[_Misconfiguration] = []
    secrets: list[_Secret] = []


class _Document(msgspec.Struct, rename="pascal"):
    schema_version: int
    results: list[_Result] | None = None


def read(content: bytes) -> Iterator[Reported]:
    """Yield the vulnerabilities, failed misconfiguration checks and secrets of all results."""
    for result in msgspec.json.decode(content, type=_Document).results or ():
        yield from (_vulnerability(one, result) for one in result.vulnerabilities)
        yield from (_misconfiguration(one, result.target) for one in result.misconfigurations if one.status == "FAIL")
        yield from (_secret(one, result.target) for one in result.secrets)


def _vulnerability(one: _Vulnerability, result: _Result) -> Reported:
    fixed = tuple(version.strip() for version in one.fixed_version.split(",") if version.strip())
    return Reported(
        rule=one.vulnerability_id,
        title=f"{one.pkg_name} {one.installed_version}: {one.title or one.vulnerability_id}",
        severity=severity_of(one.severity),
        path=result.target,
        help_uri=one.primary_url,
        affected=Affected(
            name=one.pkg_name,
            version=one.installed_version,
            ecosystem=result.type,
            ids=(one.vulnerability_id,),
            fixed_versions=fixed,
        ),
    )


def _misconfiguration(one: _Misconfiguration, path: str) -> Reported:
    return Reported(
        rule=one.id,
        title=one.title or one.id,
        severity=severity_of(one.severity),
        path=path,
        line=one.cause_metadata.start_line,
        help_uri=one.primary_url,
    )


def _secret(one: _Secret, path: str) -> Reported:
    return Reported(
        rule=one.rule_id,
        title=one.title or one.rule_id,
        severity=severity_of(one.severity),
        path=path,
        line=one.start_line,
        is_secret=True,
    )
