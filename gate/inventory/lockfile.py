"""What the lockfile readers share: the type of their answer, checks of packages, and reading text, JSON and TOML."""

import re
from typing import Any, TypeVar

import msgspec

from gate.core.errors import UnreadableError
from gate.core.source_text import text_of
from gate.core.text import without_credentials
from gate.core.toml import loads
from gate.ecosystems import COMMITS, described
from gate.model import Package, Scope
from gate.trees import FileTree

MAX_JSON = 64 << 20
"""Bytes of a JSON lockfile; npm's largest known ones have a quarter of that."""
MAX_TEXT = 16 << 20
"""Bytes of a TOML or text lockfile."""
MAX_NAME = 512
"""Characters of a package's name or version."""
_HOST_TYPES = {"github.com": "github", "bitbucket.org": "bitbucket"}
"""Types of package URLs (purl-spec) by the host of a repository."""
_TOML_KEY = re.compile(r"\s*\"?([\w.-]+)\"?\s*=")
_HINT = "Fix or regenerate the file, or list it under `ignore` of the dependencies stage in gate.yaml"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape in JSON for half a character (D800 to DFFF)."""

Document = TypeVar("Document")


class Include(msgspec.Struct, frozen=True):
    """A list of packages that the installer fetches from a URL, so that its content is unknown."""

    path: str
    line: int
    address: str
    """Without credentials."""


class UnparsableError(UnreadableError):
    """A file that is not in the format that its name stands for: its own tool would refuse it too."""


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """What one lockfile states."""

    packages: tuple[Package, ...] = ()
    imprecise: tuple[str, ...] = ()
    """Packages without an exact version, as `path:line: name or kind`; they cannot be matched with advisories."""
    includes: tuple[Include, ...] = ()
    unread: tuple[str, ...] = ()
    """What of a manifest is not in its format, as `path:line: why`: a template, prose. No tool installs that."""


class LockfilePlace(msgspec.Struct, frozen=True):
    """A lockfile and an ecosystem; makes the packages of that file."""

    ecosystem: str
    path: str

    def package(
        self,
        name: str,
        version: str,
        line: int | None = None,
        *,
        scope: Scope = Scope.RUNTIME,
        direct: bool | None = None,
        via: tuple[str, ...] = (),
        license: str | None = None,
        registry: str | None = None,
        stated_as: str | None = None,
    ) -> Package:
        """Make a package of this file. Raises UnreadableError for a name or version that no registry accepts."""
        for what, text in (("name", name), ("version", version)):
            if len(text) > MAX_NAME or not _is_plausible(text):
                error = refused if len(text) > MAX_NAME else unparsable
                raise error(self.path, f"the {what} of a package is empty, too long or not printable", line)
        try:
            purl = package_url(self.ecosystem, name, version)
        except ValueError as error:
            raise unparsable(self.path, "the name of a package is incomplete", line) from error
        return Package(
            name=name,
            version=version,
            ecosystem=self.ecosystem,
            purl=purl,
            scope=scope,
            direct=direct,
            via=via,
            license=license,
            registry=_shown(registry) if registry else None,
            path=self.path,
            line=line,
            stated_as=stated_as,
        )


def _is_plausible(text: str) -> bool:
    return text.isprintable() and " " not in text and all(text.split("/"))


def _shown(address: str) -> str | None:
    """Return a source's address as it may be reported; None if it is implausible."""
    shown = without_credentials(address)
    return shown if len(shown) <= 4 * MAX_NAME and shown.isprintable() else None


_PLAIN_TYPES = frozenset({"cargo", "gem", "npm", "pypi"})
"""Types of package URLs whose rules leave a plain name as it is."""
_PLAIN_NAME = re.compile(r"(?:@[a-z0-9][a-z0-9.-]*/)?[a-z0-9][a-z0-9.-]*")
_PLAIN_VERSION = re.compile(r"[0-9A-Za-z.-]+")
"""Names and versions that need no encoding: putting them together here saves a tenth of reading a lockfile."""


def package_url(ecosystem: str, name: str, version: str) -> str:
    """Return the package URL (purl-spec) of a package of a language's ecosystem.

    Raises ValueError for a name that has no last part, UnreadableError for an ecosystem that has no package URLs.
    """
    if ecosystem == COMMITS:
        return _commit_url(name, version)
    urls = described(ecosystem).package_urls
    if urls is None:
        raise UnreadableError(f"the ecosystem {ecosystem} has no package URLs of its own")
    namespace, _, last = name.rpartition(urls.namespace_end)
    if urls.type in _PLAIN_TYPES and _PLAIN_NAME.fullmatch(name) and _PLAIN_VERSION.fullmatch(version):
        return f"pkg:{urls.type}/{name.replace('@', '%40')}@{version}"
    from packageurl import PackageURL  # late, as most names are plain

    return PackageURL(urls.type, namespace or None, last, version).to_string()


def _commit_url(repository: str, commit: str) -> str:
    """Return the package URL of a commit: of the type for its host in purl-spec, else generic with the URL."""
    from packageurl import PackageURL

    host, _, path = repository.partition("/")
    namespace, _, name = path.rpartition("/")
    if host in _HOST_TYPES and namespace:
        return PackageURL(_HOST_TYPES[host], namespace, name, commit).to_string()
    source = {"vcs_url": f"git+https://{repository}@{commit}"}
    return PackageURL("generic", None, name, commit, source).to_string()


