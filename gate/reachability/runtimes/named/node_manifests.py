"""What code does with the manifests of others: whether it reads a `package.json`, and handles the scripts in it.

Node.js itself runs no script that a manifest names. So those names count only if a package manager may run them, or if
code may that reads the manifest. One package may read it, and another one handle what that returns.
"""

import posixpath
import re
from collections.abc import Iterator
from functools import partial

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
_RUNS = "run|run-script|rum|urn|start|stop|restart|tes?t?|exec|x|it|install-test|cit|install-ci-test|init|create"
_ASKS_NPM = re.compile(rb"(?:\.cmd)?(?:[\"'`,]|\s{1,4}(?:[\"'`$%%{<\[-]|(?:%s)(?![\w-])))|-cli\.js" % _RUNS.encode())
_ASKS_OTHERS = re.compile(rb"(?:pkg)?(?:\.cmd)?(?=[\"'`\s,])(?!\s{1,4}(?:%s)(?![\w:-]))" % "|".join(_OWN).encode())
"""What follows the name of a package manager that may be asked for a script; behind `yarn` any word may be one."""
_ASKED = {b"npm": _ASKS_NPM, b"corepack": _ASKS_NPM, b"yarn": _ASKS_OTHERS, b"pnpm": _ASKS_OTHERS}
_PART_OF_NAME = re.compile(rb"[\w.@-]\Z")
_EXECUTABLE_OF_MANAGER = b"npm_execpath"
"""The variable with the path of the package manager that runs a script."""
_OF_MANIFEST = b"npm_package_"
_HARMLESS = re.compile(rb"(?:name|version|config_\w{1,80}|engines_\w{1,80}|bin_\w{1,80})\b")
_QUOTES = (b'"', b"'", b"`")
_BEFORE_NAME = (*_QUOTES, b"/", b"}")
"""What stands in front of a file's name in a string; in a text it may be a word (`the package's build`)."""
_AROUND = 240
"""Bytes in front of and behind a word that are looked at."""
_STATED = re.compile(rb"(?:\.json)?[\"'`]")
"""The end of a manifest's path; a name without the ending is one only behind a folder."""
_LOADED = re.compile(
    rb"(?:[rR]equire\w{0,20}(?:\.resolve)?\s?\(|\bimport\s?\(?|\bfrom|\bURL\s?\()\s{0,4}[\"'`]([\w.@/-]{0,120})\Z"
)
"""A manifest that is loaded by a path relative to the source, or by the name of its package."""
_NEXT_TO_IT = re.compile(
    rb"(?:__dirname|import\.meta\.dirname)\s{0,4},\s{0,4}"
    rb"((?:[\"'][./\w-]{0,40}[\"']\s{0,4},\s{0,4}){0,8}[\"'][./\w-]{0,80})\Z"
)
"""`path.join(__dirname, "..", "package.json")`."""
_BETWEEN = re.compile(rb"[\"']\s{0,4},\s{0,4}[\"']")
_OF_PACKAGE = re.compile(
    rb"[rR]equire\w{0,20}\s?\(\s{0,4}`(?:@[\w.-]{1,80}/)?[a-z][\w.-]{0,80}(?:\$\{[^{}`]{1,80}\}[\w.-]{0,80}){1,4}/\Z"
)
"""The manifest of a package of which the name begins with a text: `` require(`@shop/part-${platform}/package`) ``."""
_JOINED = re.compile(rb"/\Z|(?:join|resolve)\([^()]{0,160}[\"'`]\Z")
_KEY_IN_BUNDLE = re.compile(rb"\s{0,4}(?::\s{0,4}\d|\()")
"""Behind a manifest among the modules of a bundle, which holds its content."""
_COMPARED = re.compile(rb"\.(?:endsWith|includes|indexOf|startsWith)\(\s{0,4}[\"'`]/?\Z")
_INERT = rb"(?:name|version|description|main|type|engines|homepage|license|author|bugs|repository|keywords|resolve)\b"
_READ = re.compile(
    rb"(?:[rR]equire\w{0,20}|readFileSync)\s?\(\s{0,4}(?:[\w.]{1,60}\(\s{0,4}){0,2}"
    rb"(?:(?:[\w.$]{1,60}|[\"'][./\w-]{0,60}[\"'])\s{0,4},\s{0,4}){0,6}[\"'`][\w./${}@-]{0,80}\Z"
)
_OF_INERT = re.compile(
    rb"[\s)]{0,8}(?:,\s{0,4}(?:[\"'][\w-]{1,20}[\"']|\{[^{}]{0,60}\}))?[\s)]{0,8}\)\s{0,4}\??\.\s{0,4}" + _INERT
)
"""A value of a manifest, read at once, that names nothing; of a text none of these is there."""
_INERT_ALONE = re.compile(
    rb"\{\s{0,8}(?:" + _INERT + rb"(?:\s{0,3}(?::|as)\s{0,3}\w{1,40})?\s{0,3},?\s{0,8}){1,8}\}\s{0,4}"
    rb"(?:=\s{0,4}(?:await\s{1,4})?(?:require|import)\s?\(|from)\s{0,4}[\"'`][./]{0,20}\Z"
)
_WRITTEN = re.compile(rb"[\"']?\s{0,4}:\s{0,4}\{\s{0,40}[\"']?[\w:.-]{1,60}[\"']?\s{0,4}:\s{0,4}[\"'`]")
"""Behind the scripts of a manifest that the source holds itself."""
_USED = re.compile(rb"(?![\w-])(?!\s{0,4}=(?!=)|\.(?!hasOwnProperty)\w{1,80}\s{0,2}\()")
"""Behind scripts that are used; a method of them is none of a manifest's, whose scripts are texts."""
_IN_PATTERN = re.compile(rb"[{,]\s{0,80}\Z")
_TAKEN = re.compile(rb"\s{0,4}[,}=:]")


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
    loaded: set[str] = set()
    reads_any = _takes_from_manager(content)
    for before, after in _places(b"package", content):
        path = _path_of(before, after)
        loaded.update((path,) if path else ())
        reads_any = reads_any or path == ""
    return ManifestUse(
        tuple(sorted(loaded)),
        reads_any=reads_any,
        handles_scripts=handles_scripts(content),
        asks_manager=any(map(partial(_asks, content), _ASKED)),
        knows_its_manager=_EXECUTABLE_OF_MANAGER in content,
    )


