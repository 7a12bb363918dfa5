"""Cargo: `Cargo.lock`. The sources are copied as empty files: Cargo asks whether they are there, not what they say."""

from typing import Any

from gate.app.fixes.resolvers.python_project import document
from gate.app.fixes.resolvers.resolver import (
    NEWEST,
    Commands,
    Files,
    RaiseRequest,
    RefusedError,
    Resolver,
    check_no_address,
)

_SOURCES = ("git", "path", "registry", "registry-index")
_TABLES = ("dependencies", "dev-dependencies", "build-dependencies")


def _files(request: RaiseRequest) -> Files:
    manifests = request.folder.named("Cargo.toml")
    for path, content in manifests.items():
        _check(document(content.decode("utf-8", "replace")), path)
    sources = dict.fromkeys(request.folder.names(lambda name: name.endswith(".rs")), b"")
    return sources | manifests | {request.lock: request.folder.read(request.lock) or b""}


def _check(manifest: dict[str, Any], path: str) -> None:
    if "patch" in manifest or "replace" in manifest:
        raise RefusedError(f"{path} replaces packages with its own sources")
    tables = [manifest, manifest.get("workspace", {}), *manifest.get("target", {}).values()]
    for asked in (table.get(kind, {}) for table in tables for kind in _TABLES):
        for name, stated in asked.items():
            _check_source(name, stated, path)


def _check_source(name: str, stated: object, path: str) -> None:
    if not isinstance(stated, dict):
        return
    if any(key in stated for key in ("git", "registry", "registry-index")):
        raise RefusedError(f"{path} names its own source for {name}, which the gate does not contact")
    folder = str(stated.get("path", ""))
    depth = path.count("/")
    if folder.startswith("/") or folder.count("..") > depth:
        check_no_address([f"../{folder}"], path)


def _commands(request: RaiseRequest) -> Commands:
    return [
        ["cargo", "update", f"{one.name}@{one.version}", *([] if one.to == NEWEST else ["--precise", one.to])]
        for one in request.raises
    ]


RESOLVER = Resolver(
    program="cargo",
    files=_files,
    commands=_commands,
    by_hand="cargo update {name} --precise {version}",
    environment={"CARGO_NET_GIT_FETCH_WITH_CLI": "false", "CARGO_TERM_COLOR": "never"},
    settings=("CARGO_", "RUSTUP_HOME", "SSL_CERT_"),
)
