"""Poetry: `poetry.lock`.

Poetry builds a source distribution to learn what it needs, which runs its code. So it is only asked where every package
of the lockfile is published as a wheel, whose description is read without running anything.
"""

import re

from gate.app.fixes.resolvers.python_project import check_project, document
from gate.app.fixes.resolvers.resolver import NEWEST, Commands, Files, RaiseRequest, RefusedError, Resolver


def _files(request: RaiseRequest) -> Files:
    check_project(request.folder)
    lock = request.folder.read(request.lock) or b""
    for package in document(lock.decode("utf-8", "replace")).get("package", []):
        files = package.get("files", [])
        if files and not any(str(one.get("file", "")).endswith(".whl") for one in files):
            raise RefusedError(f"{package.get('name')} is published as source alone, which Poetry would build")
    return {"pyproject.toml": request.folder.read("pyproject.toml") or b"", request.lock: lock}


def _commands(request: RaiseRequest) -> Commands:
    direct = [
        f"{one.name}@latest" if one.to == NEWEST else f"{one.name}>={one.to}"
        for one in request.raises
        if one.direct and not _is_allowed(request, one.name)
    ]
    others = [one.name for one in request.raises if not one.direct or _is_allowed(request, one.name)]
    commands: Commands = []
    if direct:
        commands.append(["poetry", "add", "--lock", "--no-interaction", "--no-plugins", *direct])
    if others:
        commands.append(["poetry", "update", "--lock", "--no-interaction", "--no-plugins", *others])
    return commands


def _is_allowed(request: RaiseRequest, name: str) -> bool:
    """True unless the project asks for one version of the package, which then has to be asked for otherwise."""
    asked = rf"(?mi)^\s*[\"']?{re.escape(name)}[\"']?\s*(?:=\s*[\"']=?|==)\s*[0-9][\w.]*[\"']"
    return not re.search(asked, request.folder.text("pyproject.toml"))


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
