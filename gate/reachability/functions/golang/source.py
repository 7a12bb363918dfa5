"""One Go source, read tolerantly: its imports, functions, types, and which names each function's body has.

Comments and texts are blanked first. A declaration begins at a keyword outside of all brackets and ends where the next
one begins, so that what is not understood inside of it does no harm.
"""

import re
from collections.abc import Iterator

import msgspec

_SKIPPED = re.compile(
    rb"//[^\n]*|/\*.*?\*/|`[^`]*`|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.){1,12}'", re.DOTALL
)  # fmt: skip
_TEXT = re.compile(rb"`[^`]*`|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/", re.DOTALL)
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_SELECTED = re.compile(rb"\.\s*([A-Za-z_\x80-\xff][\w\x80-\xff]*)")
_BRACKET_OR_KEYWORD = re.compile(rb"[{}()\[\]]|\b(?:func|var|const|type|import|package)\b")
_ENDS_STATEMENT = re.compile(rb"[\w\x80-\xff)}\]\"'`;]\Z")
_FUNCTION = re.compile(
    rb"func\s+(?:\(\s*(?:(?P<itself>[\w\x80-\xff]+)\s+)?\*?\s*(?P<owner>[\w\x80-\xff]+)\s*(?:\[[^\]]*\])?\s*,?\s*\)\s*)?"
    rb"(?P<name>[A-Za-z_\x80-\xff][\w\x80-\xff]*)\s*[(\[]"
)
_TYPE = re.compile(rb"\s*(?:type\b\s*)?([A-Za-z_\x80-\xff][\w\x80-\xff]*)")
_GROUP = re.compile(rb"type\s*\(")
_FIRST_DECLARATION = re.compile(rb"^(?:func|type|var|const)\b", re.MULTILINE)
_IMPORTS = re.compile(rb"^[ \t]*import\b\s*(?:\((?P<block>[^)]*)\)|(?P<one>[^\n;]*))", re.MULTILINE)
_IMPORT = re.compile(rb"(?P<name>[\w.\x80-\xff]+)?[ \t]*(?:\"(?P<path>[^\"\n]+)\"|`(?P<raw>[^`\n]+)`)")
_PACKAGE = re.compile(rb"^[ \t]*package[ \t]+([\w\x80-\xff]+)", re.MULTILINE)
_LINKED = re.compile(rb"^//go:linkname[ \t]+(\S+)(?:[ \t]+(\S+))?", re.MULTILINE)
_EXPORTED = re.compile(rb"^//export[ \t]+(\S+)", re.MULTILINE)
_NEVER_BUILT = re.compile(rb"^//(?:go:build|[ \t]*\+build)[ \t]+ignore[ \t]*$", re.MULTILINE)
_OF_ASSEMBLY = re.compile(rb"([\w./~\x80-\xff\xb7\xe2\x88\x95]*)\xc2\xb7([\w\x80-\xff]+)")
"""A name in an assembler's source: `·Sum` or `crypto∕md5·Sum`."""
_CALL = re.compile(
    rb"(?:(?<![\w.\x80-\xff])([A-Za-z_\x80-\xff][\w\x80-\xff]*)\s*\.\s*)?([A-Za-z_\x80-\xff][\w\x80-\xff]*)\s*(?=\()"
)


class GoFunction(msgspec.Struct, frozen=True):
    """A function or method; without a name what a file's variables are set to when the package is loaded."""

    name: bytes
    owner: bytes
    """The type of which it is a method."""
    itself: bytes
    """The name of the receiver."""
    line: int
    code: bytes
    """Its text, comments and contents of texts blanked."""

    @property
    def runs_when_loaded(self) -> bool:
        """True for what runs as soon as a program holds the package."""
        return not self.name or (self.name == b"init" and not self.owner)

    @property
    def shown(self) -> str:
        """Its name, with its type's."""
        return b".".join(filter(None, (self.owner, self.name))).decode("utf-8", "replace")

    def words(self) -> frozenset[bytes]:
        """Return every name in it."""
        return frozenset(_WORD.findall(self.code))

    def selected(self) -> frozenset[bytes]:
        """Return what it takes of something: names behind a dot."""
        return frozenset(_SELECTED.findall(self.code))

    def calls(self) -> Iterator[tuple[bytes, bytes, int]]:
        """Yield qualifier (or nothing), name and line of each call that may be one."""
        for found in _CALL.finditer(self.code):
            if found[1] is not None or self.code[max(0, found.start() - 1) : found.start()] != b".":
                yield found[1] or b"", found[2], self.line + self.code.count(b"\n", 0, found.start())


class GoSource(msgspec.Struct, frozen=True):
    """What counts of one file."""

    package: bytes
    """The name in its package clause."""
    imports: tuple[tuple[bytes, str], ...]
    """Local name (nothing for the package's own, `.` for all of its names, `_` for none) and path."""
    functions: tuple[GoFunction, ...]
    types: tuple[tuple[bytes, frozenset[bytes]], ...]
    """Each type, with every name in its declaration."""
    texts: frozenset[bytes]
    """Words in texts, which reflection may look up."""
    from_elsewhere: frozenset[bytes]
    """What C or the linker uses: names of functions, with their package in front or not."""


