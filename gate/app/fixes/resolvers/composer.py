"""Composer: `composer.lock`, without plugins and scripts."""

from gate.app.fixes.resolvers.package_json import document
from gate.app.fixes.resolvers.resolver import Commands, Files, RaiseRequest, RefusedError, Resolver

_HARMLESS = frozenset(
    {"allow-plugins", "optimize-autoloader", "platform", "platform-check", "preferred-install", "sort-packages"}
)
"""Keys of `config` that neither run nor fetch anything, with plugins off and nothing installed."""


def _files(request: RaiseRequest) -> Files:
    content = request.folder.read("composer.json") or b""
    manifest = document(content)
    if manifest.get("repositories"):
        raise RefusedError("composer.json names its own repositories, which the gate does not contact")
    config = manifest.get("config") or {}
    other = sorted(set(config) - _HARMLESS)
    if other:
        raise RefusedError(f"composer.json sets {other[0]}, which the gate does not accept from a repository")
    return {"composer.json": content, request.lock: request.folder.read(request.lock) or b""}


def _commands(request: RaiseRequest) -> Commands:
    names = [one.name for one in request.raises]
    end = ("--no-install", "--no-scripts", "--no-plugins", "--no-interaction", "--no-audit", "--with-dependencies")
    return [["composer", "update", *names, "--minimal-changes", *end]]


RESOLVER = Resolver(
    program="composer",
    files=_files,
    commands=_commands,
    by_hand="composer require {name}:^{version}",
    environment={"COMPOSER_NO_INTERACTION": "1", "COMPOSER_ALLOW_SUPERUSER": "1", "COMPOSER_DISABLE_XDEBUG_WARN": "1"},
    settings=("COMPOSER_", "SSL_CERT_"),
)
