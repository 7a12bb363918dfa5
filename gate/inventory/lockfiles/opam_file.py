"""`*.opam` and `*.opam.locked` of OCaml's opam (opam manual, "opam", "opam lock"): the field `depends`.

Only `{= "1.2"}` names a version; `opam lock` writes one for each package. What is `with-test` or `with-doc` alone is
for development.
"""

import re
from collections.abc import Iterator

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, read_text, unparsable
from gate.model import Scope
from gate.trees import FileTree, resolve

IS_MANIFEST = True
_FIELD = re.compile(r"^(?P<name>depends|depopts)\s*:\s*(?P<open>\[?)", re.MULTILINE)
_TOKEN = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*+)"|(?P<filter>\{[^{}]*\})|#[^\n]*|(?P<end>\])')
_EXACT = re.compile(r'(?<![<>!])=\s*"([^"]+)"')
_FOR_DEVELOPMENT = re.compile(r"\bwith-(?:test|doc|dev-setup)\b|\bbuild\b")


def read(tree: FileTree, path: str) -> Locked:
    """Read a package's description, or what `opam lock` made of it; the description counts where nothing locks it."""
    if not path.endswith(".locked") and resolve(tree, f"{path}.locked") is not None:
        return Locked()
    entries = list(_entries(read_text(tree, path), path))
    return locked(LockfilePlace("opam", path), entries)


def _entries(text: str, path: str) -> Iterator[LockEntry]:
    for field in _FIELD.finditer(text):
        if not field["open"]:
            found = re.compile(r'"([^"]+)"').match(text, field.end())
            if found:
                yield LockEntry(name=found[1], version=None, line=text.count("\n", 0, found.start()) + 1)
            continue
        yield from _listed(text, field.end(), path, is_optional=field["name"] == "depopts")


def _listed(text: str, start: int, path: str, *, is_optional: bool) -> Iterator[LockEntry]:
    """Yield the packages of a list that begins at `start`."""
    name, line = "", 0
    counted, position = text.count("\n", 0, start) + 1, start
    for token in _TOKEN.finditer(text, start):
        counted += text.count("\n", position, token.start())
        position = token.start()
        if token["filter"] and name:
            yield _entry(name, token["filter"], line, is_optional=is_optional)
            name = ""
        elif token["text"] is not None or token["end"]:
            if name:
                yield _entry(name, "", line, is_optional=is_optional)
            name, line = token["text"] or "", counted
        if token["end"]:
            return
    raise unparsable(path, "the list of what it depends on does not end", counted)


def _entry(name: str, filter: str, line: int, *, is_optional: bool) -> LockEntry:
    exact = _EXACT.search(filter)
    scope = Scope.DEVELOPMENT if _FOR_DEVELOPMENT.search(filter) else Scope.RUNTIME
    if is_optional:
        scope = Scope.OPTIONAL
    return LockEntry(name=name, version=exact[1] if exact else None, line=line, scope=scope)
