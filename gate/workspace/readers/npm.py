"""npm, pnpm, Yarn and Bun: scripts of the life cycle, hooks in package.json, registries, loaders, native add-ons.

Sources: npm's "scripts" and "npmrc", Yarn's "Configuration", pnpm's ".pnpmfile.cjs", Bun's "bunfig.toml".
"""

from collections.abc import Iterator

from gate.core.hosts import is_loopback
from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Entry, Grant, Moment, ReadFile, RedirectedAddress, Strength
from gate.workspace.readers.documents import json_of, toml_of, yaml_of
from gate.workspace.readers.git_hooks import hooks_of_package
from gate.workspace.readers.reading import lines_of, shown, start_of, text_of, words_of

_AT_INSTALL = (
    *("preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare", "prepublish", "dependencies"),
    "pnpm:devPreinstall",
)
_LIFE_CYCLE = {
    **dict.fromkeys(_AT_INSTALL, Moment.INSTALL),
    **dict.fromkeys(("prepack", "postpack", "prepublishOnly"), Moment.BUILD),
}
"""Scripts that an install, or a package that is built, starts by itself."""
_TLS_OFF = {"strict-ssl": "false", "strictSsl": "false", "enableStrictSsl": "false"}
_NPM = "registry.{}"
_MAIN_REGISTRIES = (
    *map(_NPM.format, ("npmjs.org", "npmjs.com", "yarnpkg.com")),
    "npm.pkg.github.com",
    "npm.jsr.io",
)


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file by its name."""
    name = path.rpartition("/")[2]
    if name == "package.json":
        return _package(tree, path)
    if name in (".npmrc", ".yarnrc"):
        return ReadFile(entries=tuple(_lines(tree, path, name)))
    if name == ".yarnrc.yml":
        return ReadFile(entries=tuple(_yarn(yaml_of(tree, path))))
    if name == "bunfig.toml":
        return ReadFile(entries=tuple(_bun(toml_of(tree, path))))
    if name == "pnpm-workspace.yaml":
        return ReadFile(entries=tuple(_pnpm(yaml_of(tree, path))))
    return ReadFile(entries=tuple(_whole(path, name)))


def _package(tree: FileTree, path: str) -> ReadFile:
    text = text_of(tree, path)
    if "scripts" not in text and "hooks" not in text and "husky" not in text:
        return ReadFile()
    document = json_of(tree, path)
    scripts = document.get("scripts")
    starts = [
        start_of(command, _LIFE_CYCLE[name], "npm", name, command.text())
        for name, command in (scripts.items() if scripts else ())
        if name in _LIFE_CYCLE and command.text()
    ]
    starts += hooks_of_package(document.get("husky", "hooks"), "husky")
    starts += hooks_of_package(document.get("simple-git-hooks"), "simple-git-hooks")
    starts += hooks_of_package(document.get("gitHooks"), "yorkie")
    starts += hooks_of_package(document.get("pre-commit"), "pre-commit")
    return ReadFile(entries=tuple(starts))


def _lines(tree: FileTree, path: str, name: str) -> Iterator[Entry]:
    sign = "=" if name == ".npmrc" else " "
    for number, line in lines_of(tree, path, ("#", ";")):
        key, _, value = line.partition(sign)
        key, value = key.strip().strip('"'), value.strip().strip("\"'")
        yield from _setting(key, value, path, number)
        if (
            key in ("yarn-path", "script-shell", "node-options", "init-module", "shell", "git", "onload-script")
            and value
        ):
            yield _program(path, number, key, value)


def _setting(key: str, value: str, path: str, line: int) -> Iterator[Entry]:
    is_registry = (
        key == "registry"
        or key.endswith(":registry")
        or key in ("proxy", "https-proxy", "npmRegistryServer", "httpProxy", "httpsProxy")
    )
    if is_registry and value and not any(main in value for main in _MAIN_REGISTRIES):
        yield RedirectedAddress(by="npm", setting=key, address=shown(value), path=path, line=line)
    elif _TLS_OFF.get(key) == value.lower():
        what = f"{key} = {value}"
        yield Grant(by="npm", what=what, strength=Strength.MUCH, is_check=True, path=path, line=line)


def _program(path: str, line: int, key: str, value: str) -> AutoStart:
    return AutoStart(when=Moment.INSTALL, by="npm", what=f"setting {key}", command=shown(value), path=path, line=line)


def _yarn(document: Value) -> Iterator[Entry]:
    program = document.get("yarnPath")
    if program is not None and program.text():
        yield start_of(program, Moment.INSTALL, "Yarn", "yarnPath", program.text())
    plugins = document.get("plugins")
    for plugin in plugins.elements() if plugins else ():
        yield start_of(plugin, Moment.INSTALL, "Yarn", "plug-in", plugin.text("path") or plugin.text())
    for key in ("npmRegistryServer", "httpProxy", "httpsProxy", "enableStrictSsl"):
        value = document.get(key)
        if value is not None:
            yield from _setting(key, value.text(), value.path, value.line)
    scopes = document.get("npmScopes")
    for name, scope in scopes.items() if scopes else ():
        server = scope.get("npmRegistryServer")
        if server is not None:
            yield from _setting(f"@{name}:registry", server.text(), server.path, server.line)
    plain = document.get("unsafeHttpWhitelist")
    for host in plain.elements() if plain else ():
        if is_loopback(host.text().partition(":")[0]):  # what listens on this machine answers without a way in between
            continue
        what = f"unsafeHttpWhitelist: {host.text()}"
        yield Grant(by="Yarn", what=what, strength=Strength.MUCH, is_check=True, path=host.path, line=host.line)


def _bun(document: Value) -> Iterator[Entry]:
    registry = document.get("install", "registry")
    if registry is not None:
        address = registry.text("url") or registry.text()
        yield from _setting("registry", address, registry.path, registry.line)
    for table in ((), ("test",), ("run",)):
        preload = document.get(*table, "preload")
        if preload is not None and words_of(preload):
            yield start_of(preload, Moment.BUILD, "Bun", "preload", words_of(preload))


def _pnpm(document: Value) -> Iterator[Entry]:
    for key in ("registry", "strictSsl"):
        value = document.get(key)
        if value is not None:
            yield from _setting(key, value.text(), value.path, value.line)
    every = document.get("dangerouslyAllowAllBuilds")
    if every is not None and every.text() == "true":
        what = "dangerouslyAllowAllBuilds = true"
        yield Grant(by="pnpm", what=what, strength=Strength.SOME, path=every.path, line=every.line)


def _whole(path: str, name: str) -> Iterator[AutoStart]:
    """Yield a file that is a program as a whole."""
    rows = {
        "binding.gyp": ("npm", "native add-on", "node-gyp rebuild"),
        ".pnpmfile.cjs": ("pnpm", ".pnpmfile", f"require {path}"),
        ".pnpmfile.mjs": ("pnpm", ".pnpmfile", f"import {path}"),
        "pnpmfile.js": ("pnpm", ".pnpmfile", f"require {path}"),
        ".pnp.cjs": ("Yarn", "loader", f"node -r {path}"),
        ".pnp.js": ("Yarn", "loader", f"node -r {path}"),
        ".pnp.loader.mjs": ("Yarn", "loader", f"node --loader {path}"),
    }
    by, what, command = rows[name]
    when = Moment.BUILD if by == "Yarn" else Moment.INSTALL
    yield AutoStart(when=when, by=by, what=what, command=command, path=path, line=1)
