"""Bake definitions (`docker-bake.hcl`, `docker-bake.json`): the simple part of HCL that builds are written in.

Blocks, attributes, strings with `${VARIABLE}`, lists and objects are read; what is computed (functions, conditions,
`for`) is a value that is not known before the build.
"""

import re
import textwrap
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import msgspec

from gate.core.dollar_variables import expand
from gate.core.errors import ConfigError
from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.definition import MAX_ARGUMENTS, MAX_CONTEXTS, Definition, InlineText

MAX_DEPTH = 50
"""Brackets in brackets."""
MAX_INHERITED = 20
"""Targets that inherit from one another in a chain."""
MAX_VALUE = 4096
"""Characters of a variable's value; one that grows beyond counts as unknown."""

_TOKEN = lazy_regex(
    r"""
      (?P<blank>[ \t\r]+|\#[^\n]*|//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)
    | (?P<newline>\n)
    | (?P<heredoc><<-?(?P<tag>\w+)[ \t\r]*\n)
    | (?P<string>"(?:[^"\\\n$]|\\.|\$\{[^{}\n]*\}|\$)*+")
    | (?P<name>[A-Za-z_][\w-]*)
    | (?P<number>\d[\d.]*)
    | (?P<open>[{\[(])
    | (?P<close>[}\])])
    | (?P<equals>=(?!=)|:)
    | (?P<comma>,)
    | (?P<other>.)
    """,
    re.VERBOSE | re.ASCII,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(.)")


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    line: int


class _String(msgspec.Struct, frozen=True):
    """A string, its variables not replaced yet."""

    text: str
    line: int
    is_heredoc: bool = False


class _Computed:
    """A value that only the build knows."""


_COMPUTED = _Computed()


class _Block(msgspec.Struct, frozen=True):
    kind: str
    labels: tuple[str, ...]
    line: int
    values: dict[str, Any]


def read_bake(text: str, path: str) -> tuple[Definition, ...]:
    """Return the builds of a bake file. Raises ConfigError if it cannot be parsed."""
    blocks = _blocks_of_json(text, path) if path.endswith(".json") else list(_Reader(text, path).blocks())
    defaults = {block.labels[0]: block.values.get("default") for block in blocks if _is_named(block, "variable")}
    variables = _variables(defaults)
    targets = _Targets({block.labels[0]: block for block in blocks if _is_named(block, "target")})
    bases = targets.bases
    return tuple(
        _definition(name, block.line, targets.values_of(name), variables, is_base=name in bases)
        for name, block in targets.blocks.items()
    )


def _variables(defaults: dict[str, Any]) -> dict[str, str]:
    """Return the defaults, each with those before it put in."""
    known: dict[str, str] = {}
    for name, value in defaults.items():
        text = _text(value, known)
        if text is not None and len(text) <= MAX_VALUE:
            known[name] = text
    return known


def _is_named(block: _Block, kind: str) -> bool:
    return block.kind == kind and bool(block.labels)


class _Targets:
    """The target blocks; what one inherits is worked out once."""

    def __init__(self, blocks: dict[str, _Block]) -> None:
        self.blocks = blocks
        self._values: dict[str, dict[str, Any]] = {}

    @property
    def bases(self) -> set[str]:
        """The targets that others inherit from; often they are not built themselves."""
        inherited = [block.values.get("inherits") for block in self.blocks.values()]
        return {
            parent.text
            for parents in inherited
            if isinstance(parents, list)
            for parent in parents
            if isinstance(parent, _String)
        }

    def values_of(self, name: str, depth: int = 0) -> dict[str, Any]:
        """Return the values of a target over those that it inherits, of which the last are strongest."""
        if name not in self.blocks or depth > MAX_INHERITED:
            return {}
        if name not in self._values:
            self._values[name] = {}  # one that inherits from itself gets nothing from there
            parents = self.blocks[name].values.get("inherits")
            values: dict[str, Any] = {}
            for parent in parents if isinstance(parents, list) else ():
                if isinstance(parent, _String):
                    values |= self.values_of(parent.text, depth + 1)
            self._values[name] = values | self.blocks[name].values
        return self._values[name]


def _definition(
    name: str, line: int, values: dict[str, Any], variables: dict[str, str], *, is_base: bool
) -> Definition:
    def text_of(key: str, default: str | None) -> str | None:
        return _text(values[key], variables) if key in values else default

    def texts_of(key: str, most: int) -> dict[str, str | None]:
        given = values.get(key)
        items = islice(given.items(), most + 1) if isinstance(given, dict) else ()
        return {name: _text(value, variables) for name, value in items}

    inline, target = values.get("dockerfile-inline"), values.get("target")
    return Definition(
        name=f"target {name}",
        is_base=is_base,
        line=line,
        context=text_of("context", "."),
        dockerfile=text_of("dockerfile", "Dockerfile"),
        inline=_inline(inline),
        target=text_of("target", None),
        target_line=target.line if isinstance(target, _String) else None,
        arguments={name: text for name, text in texts_of("args", MAX_ARGUMENTS).items() if text is not None},
        contexts=texts_of("contexts", MAX_CONTEXTS),
    )


def _inline(value: Any) -> InlineText | None:
    return InlineText(value.text, value.line, is_exact=value.is_heredoc) if isinstance(value, _String) else None


def _text(value: Any, variables: dict[str, str]) -> str | None:
    return expand(value.text, variables.get) if isinstance(value, _String) else None


def _blocks_of_json(text: str, path: str) -> list[_Block]:
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ConfigError("cannot be parsed: it is no JSON", path=path) from error
    sections = document.items() if isinstance(document, dict) else ()
    blocks = []
    for kind, named in sections:
        for name, values in named.items() if isinstance(named, dict) else ():
            if isinstance(values, dict):
                blocks.append(_Block(kind, (name,), 1, {key: _from_json(value, 0) for key, value in values.items()}))
    return blocks


def _from_json(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _String(value, 1)
    if depth > MAX_DEPTH:
        return _COMPUTED
    if isinstance(value, list):
        return [_from_json(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {key: _from_json(one, depth + 1) for key, one in value.items()}
    return _String(str(value), 1) if isinstance(value, int | float) else _COMPUTED


class _Reader:
    """One pass over the tokens of an HCL file."""

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        self._tokens = list(_tokens(text, path))
        self._next = 0

    def blocks(self) -> Iterator[_Block]:
        """Yield the blocks of the file; attributes outside of blocks are passed over."""
        while (token := self._take_from_line()) is not None:
            if token.kind == "newline":
                continue
            if token.kind != "name":
                raise self._error(token.line)
            labels = self._labels()
            if self._peek("open", "{"):
                yield _Block(token.text, labels, token.line, self._body())
            elif self._peek("equals", "="):
                self._next += 1
                self._value(0)
                self._skip_line()
            else:
                raise self._error(token.line)

    def _error(self, line: int) -> ConfigError:
        return ConfigError("cannot be parsed: this is no block or attribute of HCL", path=f"{self._path}:{line}")

    def _take_from_line(self) -> _Token | None:
        if self._next == len(self._tokens):
            return None
        self._next += 1
        return self._tokens[self._next - 1]

    def _peek(self, kind: str, text: str | None = None) -> bool:
        if self._next == len(self._tokens):
            return False
        token = self._tokens[self._next]
        return token.kind == kind and text in (None, token.text)

    def _labels(self) -> tuple[str, ...]:
        labels = []
        while self._peek("string") or self._peek("name"):
            labels.append(self._tokens[self._next].text)
            self._next += 1
        return tuple(labels)

    def _body(self) -> dict[str, Any]:
        """Read the attributes of a block; the blocks in it are passed over."""
        opening = self._tokens[self._next].line
        self._next += 1
        values: dict[str, Any] = {}
        while (token := self._take_from_line()) is not None:
            if token.kind == "close" and token.text == "}":
                return values
            if token.kind == "newline":
                continue
            self._labels()
            if token.kind in ("name", "string") and self._peek("equals"):
                self._next += 1
                value = self._value(0)
                values[token.text] = _COMPUTED if self._skip_line() else value
            elif self._peek("open", "{"):
                self._skip_brackets()
            else:
                raise self._error(token.line)
        raise self._error(opening)

    def _value(self, depth: int) -> Any:
        """Read a value that is written out, or the first part of one that is computed."""
        token = self._take_from_line()
        if token is None or depth > MAX_DEPTH:
            return _COMPUTED
        if token.kind in ("string", "heredoc", "number"):
            return _String(token.text, token.line, token.kind == "heredoc")
        if token.kind == "name":
            return _String(f"${{{token.text}}}", token.line)
        if token.kind == "open" and token.text == "[":
            return self._list(depth)
        if token.kind == "open" and token.text == "{":
            return self._object(depth)
        self._next -= 1
        return _COMPUTED

    def _list(self, depth: int) -> Any:
        values: list[Any] = []
        while True:
            self._skip_gaps()
            if self._peek("close", "]"):
                self._next += 1
                return values
            before = self._next
            value = self._value(depth + 1)
            values.append(_COMPUTED if self._skip_element("]") else value)
            if self._next in (before, len(self._tokens)):
                return _COMPUTED

    def _object(self, depth: int) -> Any:
        values: dict[str, Any] = {}
        while True:
            self._skip_gaps()
            if self._peek("close", "}"):
                self._next += 1
                return values
            before = self._next
            key = self._take_from_line()
            if key is not None and self._peek("equals"):
                self._next += 1
                value = self._value(depth + 1)
                values[key.text] = _COMPUTED if self._skip_element("}") else value
            if self._next in (before, len(self._tokens)):
                return _COMPUTED

    def _skip_gaps(self) -> None:
        while self._peek("newline") or self._peek("comma"):
            self._next += 1

    def _skip_element(self, closing: str) -> bool:
        """Go to what ends an element; True if more than its first part was there, so that it is computed."""
        return self._skip_to(lambda: self._peek("comma") or self._peek("newline") or self._peek("close", closing))

    def _skip_line(self) -> bool:
        """Go to what ends an attribute; True if more than its first part was there, so that it is computed."""
        return self._skip_to(lambda: self._peek("newline") or self._peek("close"))

    def _skip_to(self, is_end: Callable[[], bool]) -> bool:
        before = self._next
        while self._next < len(self._tokens) and not is_end():
            if self._peek("open"):
                self._skip_brackets()
            else:
                self._next += 1
        return self._next > before

    def _skip_brackets(self) -> None:
        """Go behind the bracket that closes the one that is next. Raises ConfigError if there is none."""
        first = self._tokens[self._next]
        depth = 0
        while (token := self._take_from_line()) is not None:
            depth += (token.kind == "open") - (token.kind == "close")
            if depth == 0:
                return
        raise self._error(first.line)


def _tokens(text: str, path: str) -> Iterator[_Token]:
    place, line = 0, 1
    while place < len(text):
        found = _TOKEN.match(text, place)
        assert found is not None  # the last alternative takes any character
        assert found.lastgroup is not None
        place = found.end()
        if found.lastgroup in ("heredoc", "tag"):
            body, place = _heredoc(text, place, found["tag"], found["heredoc"].startswith("<<-"))
            if body is None:
                raise ConfigError("cannot be parsed: a heredoc has no end", path=f"{path}:{line}")
            yield _Token("heredoc", body, line + 1)
        elif found.lastgroup == "string":
            yield _Token("string", _ESCAPE.sub(_unescaped, found[0][1:-1]), line)
        elif found.lastgroup != "blank":
            yield _Token(found.lastgroup, found[0], line)
        line += text.count("\n", found.start(), place)


def _unescaped(found: "re.Match[str]") -> str:
    return _ESCAPES.get(found[1], found[0])


def _heredoc(text: str, start: int, tag: str, is_indented: bool) -> tuple[str | None, int]:
    """Return a heredoc's body and where the line of its end begins or goes on."""
    end = re.compile(rf"^[ \t]*{tag}[ \t\r]*$", re.MULTILINE).search(text, start)
    if end is None:
        return None, start
    body = text[start : end.start()]
    return textwrap.dedent(body) if is_indented else body, end.end()
