"""Checks of the reports that a repository's settings name: inside of it, through no link, over none of its files."""

import os
from pathlib import Path

from gate.app.project import Project
from gate.core.errors import ConfigError
from gate.core.safe_write import is_git_name
from gate.git.tracked import is_tracked
from gate.policy.allowed import not_allowed
from gate.policy.confined import top_of
from gate.reports import FORMATS, STANDARD_OUTPUT

_SUFFIXES = frozenset({".csv", ".htm", ".html", ".json", ".log", ".md", ".sarif", ".svg", ".txt", ".xml"})
"""Endings of reports that a repository's settings may name: none that a program takes for its own start."""


def check_own_reports(project: Project) -> str | None:
    """Return the folder that reports of the repository's settings have to be in; None if other settings name them.

    Raises ConfigError for a report in a place that only the caller of the gate may name, or in the format of a plugin
    that is not allowed.
    """
    if project.stated.reports:
        return None
    top = os.path.realpath(top_of(project.root))
    for format, path in project.settings.reports.items():
        if format not in FORMATS and "plugins" not in project.stated.allow:
            raise not_allowed("plugins", f"reports.{format}", project.folder)
        why = _why_not(path, top) if path != STANDARD_OUTPUT else ""
        if why:
            raise ConfigError(
                f"reports.{format}: {path} {why}",
                path=project.folder,
                hint=f"Name it where the gate is started: --report {format}=FILE",
            )
    return top


def _why_not(path: str, top: str) -> str:
    """Return why a repository's settings may not have a report written to `path`; nothing if they may."""
    below = path_below(path, top)
    if below is None:
        return "lies outside of the repository"
    if any(map(is_git_name, below.split("/"))):
        return "lies in .git"
    if Path(path).suffix.lower() not in _SUFFIXES:
        return f"does not have the extension of a report ({', '.join(sorted(_SUFFIXES))})"
    return "is a file of the repository" if is_tracked(Path(path)) else ""


def path_below(path: str, top: str) -> str | None:
    """Return an absolute path as one below `top`, None if it lies elsewhere by how it is written."""
    below = os.path.relpath(path, top)
    return None if below == "." or below.split("/")[0] == ".." else below
