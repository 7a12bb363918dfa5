"""npm: `package-lock.json` and `npm-shrinkwrap.json`.

`--package-lock-only` fetches descriptions of packages and installs nothing (npm documentation, "npm-install").
"""

import json
from collections.abc import Iterable
from typing import Any

from gate.app.fixes.resolvers.package_json import asked_exactly, check_sources, lock_and_manifests, manifest_asking
from gate.app.fixes.resolvers.resolver import Commands, Files, RaiseRequest, RefusedError, Resolver, check_no_address

_ONLY_LOCK = (
    "--package-lock-only",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--git=git-is-off",
    "--allow-git=none",
)
"""Without git no package comes from a repository: the `.npmrc` of one could name a program to run."""


def _files(request: RaiseRequest) -> Files:
    found = request.folder.named("package.json")
    check_sources(found)
    if request.lock in found:  # a manifest that nothing locks
        return found
    lock = request.folder.read(request.lock) or b""
    check_no_address(_repositories(_document(lock)), request.lock)
    return found | {request.lock: lock}


def _repositories(lock: Any) -> Iterable[str]:
    """Yield the packages of a lock that come from a git repository."""
    packages = lock.get("packages") or lock.get("dependencies") or {}
    for entry in packages.values():
        stated = str(entry.get("resolved") or entry.get("version") or "")
        if stated.startswith(("git", "ssh:", "http:")):
            yield stated


def _document(lock: bytes) -> Any:
    try:
        return json.loads(lock)
    except ValueError as error:
        raise RefusedError("the lockfile is not valid JSON") from error


def _commands(request: RaiseRequest) -> Commands:
    """Raise direct packages in the manifest that asks for them, and the others within what asks for them."""
    version = _document(request.folder.read(request.lock) or b"").get("lockfileVersion", 3)
    end = [*_ONLY_LOCK, f"--lockfile-version={version}"]
    commands: Commands = []
    for one in request.raises:
        member = manifest_asking(request.folder, one.name) if one.direct else None
        if member is None:
            commands.append(["npm", "update", one.name, *end])
            continue
        place = [f"--workspace={member}"] if member else []
        exact = ["--save-exact"] if asked_exactly(request.folder, member, one.name) else []
        commands.append(["npm", "install", f"{one.name}@{one.to}", *place, *exact, *end])
    return commands


RESOLVER = Resolver(
    program="npm",
    files=_files,
    commands=_commands,
    by_hand="npm install {name}@{version}",
    writes=lock_and_manifests,
    environment={"npm_config_ignore_scripts": "true", "npm_config_update_notifier": "false"},
    settings=("npm_config_", "NPM_", "NODE_EXTRA_CA_CERTS"),
)
