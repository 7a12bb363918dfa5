"""pnpm: `pnpm-lock.yaml`.

Its settings can name code (`.pnpmfile.cjs`, configuration dependencies) and another version of itself to fetch; neither
is done here.
"""

from gate.app.fixes.resolvers.package_json import check_sources, lock_and_manifests
from gate.app.fixes.resolvers.resolver import (
    Commands,
    Files,
    Folder,
    RaiseRequest,
    RefusedError,
    Resolver,
    check_no_address,
    check_none_there,
    strings_in,
)
from gate.core.errors import GateError
from gate.core.yaml import parse

_WORKSPACE = "pnpm-workspace.yaml"
_HARMLESS = frozenset(
    {"packages", "catalog", "catalogs", "overrides", "allowedDeprecatedVersions", "onlyBuiltDependencies"}
)
"""Keys of the workspace's file that neither run nor fetch anything."""
_ONLY_LOCK = ("--lockfile-only", "--ignore-scripts", "--ignore-pnpmfile")


def _files(request: RaiseRequest) -> Files:
    check_none_there(request.folder, ".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js")
    found = request.folder.named("package.json")
    check_sources(found)
    return {**found, **_workspace(request.folder), request.lock: request.folder.read(request.lock) or b""}


def _workspace(folder: Folder) -> Files:
    content = folder.read(_WORKSPACE)
    if content is None:
        return {}
    try:
        stated = parse(content.decode("utf-8", "replace"), _WORKSPACE) or {}
    except GateError as error:
        raise RefusedError(f"{_WORKSPACE} cannot be read") from error
    other = sorted(set(stated) - _HARMLESS) if isinstance(stated, dict) else ["what is no table"]
    if other:
        raise RefusedError(f"{_WORKSPACE} sets {other[0]}, which the gate does not accept from a repository")
    check_no_address(
        (text for key in ("catalog", "catalogs", "overrides") for text in strings_in(stated.get(key))), _WORKSPACE
    )
    return {_WORKSPACE: content}


def _commands(request: RaiseRequest) -> Commands:
    is_workspace = request.folder.read(_WORKSPACE) is not None
    scope = ["--recursive"] if is_workspace else ["--ignore-workspace"]
    direct = [f"{one.name}@{one.to}" for one in request.raises if one.direct]
    others = [one.name for one in request.raises if not one.direct]
    commands: Commands = []
    if direct:
        commands.append(["pnpm", "update", *scope, *direct, *_ONLY_LOCK])
    if others:
        commands.append(["pnpm", "update", *scope, "--depth", "Infinity", "--no-save", *others, *_ONLY_LOCK])
    return commands


RESOLVER = Resolver(
    program="pnpm",
    files=_files,
    commands=_commands,
    by_hand="pnpm update {name}@{version}",
    writes=lock_and_manifests,
    environment={
        "npm_config_ignore_scripts": "true",
        "npm_config_manage_package_manager_versions": "false",
        "npm_config_update_notifier": "false",
        "COREPACK_ENABLE_PROJECT_SPEC": "0",
        "CI": "",
    },
    settings=("npm_config_", "NPM_", "PNPM_", "NODE_EXTRA_CA_CERTS"),
)
