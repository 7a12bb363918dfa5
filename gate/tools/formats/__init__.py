"""Parsers of other scanners' reports, one module a format: `read(content) -> Iterator[Reported | NotLookedAt]`."""

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from gate.tools.report import NotLookedAt, Reported

FORMATS = {
    "sarif": "gate.tools.formats.sarif",
    "junit": "gate.tools.formats.junit",
    "trivy": "gate.tools.formats.trivy",
    "grype": "gate.tools.formats.grype",
    "gitleaks": "gate.tools.formats.gitleaks",
    "kingfisher": "gate.tools.formats.kingfisher",
    "credsweeper": "gate.tools.formats.credsweeper",
    "hadolint": "gate.tools.formats.hadolint",
    "checkov": "gate.tools.formats.checkov",
    "semgrep": "gate.tools.formats.semgrep",
    "bandit": "gate.tools.formats.bandit",
    "npm-audit": "gate.tools.formats.npm_audit",
    "pip-audit": "gate.tools.formats.pip_audit",
}
"""The name of a format, and the module that reads it."""
_SUCCESS = (0, 1)
"""Exit statuses of most tools for "nothing found" and "something found"."""


class ToolFormat(Protocol):
    """The interface of a module in this folder."""

    def read(self, content: bytes) -> Iterator[Reported | NotLookedAt]:
        """Yield what a tool reports, and what it could not look at.

        Raises ValueError if `content` is not of the format.
        """


def success_of(name: str) -> tuple[int, ...]:
    """Return the exit statuses by which the tools of a format say that they did their work."""
    return cast("tuple[int, ...]", getattr(import_module(FORMATS[name]), "SUCCESS", _SUCCESS))


def load_format(name: str) -> ToolFormat:
    """Import a format by its name, one of `FORMATS`."""
    return cast(ToolFormat, import_module(FORMATS[name]))


def read_report(name: str, content: bytes) -> list[Reported | NotLookedAt]:
    """Return what a report of the format `name` says. Raises ValueError if `content` is not of the format."""
    try:
        return list(load_format(name).read(content))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