def unparsable(path: str, why: str, line: int | None = None) -> UnparsableError:
    """Return the error for a file that is not in the format that its name stands for."""
    return UnparsableError(_unparsed(why, line), path=path, hint=_HINT)


def refused(path: str, why: str, line: int | None = None) -> UnreadableError:
    """Return the error for a file that is not read although its own tool may read it: for a bound, an ambiguity."""
    return UnreadableError(_unparsed(why, line), path=path, hint=_HINT)


def unread_note(path: str, why: str, line: int | None = None) -> str:
    """Return the note on a manifest, or a line of one, that is not in its format."""
    return f"{path}:{line}: {why}" if line else f"{path}: {why}"


def _unparsed(why: str, line: int | None) -> str:
    place = f" (line {line})" if line else ""
    return f"cannot be parsed: {why}{place}"


def read_text(tree: FileTree, path: str, limit: int = MAX_TEXT) -> str:
    """Return a file's text, without a byte order mark. Raises UnreadableError if its bytes are no text."""
    raw = tree.read(path, limit)
    try:
        return text_of(raw, path)
    except UnreadableError as error:
        line = (error.path or "").removeprefix(f"{path}:")
        raise refused(path, error.message.removeprefix("cannot be parsed: "), int(line)) from error


def read_written(tree: FileTree, path: str) -> str:
    """Return the text of a file as `read_text` does. Raises UnreadableError if it is empty, too."""
    text = read_text(tree, path)
    if not text.strip():
        raise unparsable(path, "it is empty")
    return text


def read_json(tree: FileTree, path: str, shape: type[Document]) -> tuple[Document, str]:
    """Read a JSON file as `shape`; return it with the file's text. A duplicate key in an object is an error."""
    text = read_text(tree, path, MAX_JSON)
    return parse_json(text, path, shape), text


def parse_json(text: str, path: str, shape: type[Document]) -> Document:
    """Read the JSON text of the file `path` as `shape`; see `read_json`."""
    import json

    try:
        document = json.loads(text, object_pairs_hook=_distinct)
        if _SURROGATE.search(text):
            _check_surrogates(document)
        return msgspec.convert(document, shape)
    except json.JSONDecodeError as error:
        raise unparsable(path, f"it is not JSON: {error.msg}", error.lineno) from error
    except _TwiceError as error:
        raise refused(path, str(error)) from error
    except RecursionError as error:
        raise refused(path, "it is nested too deeply") from error
    except ValueError as error:  # msgspec's ValidationError among them
        raise unparsable(path, str(error)) from error


def _check_surrogates(document: Any) -> None:
    """Raise ValueError for a lone surrogate (`\\ud800`; RFC 8259, 8.2), as no report could be written with it."""
    try:
        msgspec.json.encode(document)
    except UnicodeEncodeError as error:
        raise ValueError("an escape stands for half a character") from error


class _TwiceError(ValueError):
    """A key stands twice in one object: most programs read such JSON, and differ in which of the two they take."""


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _TwiceError(f"the key {twice[:60]!r} stands twice in one object")
    return members


def read_toml(tree: FileTree, path: str, shape: type[Document]) -> tuple[Document, str]:
    """Read a TOML file as `shape`; return it with the file's text."""
    text = read_text(tree, path)
    try:
        tables = loads(text)
    except ValueError as error:
        raise unparsable(path, f"it is not TOML: {error}") from error
    try:
        return msgspec.convert(tables, shape), text
    except ValueError as error:
        raise unparsable(path, str(error)) from error


def package_block_lines(text: str, count: int, name: str = "package") -> list[int | None]:
    """Return the line of each of the `count` blocks `[[package]]` of a TOML file, or None if their number differs."""
    lines: list[int | None] = []
    line, position = 1, 0
    for block in re.finditer(rf"^\[\[{name}\]\]", text, re.MULTILINE):
        line += text.count("\n", position, block.start())
        position = block.start()
        lines.append(line)
    return lines if len(lines) == count else [None] * count


def only_lines(text: str, pattern: "re.Pattern[str]") -> dict[str, int]:
    """Return the line of each text that the last group of `pattern` finds; texts that occur twice are left out."""
    lines: dict[str, int] = {}
    twice: set[str] = set()
    line, position = 1, 0
    for found in pattern.finditer(text):
        line += text.count("\n", position, found.start())
        position = found.start()
        said = found[found.lastindex or 0]
        if said in lines:
            twice.add(said)
        lines[said] = line
    return {said: line for said, line in lines.items() if said not in twice}


def key_lines(text: str, *tables: str) -> dict[str, int]:
    """Return the line of each key that stands in one of the `tables` of a TOML file, at the beginning of its line."""
    lines: dict[str, int] = {}
    is_inside = False
    for number, row in enumerate(text.split("\n"), 1):
        if row.startswith("["):
            is_inside = row.partition("]")[0].removeprefix("[").strip() in tables
        elif is_inside and (found := _TOML_KEY.match(row)):
            lines.setdefault(found[1], number)
    return lines
