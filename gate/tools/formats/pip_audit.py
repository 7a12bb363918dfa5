"""pip-audit's JSON (`--format json`), which states no severity and no file."""

from collections.abc import Iterator

import msgspec

from gate.model import Severity
from gate.tools.report import Affected, NotLookedAt, Reported


class _Vulnerability(msgspec.Struct):
    id: str
    fix_versions: list[str] = []
    aliases: list[str] = []


class _Dependency(msgspec.Struct):
    name: str
    version: str = ""
    vulns: list[_Vulnerability] = []
    skip_reason: str | None = None


class _Document(msgspec.Struct):
    dependencies: list[_Dependency]


def read(content: bytes) -> Iterator[Reported | NotLookedAt]:
    """Yield one problem for each vulnerability of a package, with high severity, because the format has none.

    pip-audit skips packages that are on no index, such as the project's own. If it skipped all, or there are none,
    nothing was audited.
    """
    packages = msgspec.json.decode(content, type=_Document).dependencies
    if not packages:
        yield NotLookedAt()
    skipped = [package.name for package in packages if package.skip_reason is not None]
    yield from (NotLookedAt(package=name, is_partial=len(skipped) < len(packages)) for name in skipped)
    for package in packages:
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