def reads_own_manifest(content: bytes) -> bool:
    """True if a source of an application names a manifest, but for a value of it that names nothing."""
    if _EXECUTABLE_OF_MANAGER in content or _takes_from_manager(content):
        return True
    return any(
        (after.startswith(b".json") or (after.startswith(_QUOTES) and before.endswith(_BEFORE_NAME)))
        and not _is_inert(before, after)
        for before, after in _places(b"package", content)
    )


def handles_scripts(content: bytes) -> bool:
    """True if a source handles `scripts` as a value of an object that it does not hold itself."""
    return any(_is_handled(before, after) for before, after in _places(b"scripts", content))


def _places(word: bytes, content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what stands in front of and behind each place of a word."""
    place = content.find(word)
    while place >= 0:
        end = place + len(word)
        yield content[max(0, place - _AROUND) : place], content[end : end + _AROUND]
        place = content.find(word, end)


def _path_of(before: bytes, after: bytes) -> str | None:
    """Return the path of a manifest that is read; empty if it is known only at run time, None if none is read."""
    stated = _STATED.match(after)
    if stated is None or before[-1:].isalnum():
        return None
    rest = after[stated.end() :]
    word = b"package" + stated[0][:-1]
    if loaded := _LOADED.search(before):
        is_path = loaded[1].startswith((b".", b"/"))
        return (loaded[1] + word).decode("latin-1") if is_path else None
    if _OF_PACKAGE.search(before):
        return None
    if word == b"package":
        return "" if _JOINED.search(before) else None
    if near := _NEXT_TO_IT.search(before):
        return (b"./" + _BETWEEN.sub(b"/", near[1]).strip(b"\"'/") + b"/" + word).decode("latin-1").replace("//", "/")
    is_other = _KEY_IN_BUNDLE.match(rest) or _COMPARED.search(before) or _is_inert(before, after)
    return None if is_other else ""


def _is_inert(before: bytes, after: bytes) -> bool:
    """True if only values of a manifest are read that name nothing."""
    stated = _STATED.match(after)
    if stated is None:
        return False
    is_value = _READ.search(before) is not None and _OF_INERT.match(after, stated.end()) is not None
    return is_value or _INERT_ALONE.search(before) is not None


def _takes_from_manager(content: bytes) -> bool:
    """True if a source takes variables with values of the manifest that may name something, or its path."""
    return any(_HARMLESS.match(after) is None for _, after in _places(_OF_MANIFEST, content))


def _asks(content: bytes, name: bytes) -> bool:
    asked = _ASKED[name]
    return any(
        _PART_OF_NAME.search(before) is None and asked.match(after) is not None
        for before, after in _places(name, content)
    )


def _is_handled(before: bytes, after: bytes) -> bool:
    if before.endswith(b"."):
        return _USED.match(after) is not None
    if _WRITTEN.match(after):
        return False
    if before[-1:] in (b'"', b"'", b"`"):
        return after.startswith(before[-1:])
    return _IN_PATTERN.search(before) is not None and _TAKEN.match(after) is not None
