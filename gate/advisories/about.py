"""What every finding on a package has in common: its place and its name."""

from typing import Any

from gate.advisories.versions import base_of
from gate.model import Finding, Location, Package, fingerprint


def finding_about(package: Package, rule: str, *, stage: str, target: str, **parts: Any) -> Finding:
    """Make a finding of `rule` about `package`, whose name survives another line, version and release."""
    return Finding(
        stage=stage,
        rule=rule,
        fingerprint=fingerprint(stage, rule, package.path, base_of(package.ecosystem), package.name),
        location=Location(target=target, path=package.path or None, line=package.line),
        package=package,
        **parts,
    )
