"""pip-audit's JSON (`--format json`). It tells no severity and no file."""

from collections.abc import Iterator

import msgspec

from gate.model import Severity
from gate.tools.reported import Affected, Reported


class _Vulnerability(msgspec.Struct):
    id: str
    fix_versions: list[str] = []
    aliases: list[str] = []


class _Dependency(msgspec.Struct):
    name: str
    version: str = ""
    vulns: list[_Vulnerability] = []


class _Document(msgspec.Struct):
    dependencies: list[_Dependency]


def read(content: bytes) -> Iterator[Reported]:
    """Yield one problem for each vulnerability of a package; without a severity it counts as high."""
    for package in msgspec.json.decode(content, type=_Document).dependencies:
        for known in package.vulns:
            yield Reported(
                rule=known.id,
                title=f"{package.name} {package.version}: {known.id}",
                severity=Severity.HIGH,
                affected=Affected(
                    name=package.name,
                    version=package.version,
                    ecosystem="PyPI",
                    ids=(known.id, *known.aliases),
                    fixed_versions=tuple(known.fix_versions),
                ),
            )
