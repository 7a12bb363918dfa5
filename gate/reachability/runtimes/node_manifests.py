"""What code does with the manifests of others: whether it reads a `package.json`, and handles the scripts in it.

Node.js itself runs no script that a manifest names. So those names count only if a package manager may run them, or if
code may that reads the manifest. One package may read it, and another one handle what that returns.
"""

import posixpath
import re

import msgspec

MANIFEST = b"package.json"
MANAGERS = frozenset({"npm", "npm.cmd", "npm-cli.js", "yarn", "yarn.cmd", "yarnpkg", "pnpm", "pnpm.cmd", "corepack"})
"""Names by which package managers are started that run scripts; what npx starts is named next to it."""
MARKS = (b"package", b"scripts", b"npm", b"yarn", b"pnpm", b"corepack")
"""What is in every source of which `manifest_use` says anything."""
LIFECYCLE = frozenset(
    before + name
    for name in ("install", "prepare", "prepublish", "prepublishOnly", "pack", "publish", "version", "uninstall")
    for before in ("", "pre", "post")
) | {"dependencies"}
"""Scripts that package managers run by themselves (npm's documentation, "Life Cycle Scripts")."""
_OWN = (
    *("install", "i", "ci", "add", "uninstall", "remove", "rm", "publish", "pack", "version", "view", "info", "config"),
    *("update", "audit", "prefix", "root", "bin", "whoami", "login", "search", "ls", "list", "outdated", "link"),
)
"""Commands of Yarn and pnpm that run no script but those."""
_RUNS = (
    "run|run-script|rum|urn|start|stop|restart|tes?t?|exec|x|it|install-test|cit|install-ci-test|explore|init|create"
)
_MANAGER = re.compile(
    rb"(?<![\w.@-])(?:(?:npm|corepack)(?:\.cmd)?(?:[\"'`,]|\s+(?:[\"'`$%%{<\[-]|(?:%s)(?![\w-])))"
    rb"|(?:yarn|yarnpkg|pnpm)(?:\.cmd)?(?=[\"'`\s,])(?![ ]+(?:%s)(?![\w:-]))|npm-cli\.js)"
    % (_RUNS.encode(), "|".join(_OWN).encode())
)
"""A package manager that may be asked for a script; behind `yarn` any word may be the name of one."""
_EXECUTABLE_OF_MANAGER = b"npm_execpath"
"""The variable with the path of the package manager that runs a script."""
_LOADED = re.compile(
    rb"(?:[rR]equire\w*(?:\.resolve)?\s*\(|\bimport\s*\(?|\bfrom|\bURL\s*\()\s*"
    rb"""["'`]([\w.@/-]*\bpackage(?:\.json)?)["'`]"""
)
"""A manifest that is loaded by a path relative to the source, or by the name of its package."""
_NEXT_TO_IT = re.compile(
    rb"(?:__dirname|import\.meta\.dirname)\s*,\s*"
    rb"""((?:["'][./\w-]*["']\s*,\s*)*["'][./\w-]*package\.json["'])\s*\)"""
)
"""`path.join(__dirname, "..", "package.json")`."""
_BETWEEN = re.compile(rb"""["']\s*,\s*["']""")
_IN_BUNDLE = re.compile(rb"""["'][\w.@/-]*package\.json["']\s*(?::\s*\d|\()""")
"""The key of a manifest among the modules of a bundle, which holds its content."""
_COMPARED = re.compile(rb"""\.(?:endsWith|includes|indexOf|startsWith)\(\s*["'`]/?package\.json["'`]\s*\)""")
_INERT = rb"(?:name|version|description|main|type|engines|homepage|license|author|bugs|repository|keywords|resolve)\b"
_PATH = rb"""(?:[\w.]+\(\s*){0,2}(?:[\w.$]+\s*,\s*|["'][./\w-]*["']\s*,\s*)*["'`][\w./${}@-]*"""
_OF_INERT = re.compile(
    rb"(?:[rR]equire\w*|readFileSync)\s*\(\s*"
    + _PATH
    + rb"""package(?:\.json)?["'`][\s)]*(?:,\s*(?:["'][\w-]+["']|\{[^{}]*\}))?[\s)]*\)\s*\??\.\s*"""
    + _INERT
)
"""A value of a manifest, read at once, that names nothing; of a text none of these is there."""
_INERT_ALONE = re.compile(
    rb"\{\s*(?:" + _INERT + rb"(?:\s*(?::|as)\s*\w+)?\s*,?\s*)+\}\s*"
    rb"""(?:=\s*(?:await\s+)?(?:require|import)\s*\(|from)\s*["'`][./]*package(?:\.json)?["'`]"""
)
_READS = re.compile(
    rb"""package\.json["'`]|/package["'`]|(?:join|resolve)\([^()]*["'`]/?package["'`]\s*\)"""
    rb"|npm_package_(?!(?:name|version|config_\w+|engines_\w+|bin_\w+)\b)"
)
"""The path of a manifest, or what package managers say of it to what they start."""
_READS_OWN = re.compile(rb"""package["'`]|package\.json|npm_execpath|""" + _READS.pattern)
_WRITTEN = re.compile(rb"""["']?scripts["']?\s*:\s*\{\s*["']?[\w:.-]+["']?\s*:\s*["'`]""")
"""The scripts of a manifest that the source holds itself."""
_HANDLES = re.compile(
    rb"""\.scripts\b(?!\s*=(?!=)|\.(?!hasOwnProperty)\w+\s*\()|["'`]scripts["'`]|[{,]\s*scripts\s*[,}=:]"""
)
"""Scripts as a value of an object; a method of them is none of a manifest's, whose scripts are texts."""


