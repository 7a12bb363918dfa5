"""`npm audit --json` (auditReportVersion 2): the advisories behind each package."""

from collections.abc import Iterator

import msgspec

from gate.tools.report import Affected, Reported, severity_of

LOCKFILE = "package-lock.json"


class _Advisory(msgspec.Struct):
    name: str
    title: str
    url: str
    severity: str
    range: str = ""


class _Package(msgspec.Struct):
    via: list[_Advisory | str]
    """An advisory, or the name of the package that brings the problem in."""


class _Document(msgspec.Struct):
    vulnerabilities: dict[str, _Package]


def read(content: bytes) -> Iterator[Reported]:
    """Yield each advisory once. npm states the affected range, not the installed version."""
    packages = msgspec.json.decode(content, type=_Document).vulnerabilities.values()
    advisories = {(one.name, one.url): one for package in packages for one in package.via if isinstance(one, _Advisory)}
    for one in advisories.values():
        name = one.url.rstrip("/").rpartition("/")[2]
        yield Reported(
            rule=name,
            title=f"{one.name} {one.range}: {one.title}",
            severity=severity_of(one.severity),
            path=LOCKFILE,
            help_uri=one.url,
            affected=Affected(name=one.name, version=one.range, ecosystem="npm", ids=(name,)),
        )