def imports_of(content: bytes) -> tuple[str, ...]:
    """Return the paths that a source imports; faster than to parse it."""
    return tuple(dict.fromkeys(path for _, path in _imports(content)))


def is_never_built(content: bytes) -> bool:
    """True for a source that only `go run` of its file compiles."""
    head = content[: content.find(b"\npackage ") + 1] or content[:2_000]
    return _NEVER_BUILT.search(head) is not None


def parse_go(content: bytes) -> GoSource:
    """Read a source; what cannot be understood is a part of the declaration that it stands in."""
    blanked = _SKIPPED.sub(_blank, content)
    functions: list[GoFunction] = []
    types: list[tuple[bytes, frozenset[bytes]]] = []
    if not _is_balanced(blanked):
        functions.append(GoFunction(b"", b"", b"", 1, blanked))
    for keyword, start, end in _declarations(blanked):
        code = blanked[start:end]
        line = blanked.count(b"\n", 0, start) + 1
        if keyword == b"func" and (head := _FUNCTION.match(code)):
            functions.append(GoFunction(head["name"], head["owner"] or b"", head["itself"] or b"", line, code))
        elif keyword == b"type":
            types += _types(code)
        elif keyword not in (b"import", b"package"):
            functions.append(GoFunction(b"", b"", b"", line, code))
    package = _PACKAGE.search(blanked)
    return GoSource(
        package[1] if package else b"",
        tuple(_imports(content)),
        tuple(functions),
        tuple(types),
        frozenset(word for text in _TEXT.findall(content) for word in _WORD.findall(text)),
        frozenset(_elsewhere(content)),
    )


def words_of_assembly(content: bytes) -> frozenset[bytes]:
    """Return what an assembler's source names by a middle dot, with the path in front for other packages."""
    named = _OF_ASSEMBLY.findall(content)
    return frozenset(b"%s.%s" % (path, name) if path else name for path, name in named)


def _blank(found: "re.Match[bytes]") -> bytes:
    """Return as many lines; texts stay as empty ones."""
    first = found[0][:1]
    return (b'""' if first in b"\"`'" else b" ") + b"\n" * found[0].count(b"\n")


def _imports(content: bytes) -> Iterator[tuple[bytes, str]]:
    code = _COMMENT.sub(b" ", content)
    first = _FIRST_DECLARATION.search(code)
    for statement in _IMPORTS.finditer(code, 0, first.start() if first else len(code)):
        for found in _IMPORT.finditer(statement["block"] or statement["one"] or b""):
            yield found["name"] or b"", (found["path"] or found["raw"]).decode("utf-8", "replace")


def likely_name(path: str) -> bytes:
    """Return the name that a package most likely has, by its path: the last part that is no version."""
    parts = path.split("/")
    last = parts[-2] if len(parts) > 1 and re.fullmatch(r"v\d+", parts[-1]) else parts[-1]
    return re.sub(r"^go-|[.-]go$|\.v\d+$", "", last).encode()


def _types(code: bytes) -> Iterator[tuple[bytes, frozenset[bytes]]]:
    """Yield the types of a declaration, each with the names in it: in a group one begins on a line of its own."""
    group = _GROUP.match(code)
    if group is None:
        found = _TYPE.match(code)
        if found:
            yield found[1], frozenset(_WORD.findall(code, found.end()))
        return
    depth, start = 0, group.end()
    for found in re.compile(rb"[{}()\[\]\n;]").finditer(code, group.end()):
        depth += (found[0] in b"{([") - (found[0] in b"})]")
        if (found[0] in b"\n;" and depth == 0) or depth < 0:
            if name := _TYPE.match(code, start, found.start()):
                yield name[1], frozenset(_WORD.findall(code, name.end(), found.start()))
            start = found.end()


def _is_balanced(blanked: bytes) -> bool:
    """False if brackets are not in pairs, so that what belongs to which declaration is not known."""
    return all(
        blanked.count(first) == blanked.count(last) for first, last in ((b"{", b"}"), (b"(", b")"), (b"[", b"]"))
    )


def _declarations(blanked: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield keyword, start and end of each declaration of a file."""
    depth, keyword, start = 0, b"", 0
    for found in _BRACKET_OR_KEYWORD.finditer(blanked):
        if found[0] in b"{([":
            depth += 1
        elif found[0] in b"})]":
            depth = max(0, depth - 1)
        elif depth == 0 and _begins_statement(blanked, found.start()):
            yield keyword, start, found.start()
            keyword, start = found[0], found.start()
    yield keyword, start, len(blanked)


def _begins_statement(blanked: bytes, place: int) -> bool:
    """True if what stands before ends a statement, on an earlier line or by a semicolon."""
    before = blanked[max(0, place - 400) : place]
    kept = before.rstrip()
    if not kept:
        return True
    return _ENDS_STATEMENT.search(kept) is not None and (b"\n" in before[len(kept) :] or kept.endswith((b";", b"}")))


def _elsewhere(content: bytes) -> Iterator[bytes]:
    if b"//go:linkname" in content:
        for local, other in _LINKED.findall(content):
            yield from filter(None, (local, other))
    if b"//export" in content:
        yield from _EXPORTED.findall(content)
