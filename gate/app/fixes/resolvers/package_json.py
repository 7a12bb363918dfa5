"""What `package.json` asks for, as npm, pnpm and Yarn read it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from gate.app.fixes.resolvers.resolver import Folder, RaiseRequest, RefusedError, check_no_address, strings_in

_ASKED = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_FURTHER = ("overrides", "resolutions", "pnpm")
_EXACT = re.compile(r"=?\s*v?[0-9]+\.[0-9]+\.[0-9]+[\w.+-]*")
_OF_THE_WORKSPACE = ("workspace:", "catalog:", "npm:", "$")


def check_sources(manifests: Mapping[str, bytes]) -> None:
    """Raise RefusedError if one of the manifests asks for a package by an address, a repository or a path."""
    for path, content in manifests.items():
        stated = document(content)
        asked = [text for part in (*_ASKED, *_FURTHER) for text in strings_in(stated.get(part))]
        named = [text for text in asked if not text.startswith(_OF_THE_WORKSPACE)]
        check_no_address(named, path)
        shorthand = next((text for text in named if re.fullmatch(r"[\w.-]+/[\w.-]+(?:#.*)?", text)), None)
        if shorthand:
            raise RefusedError(f"{path} names a repository ({shorthand}), which the gate does not contact")


def document(content: bytes) -> dict[str, Any]:
    """Return a `package.json` as a dict. Raises RefusedError if it is none."""
    try:
        stated = json.loads(content)
    except ValueError as error:
        raise RefusedError("a package.json is not valid JSON") from error
    if not isinstance(stated, dict):
        raise RefusedError("a package.json is not a JSON object")
    return stated


def lock_and_manifests(request: RaiseRequest) -> list[str]:
    """Return the paths of what a raise may write: the lockfile, and the manifests in its folder and below."""
    return list(dict.fromkeys([request.lock, *sorted(request.folder.named("package.json"))]))


def manifest_asking(folder: Folder, name: str) -> str | None:
    """Return the folder of the manifest that asks for a package, empty for the root; None if none does."""
    for path, content in sorted(folder.named("package.json").items(), key=lambda one: one[0].count("/")):
        if _specifier(document(content), name) is not None:
            return path.removesuffix("package.json").rstrip("/")
    return None


def asked_exactly(folder: Folder, member: str, name: str) -> bool:
    """True if the manifest in the folder `member` asks for one version of the package."""
    content = folder.read(f"{member}/package.json" if member else "package.json") or b"{}"
    return bool(_EXACT.fullmatch(_specifier(document(content), name) or ""))


def _specifier(manifest: Mapping[str, Any], name: str) -> str | None:
    for part in _ASKED[:3]:
        asked = manifest.get(part)
        if isinstance(asked, dict) and isinstance(asked.get(name), str):
            return str(asked[name])
    return None
