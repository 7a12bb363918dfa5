"""Package managers that raise packages in a copy: one module each, listed here by the files that they write."""

from collections.abc import Mapping
from importlib import import_module

from gate.app.fixes.resolvers.resolver import Folder, Resolver

_BY_NAME: Mapping[str, str] = {
    "Cargo.lock": "cargo",
    "Gemfile.lock": "bundler",
    "composer.lock": "composer",
    "go.mod": "go",
    "npm-shrinkwrap.json": "npm",
    "package-lock.json": "npm",
    "package.json": "npm",
    "pnpm-lock.yaml": "pnpm",
    "poetry.lock": "poetry",
    "uv.lock": "uv",
    "yarn.lock": "yarn",
}
"""Name of a file to the module of the resolver that writes it."""


def resolvers_of(folder: Folder, name: str, ecosystem: str) -> tuple[Resolver, ...]:
    """Return what can raise packages in a file of the folder, the best first; nothing if we know of none."""
    if name in _BY_NAME:
        resolver: Resolver = import_module(f"{__name__}.{_BY_NAME[name]}").RESOLVER
        return (resolver,)
    if ecosystem != "PyPI" or not name.endswith(".txt"):
        return ()
    from gate.app.fixes.resolvers import requirements as files

    if files.is_compiled(folder, name):
        return files.COMPILED_BY_UV, files.COMPILED_BY_PIP_TOOLS
    return files.FROZEN_BY_UV, files.FROZEN_BY_PIP
