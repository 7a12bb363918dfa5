"""uv: `uv.lock`. With `--no-build` it runs no code of a package (uv documentation, "Reference, uv lock")."""

from gate.app.fixes.resolvers.python_project import check_project
from gate.app.fixes.resolvers.resolver import NEWEST, Commands, Files, RaiseRequest, Resolver

NO_CODE = {"UV_NO_BUILD": "1", "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}


def _files(request: RaiseRequest) -> Files:
    check_project(request.folder)
    found = request.folder.named("pyproject.toml")
    return found | {request.lock: request.folder.read(request.lock) or b""}


def _commands(request: RaiseRequest) -> Commands:
    return [["uv", "lock", "--no-build", *upgrades(request)]]


def upgrades(request: RaiseRequest) -> list[str]:
    """Return the options of uv and pip-compile that raise packages."""
    exact = [one.name if one.to == NEWEST else f"{one.name}=={one.to}" for one in request.raises]
    return [word for one in exact for word in ("--upgrade-package", one)]


RESOLVER = Resolver(
    program="uv",
    files=_files,
    commands=_commands,
    by_hand="uv lock --upgrade-package {name}=={version}",
    environment=NO_CODE,
    settings=("UV_", "PIP_", "SSL_CERT_", "REQUESTS_CA_BUNDLE"),
)
