"""Yarn 2 and later: `yarn.lock` with a `__metadata` block. Yarn 1 cannot update its lockfile without installing."""

from gate.app.fixes.resolvers.package_json import asked_exactly, check_sources, lock_and_manifests, manifest_asking
from gate.app.fixes.resolvers.resolver import (
    NEWEST,
    Commands,
    Files,
    PackageRaise,
    RaiseRequest,
    RefusedError,
    Resolver,
)

_RC = ".yarnrc.yml"
_DECISIVE = ("packageExtensions", "supportedArchitectures", "constraints", "plugins")
"""Settings of a repository that change what is resolved, or run code; `yarnPath` is only left out."""


def _files(request: RaiseRequest) -> Files:
    lock = request.folder.read(request.lock) or b""
    if b"__metadata:" not in lock:
        raise RefusedError("Yarn 1 cannot update its lockfile without installing")
    settings = request.folder.text(_RC)
    decisive = next((key for key in _DECISIVE if f"{key}:" in settings), None)
    if decisive:
        raise RefusedError(f"{_RC} sets {decisive}, which the gate does not accept from a repository")
    found = request.folder.named("package.json")
    check_sources(found)
    return found | {request.lock: lock}


def _commands(request: RaiseRequest) -> Commands:
    direct = [_asked(request, one) for one in request.raises if one.direct]
    others = [one.name for one in request.raises if not one.direct]
    commands: Commands = []
    if direct:
        commands.append(["yarn", "up", *direct, "--mode=update-lockfile"])
    if others:
        commands.append(["yarn", "up", "--recursive", *others, "--mode=update-lockfile"])
    return commands


def _asked(request: RaiseRequest, one: PackageRaise) -> str:
    """Return what is asked for instead: a range, unless the project asks for one version."""
    if one.to == NEWEST:
        return one.name
    member = manifest_asking(request.folder, one.name)
    is_exact = member is not None and asked_exactly(request.folder, member, one.name)
    return f"{one.name}@{one.to}" if is_exact else f"{one.name}@^{one.to.lstrip('^')}"


RESOLVER = Resolver(
    program="yarn",
    files=_files,
    commands=_commands,
    by_hand="yarn up {name}@{version}",
    writes=lock_and_manifests,
    environment={
        "YARN_IGNORE_PATH": "1",
        "YARN_ENABLE_SCRIPTS": "0",
        "YARN_ENABLE_TELEMETRY": "0",
        "YARN_ENABLE_IMMUTABLE_INSTALLS": "0",
        "COREPACK_ENABLE_PROJECT_SPEC": "0",
    },
    settings=("YARN_", "NODE_EXTRA_CA_CERTS"),
)