class ManifestUse(msgspec.Struct, frozen=True):
    """What a source of JavaScript that a package brought does with manifests."""

    loaded: tuple[str, ...] = ()
    """Paths of manifests that it loads, relative to its folder."""
    reads_any: bool = False
    """True if it reads one of which the path is known only at run time."""
    handles_scripts: bool = False
    asks_manager: bool = False
    """True if it has the name of a package manager, and not only to have packages installed or published."""
    knows_its_manager: bool = False
    """True if it takes the path of the package manager that started it."""

    def reads_of_others(self, path: str, home: str) -> bool:
        """True if the source at `path` may read another manifest than that of its own module in the folder `home`."""
        paths = (posixpath.normpath(posixpath.join(posixpath.dirname(path), each)) for each in self.loaded)
        return self.reads_any or any(not each.startswith(f"{home}/") for each in paths)


def manifest_use(content: bytes) -> ManifestUse:
    """Return what a source that a package brought does with manifests."""
    asks_manager = _MANAGER.search(content) is not None
    if not (asks_manager or _READS.search(content) or handles_scripts(content) or _EXECUTABLE_OF_MANAGER in content):
        return ManifestUse()
    code = _IN_BUNDLE.sub(b"", content)
    near = [b"./" + _BETWEEN.sub(b"/", found).strip(b"\"'/") for found in _NEXT_TO_IT.findall(code)]
    loaded = [found for found in _LOADED.findall(code) if found.startswith((b".", b"/"))]
    rest = _COMPARED.sub(b"", _OF_INERT.sub(b"", _NEXT_TO_IT.sub(b"", _LOADED.sub(b"", code))))
    return ManifestUse(
        tuple(sorted({found.decode("latin-1") for found in (*loaded, *near)})),
        reads_any=_READS.search(rest) is not None,
        handles_scripts=handles_scripts(code),
        asks_manager=asks_manager,
        knows_its_manager=_EXECUTABLE_OF_MANAGER in content,
    )


def reads_own_manifest(content: bytes) -> bool:
    """True if a source of an application names a manifest, but for a value of it that names nothing."""
    return _READS_OWN.search(_OF_INERT.sub(b"", _INERT_ALONE.sub(b"", content))) is not None


def handles_scripts(content: bytes) -> bool:
    """True if a source handles `scripts` as a value of an object that it does not hold itself."""
    return b"scripts" in content and _HANDLES.search(_WRITTEN.sub(b"", content)) is not None
