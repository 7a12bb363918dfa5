"""What `pyproject.toml` says that decides where packages come from, or that would run code."""

from collections.abc import Iterator, Mapping
from typing import Any

from gate.app.fixes.resolvers.resolver import Folder, RefusedError, strings_in
from gate.core.toml import loads

_OWN_INDEX = ("index", "index-url", "extra-index-url", "default-index", "find-links", "no-index", "keyring-provider")
_OWN_SOURCE = ("git", "url", "path", "index")


def check_project(folder: Folder) -> None:
    """Raise RefusedError if the project names servers, repositories, paths or plugins of its own."""
    project = document(folder.text("pyproject.toml"))
    tools = project.get("tool", {})
    for stated in (*_poetry(tools.get("poetry", {})), *_uv(tools.get("uv", {}))):
        raise RefusedError(f"pyproject.toml names its own source ({stated}), which the gate does not contact")
    asked = [*strings_in(project.get("project", {}).get("dependencies")), *strings_in(project.get("dependency-groups"))]
    asked += strings_in(project.get("project", {}).get("optional-dependencies"))
    address = next((text for text in asked if "@" in text.partition(";")[0]), None)
    if address:
        raise RefusedError(f"pyproject.toml requires a package by its URL ({address[:80]})")


def _uv(uv: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"tool.uv.{key}" for key in _OWN_INDEX if key in uv)
    for name, source in uv.get("sources", {}).items():
        several = source if isinstance(source, list) else [source]
        if any(key in one for one in several for key in _OWN_SOURCE):
            yield f"tool.uv.sources.{name}"


def _poetry(poetry: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"tool.poetry.{key}" for key in ("source", "requires-plugins") if key in poetry)
    groups = [group.get("dependencies", {}) for group in poetry.get("group", {}).values()]
    for asked in (poetry.get("dependencies", {}), poetry.get("dev-dependencies", {}), *groups):
        for name, stated in asked.items():
            if isinstance(stated, dict) and any(key in stated for key in ("git", "url", "path", "file", "source")):
                yield name


def document(text: str) -> dict[str, Any]:
    """Return a TOML document. Raises RefusedError if it is none."""
    try:
        return loads(text)
    except ValueError as error:
        raise RefusedError("a TOML file cannot be read") from error
