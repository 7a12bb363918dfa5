"""Poetry: `poetry.lock`.

Poetry builds a source distribution to learn what it needs, which runs its code. So it is only asked where every package
of the lockfile is published as a wheel, whose description is read without running anything.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from gate.app.fixes.resolvers.python_project import check_project, document
from gate.app.fixes.resolvers.resolver import (
    NEWEST,
    Commands,
    Files,
    Folder,
    RaiseRequest,
    RefusedError,
    Resolver,
    strings_in,
)

_ADD = ("poetry", "add", "--lock", "--no-interaction", "--no-plugins")
_REQUIREMENT = re.compile(r"\s*(?P<name>[\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?(?P<versions>[^;)]*)")
"""A name, extras and versions, with or without parentheses (PEP 508)."""
_ONE_VERSION = re.compile(r"\s*(?:={1,3})?\s*\d[\w.+!-]*\s*$")
"""`==1.0.0`; in Poetry's own tables `1.0.0` and `=1.0.0` too."""


def _files(request: RaiseRequest) -> Files:
    check_project(request.folder)
    lock = request.folder.read(request.lock) or b""
    for package in document(lock.decode("utf-8", "replace")).get("package", []):
        files = package.get("files", [])
        if files and not any(str(one.get("file", "")).endswith(".whl") for one in files):
            raise RefusedError(f"{package.get('name')} is published only as source, which Poetry would have to build")
    return {"pyproject.toml": request.folder.read("pyproject.toml") or b"", request.lock: lock}


def _commands(request: RaiseRequest) -> Commands:
    places = _pinned(request.folder)
    pinned: dict[tuple[str, ...], list[str]] = {}
    others = []
    for one in request.raises:
        place = places.get(canonicalize_name(one.name))
        if place is None:
            others.append(one.name)
        else:
            asked = f"{one.name}@latest" if one.to == NEWEST else f"{one.name}=={one.to}"
            pinned.setdefault(place, []).append(asked)
    commands: Commands = [[*_ADD, *place, *asked] for place, asked in pinned.items()]
    if others:
        commands.append(["poetry", "update", "--lock", "--no-interaction", "--no-plugins", *others])
    return commands


def _pinned(folder: Folder) -> dict[str, tuple[str, ...]]:
    """Return the packages of which the project asks for one version, with the options of `poetry add` for their place.

    Such a version has to be changed in the manifest; all others are raised within what the manifest allows.
    """
    stated = document(folder.text("pyproject.toml"))
    return {
        canonicalize_name(name): place
        for place, asked in _requirements(stated)
        for name, versions in asked
        if _ONE_VERSION.match(versions)
    }


def _requirements(stated: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Iterator[tuple[str, str]]]]:
    """Yield the options of `poetry add` for each list of requirements, with its names and versions."""
    project, poetry = stated.get("project", {}), stated.get("tool", {}).get("poetry", {})
    yield (), _of_list(project.get("dependencies"))
    yield (), _of_table(poetry.get("dependencies"))
    for extra, asked in project.get("optional-dependencies", {}).items():
        yield ("--optional", extra), _of_list(asked)
    for group, asked in stated.get("dependency-groups", {}).items():
        yield ("--group", group), _of_list(asked)
    for group, table in poetry.get("group", {}).items():
        yield ("--group", group), _of_table(table.get("dependencies"))
    yield ("--group", "dev"), _of_table(poetry.get("dev-dependencies"))


def _of_list(requirements: object) -> Iterator[tuple[str, str]]:
    for text in strings_in(requirements):
        found = _REQUIREMENT.match(text)
        if found:
            yield found["name"], found["versions"]


def _of_table(table: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    for name, asked in (table or {}).items():
        versions = asked.get("version") if isinstance(asked, dict) else asked
        if isinstance(versions, str):
            yield name, versions


def _writes(request: RaiseRequest) -> list[str]:
    return [request.lock, "pyproject.toml"]


RESOLVER = Resolver(
    program="poetry",
    files=_files,
    commands=_commands,
    by_hand="poetry add {name}@^{version}",
    writes=_writes,
    environment={
        "POETRY_VIRTUALENVS_CREATE": "false",
        "POETRY_NO_INTERACTION": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    },
    settings=("POETRY_", "PIP_", "SSL_CERT_", "REQUESTS_CA_BUNDLE"),
)
