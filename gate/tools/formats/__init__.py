"""What other programs write, one module a format: `read(content) -> Iterator[Reported | Unread]`."""

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from gate.tools.reported import Reported, Unread

FORMATS = {
    "sarif": "gate.tools.formats.sarif",
    "junit": "gate.tools.formats.junit",
    "trivy": "gate.tools.formats.trivy",
    "grype": "gate.tools.formats.grype",
    "gitleaks": "gate.tools.formats.gitleaks",
    "hadolint": "gate.tools.formats.hadolint",
    "checkov": "gate.tools.formats.checkov",
    "semgrep": "gate.tools.formats.semgrep",
    "bandit": "gate.tools.formats.bandit",
    "npm-audit": "gate.tools.formats.npm_audit",
    "pip-audit": "gate.tools.formats.pip_audit",
}
"""The name of a format, and the module that reads it."""


class Format(Protocol):
    """What a module of this folder offers."""

    def read(self, content: bytes) -> Iterator[Reported | Unread]:
        """Yield what a program reports, and what it could not look at.

        Raises ValueError if `content` is not of the format.
        """


def load_format(name: str) -> Format:
    """Import a format by its name, one of `FORMATS`."""
    return cast(Format, import_module(FORMATS[name]))
