"""The report in a CI system's log: findings that do not block are folded, and no text is taken for a command.

GitHub Actions executes lines that start with `::`, also after blanks ("Workflow commands for GitHub Actions"), except
between `::stop-commands::TOKEN` and `::TOKEN::`. GitLab folds what is between two markers ("Collapsible sections").
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from gate.model import Report


class Log(Protocol):
    """The markers that a log needs around a part of the report."""

    def opening(self, fold: str | None) -> str:
        """Return the text before a part; `fold` is its heading if it shall be folded."""

    def closing(self, fold: str | None) -> str:
        """Return the text after the part."""


def log_of(environment: Mapping[str, str], report: Report) -> Log:
    """Return the kind of log, by the environment variables of CI systems."""
    if environment.get("GITHUB_ACTIONS") == "true":
        return _GitHub(secrets.token_hex(16))
    if environment.get("GITLAB_CI") == "true":
        return _GitLab(_seconds(report.finished_at))
    return Plain()


class Plain:
    """A log without markers; the heading of a fold is a line."""

    def opening(self, fold: str | None) -> str:
        return f"{fold}\n" if fold else ""

    def closing(self, fold: str | None) -> str:
        return ""


class _GitHub:
    def __init__(self, token: str) -> None:
        self._token = token

    def opening(self, fold: str | None) -> str:
        return (f"::group::{fold}\n" if fold else "") + f"::stop-commands::{self._token}\n"

    def closing(self, fold: str | None) -> str:
        return f"::{self._token}::\n" + ("::endgroup::\n" if fold else "")


class _GitLab:
    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def opening(self, fold: str | None) -> str:
        if not fold:
            return ""
        return f"\x1b[0Ksection_start:{self._seconds}:{_named(fold)}[collapsed=true]\r\x1b[0K{fold}\n"

    def closing(self, fold: str | None) -> str:
        return f"\x1b[0Ksection_end:{self._seconds}:{_named(fold)}\r\x1b[0K\n" if fold else ""


def _named(fold: str) -> str:
    """Return a section's name; GitLab allows letters, digits, dots, dashes and underscores."""
    return "gate_" + "".join(char if char.isalnum() else "_" for char in fold.lower())


def _seconds(time: str) -> int:
    """Return a time in seconds. GitLab shows the duration of a section; both ends are this time, so it is always 0."""
    try:
        return int(datetime.fromisoformat(time).timestamp())
    except (ValueError, OverflowError):
        return 0
