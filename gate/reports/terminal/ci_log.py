"""The report in the log of a CI system: what does not block is folded, and no text is taken for a command.

GitHub Actions obeys lines that start with `::`, whatever blanks stand before ("Workflow commands for GitHub Actions"):
between `::stop-commands::TOKEN` and `::TOKEN::` it obeys none. GitLab folds between two marks ("Collapsible sections").
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from gate.model import Report


class Log(Protocol):
    """What a log wants to have around a part of the report."""

    def opening(self, fold: str | None) -> str:
        """Return what stands before a part; `fold` is its heading if it is to be folded."""

    def closing(self, fold: str | None) -> str:
        """Return what stands behind it."""


def log_of(environment: Mapping[str, str], report: Report) -> Log:
    """Return the log that a CI system's environment tells of."""
    if environment.get("GITHUB_ACTIONS") == "true":
        return _GitHub(secrets.token_hex(16))
    if environment.get("GITLAB_CI") == "true":
        return _GitLab(_seconds(report.finished_at))
    return Plain()


class Plain:
    """No more than the text; a fold's heading is a line."""

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
    """GitLab's names of sections hold letters, digits, dots, dashes and underscores."""
    return "gate_" + "".join(char if char.isalnum() else "_" for char in fold.lower())


def _seconds(time: str) -> int:
    """GitLab shows the difference of two times; both are the report's, so that it stays a function of the report."""
    try:
        return int(datetime.fromisoformat(time).timestamp())
    except (ValueError, OverflowError):
        return 0
