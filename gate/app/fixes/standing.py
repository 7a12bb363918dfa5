"""Comparing two reports on the same files: what a change clears, and whether it brings anything that blocks."""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from gate.app.fixes.raises import is_breaking
from gate.app.fixes.resolvers.resolver import PackageRaise
from gate.model import Finding, Report, Status

_Key = tuple[str, str, str]
"""Rule, path and package of a finding, which stay the same in another version and line."""


class Standing(msgspec.Struct, frozen=True):
    """What stands in a report."""

    open: Counter[_Key]
    blocking: Counter[_Key]
    errors: frozenset[str]
    versions: Mapping[tuple[str, str], str]
    """The versions of packages that the project may use itself, by file and name; several versions are not compared."""

    def clears(self, one: PackageRaise) -> bool:
        """True if none of the vulnerabilities of a raise is left."""
        return not any(self.open[rule, one.path, one.name] for rule in one.rules)

    def worse_than(self, before: "Standing") -> str | None:
        """Return what blocks or cannot be read and did not before, or could; None if that is nothing."""
        new_errors = sorted(self.errors - before.errors)
        if new_errors:
            return new_errors[0]
        more = self.blocking - before.blocking
        return ", ".join(sorted({f"{rule} on {name or path} would block" for rule, path, name in more})) or None

    def breaks(self, before: "Standing", wanted: Iterable[PackageRaise]) -> str | None:
        """Return which other packages come in a release that may break what uses them; None if none does."""
        asked = {(one.path, one.name) for one in wanted}
        return next(
            (
                f"{name} would come in {version} as well, which may break code that uses {before.versions[path, name]}"
                for (path, name), version in sorted(self.versions.items())
                if (path, name) not in asked and is_breaking(before.versions.get((path, name), version), version)
            ),
            None,
        )

    def worse_in(self, before: "Standing", path: str) -> bool:
        """True if something in the file `path` blocks that did not before."""
        return any(there == path for _, there, _ in self.blocking - before.blocking)


def standing_of(report: Report) -> Standing:
    """Return what stands in a report."""
    is_open = [one for one in report.findings if one.status is Status.NEW]
    errors = frozenset(str(error) for stage in report.stages for error in stage.errors)
    return Standing(_counted(is_open), _counted(one for one in is_open if one.blocking), errors, _versions(report))


def _versions(report: Report) -> dict[tuple[str, str], str]:
    listed = report.inventories or ()
    packages = [one for inventory in listed for one in inventory.packages if one.direct is not False]
    several = Counter((one.path, one.name) for one in packages)
    return {(one.path, one.name): one.version for one in packages if several[one.path, one.name] == 1}


def _counted(findings: Iterable[Finding]) -> Counter[_Key]:
    return Counter((one.rule, one.location.path or "", one.package.name if one.package else "") for one in findings)
