"""The syntax of Go's templates, as far as charts use it: actions, pipelines, conditions, loops, definitions.

Facts: https://pkg.go.dev/text/template.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.core.errors import ConfigError

MAX_DEPTH = 100
"""Blocks and parentheses in one another at most."""
_BODY = r"""/\*.*?\*/|(?:"(?:\\.|[^"\\])*"|`[^`]*`|[^"`])*?"""
_ACTION = re.compile(rf"\{{\{{(?P<left>-(?=\s))?\s*(?P<body>{_BODY})\s*(?P<right>(?<=\s)-)?\}}\}}", re.DOTALL)
_OPENING = "{{"
_STRING = r'"(?:\\.|[^"\\\n])*"|`[^`]*`'
_NUMBER = r"[-+]?[0-9][\w.]*"
_NAME = r"[A-Za-z_][\w]*"
_FIELD = r"\.[A-Za-z_][\w]*"
_TOKEN = re.compile(
    rf"\s*(?:(?P<string>{_STRING})|(?P<number>{_NUMBER})|(?P<variable>\$\w*)|(?P<name>{_NAME})|(?P<field>{_FIELD})"
    r"|(?P<sign>:=|[=|(),.]))"
)
_WORD = re.compile(r"[a-z]+\b")
_BLOCKS = frozenset({"if", "with", "range", "define", "block"})
_ESCAPES = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


class Operand(msgspec.Struct, frozen=True):
    """A value in a command."""

    kind: str
    """`literal`, `dot`, `variable`, `function` or `pipeline`."""
    value: object = None
    """The literal; the name of a variable or function; the TemplatePipeline."""
    fields: tuple[str, ...] = ()
    """Keys that are taken of it."""


class TemplatePipeline(msgspec.Struct, frozen=True):
    """Commands, each of which gets the result of the one before as its last argument."""

    commands: tuple[tuple[Operand, ...], ...]
    variables: tuple[str, ...] = ()
    """Variables that get the result."""
    declares: bool = False
    """True for `:=`, False for `=`."""


class TemplateNode(msgspec.Struct, frozen=True):
    """A part of a template."""

    kind: str
    """`text`, `action`, `if`, `with`, `range`, `template`, `break` or `continue`."""
    line: int
    text: str = ""
    """Of a text; the name of a `template`."""
    pipeline: TemplatePipeline | None = None
    body: tuple["TemplateNode", ...] = ()
    otherwise: tuple["TemplateNode", ...] = ()


class GoTemplate(msgspec.Struct, frozen=True):
    """A file with its definitions."""

    nodes: tuple[TemplateNode, ...]
    definitions: dict[str, tuple[TemplateNode, ...]]


class _Piece(msgspec.Struct, frozen=True):
    """A text or the body of an action, as the file has them one after the other."""

    text: str
    line: int
    is_action: bool


def parse_template(text: str, path: str) -> GoTemplate:
    """Return the parts of a template. Raises ConfigError with the line for what cannot be parsed."""
    return _Parser(list(_pieces(text, path)), path).template()


def _pieces(text: str, path: str) -> Iterator[_Piece]:
    place, line, trims = 0, 1, False
    while (start := text.find(_OPENING, place)) >= 0:
        found = _ACTION.match(text, start)
        if found is None:
            line += text.count("\n", place, start)
            raise ConfigError("cannot be parsed: an action is not closed", path=f"{path}:{line}")
        yield from _text(text[place : found.start()], line, trims, found["left"] is not None)
        line += text.count("\n", place, found.start())
        if not found["body"].startswith("/*"):
            yield _Piece(found["body"], line, is_action=True)
        line += text.count("\n", found.start(), found.end())
        place, trims = found.end(), found["right"] is not None
    yield from _text(text[place:], line, trims, trims_end=False)


def _text(text: str, line: int, trims_start: bool, trims_end: bool) -> Iterator[_Piece]:
    """Yield what is left of a text between actions that trim it."""
    if trims_start:
        kept = text.lstrip(" \t\r\n")
        line += text.count("\n", 0, len(text) - len(kept))
        text = kept
    if trims_end:
        text = text.rstrip(" \t\r\n")
    if text:
        yield _Piece(text, line, is_action=False)


class _Parser:
    """Makes nodes of the pieces of one file."""

    def __init__(self, pieces: list[_Piece], path: str) -> None:
        self._pieces = pieces
        self._path = path
        self._next = 0
        self._definitions: dict[str, tuple[TemplateNode, ...]] = {}

    def template(self) -> GoTemplate:
        nodes, ending = self._nodes(0)
        if ending:
            raise self._error(f"{ending} without a beginning")
        return GoTemplate(nodes, self._definitions)

    def _nodes(self, depth: int) -> tuple[tuple[TemplateNode, ...], str]:
        """Return the nodes up to an `else` or `end`, and that action; empty at the end of the file."""
        if depth > MAX_DEPTH:
            raise self._error("blocks are nested too deeply")
        nodes: list[TemplateNode] = []
        while self._next < len(self._pieces):
            piece = self._pieces[self._next]
            self._next += 1
            word = _word(piece)
            if word in ("end", "else"):
                return tuple(nodes), piece.text
            node = self._node(piece, word, depth)
            nodes += [node] if node is not None else []
        return tuple(nodes), ""

    def _node(self, piece: _Piece, word: str, depth: int) -> TemplateNode | None:
        if not piece.is_action:
            return TemplateNode("text", piece.line, piece.text)
        if not piece.text:
            return None
        rest = piece.text[len(word) :]
        if word in ("define", "block"):
            return self._definition(piece, word, rest, depth)
        if word in _BLOCKS:
            return self._block(piece.line, word, rest, depth)
        if word == "template":
            tokens = _Tokens(rest, self._place(piece.line))
            name = tokens.string()
            return TemplateNode("template", piece.line, name, tokens.pipeline() if tokens.more() else None)
        if word in ("break", "continue") and word == piece.text:
            return TemplateNode(word, piece.line)
        return TemplateNode("action", piece.line, pipeline=_Tokens(piece.text, self._place(piece.line)).whole())

    def _definition(self, piece: _Piece, word: str, rest: str, depth: int) -> TemplateNode | None:
        tokens = _Tokens(rest, self._place(piece.line))
        name = tokens.string()
        body, ending = self._nodes(depth + 1)
        if ending != "end":
            raise self._error(f"{word} has no end")
        self._definitions[name] = body
        return TemplateNode("template", piece.line, name, tokens.whole()) if word == "block" else None

    def _block(self, line: int, word: str, rest: str, depth: int) -> TemplateNode:
        pipeline = _Tokens(rest, self._place(line)).whole()
        body, ending = self._nodes(depth + 1)
        otherwise: tuple[TemplateNode, ...] = ()
        if ending.startswith("else"):
            further = ending[len("else") :].strip()
            if further:
                at = self._pieces[self._next - 1].line
                kind = _word(_Piece(further, at, is_action=True))
                return TemplateNode(
                    word, line, "", pipeline, body, (self._block(at, kind, further[len(kind) :], depth + 1),)
                )
            otherwise, ending = self._nodes(depth + 1)
        if ending != "end":
            raise self._error(f"{word} has no end")
        return TemplateNode(word, line, "", pipeline, body, otherwise)

    def _place(self, line: int) -> str:
        return f"{self._path}:{line}"

    def _error(self, why: str) -> ConfigError:
        line = self._pieces[min(self._next, len(self._pieces)) - 1].line if self._pieces else 1
        return ConfigError(f"cannot be parsed: {why}", path=self._place(line))


def _word(piece: _Piece) -> str:
    """Return the word that an action begins with; empty for a text."""
    found = _WORD.match(piece.text) if piece.is_action else None
    return found[0] if found else ""


class _Tokens:
    """The tokens of one action."""

    def __init__(self, text: str, place: str) -> None:
        self._text = text
        self._place = place
        self._tokens: list[tuple[str, str, bool]] = []
        """Kind, text, and whether white space stands before it."""
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._error(f"{text[at : at + 20].strip()!r} is no part of an action")
            kind = found.lastgroup or ""
            self._tokens.append((kind, found[kind], found.start(kind) > at or at == 0))
            at = found.end()
        self._next = 0

    def more(self) -> bool:
        return self._next < len(self._tokens)

    def whole(self) -> TemplatePipeline:
        """Return the pipeline that all tokens are."""
        pipeline = self.pipeline()
        if self.more():
            raise self._error(f"{self._tokens[self._next][1]!r} where the action should end")
        return pipeline

    def string(self) -> str:
        kind, text, _ = self._take()
        if kind != "string":
            raise self._error("a name in quotes is due")
        return _unquoted(text)

    def pipeline(self, depth: int = 0) -> TemplatePipeline:
        """Return a pipeline, with the variables in front of it, up to a closing parenthesis or the end."""
        if depth > MAX_DEPTH:
            raise self._error("parentheses are nested too deeply")
        variables, declares = self._variables()
        commands = [self._command(depth)]
        while self._peek() == ("sign", "|"):
            self._next += 1
            if self.more() and self._peek() != ("sign", ")"):  # Go lets a pipeline end with its sign
                commands.append(self._command(depth))
        return TemplatePipeline(tuple(commands), variables, declares)

    def _variables(self) -> tuple[tuple[str, ...], bool]:
        start, names = self._next, list[str]()
        while self._peek()[0] == "variable":
            names.append(self._take()[1])
            sign = self._peek()
            if sign == ("sign", ","):
                self._next += 1
            elif sign in (("sign", ":="), ("sign", "=")):
                self._next += 1
                return tuple(names), sign[1] == ":="
            else:
                break
        self._next = start
        return (), False

    def _command(self, depth: int) -> tuple[Operand, ...]:
        operands: list[Operand] = []
        while self.more() and self._peek() not in (("sign", "|"), ("sign", ")")):
            operands.append(self._operand(depth))
        if not operands:
            raise self._error("a command is empty")
        return tuple(operands)

    def _operand(self, depth: int) -> Operand:
        kind, text, _ = self._take()
        if kind == "string":
            return Operand("literal", _unquoted(text))
        if kind == "number":
            return Operand("literal", _number(text))
        if kind == "variable":
            return Operand("variable", text, self._fields())
        if kind == "field":
            return Operand("dot", None, (text[1:], *self._fields()))
        if kind == "name":
            constants = {"true": True, "false": False, "nil": None}
            return Operand("literal", constants[text]) if text in constants else Operand("function", text)
        if text == ".":
            return Operand("dot", None, self._fields())
        if text == "(":
            inner = self.pipeline(depth + 1)
            if self._take()[1] != ")":
                raise self._error("a parenthesis is not closed")
            return Operand("pipeline", inner, self._fields())
        raise self._error(f"{text!r} stands where a value is due")

    def _fields(self) -> tuple[str, ...]:
        """Return the fields that follow without white space."""
        found = []
        while self.more() and self._tokens[self._next][0] == "field" and not self._tokens[self._next][2]:
            found.append(self._take()[1][1:])
        return tuple(found)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next][:2] if self.more() else ("", "")

    def _take(self) -> tuple[str, str, bool]:
        if not self.more():
            raise self._error("it ends too early")
        self._next += 1
        return self._tokens[self._next - 1]

    def _error(self, why: str) -> ConfigError:
        return ConfigError(f"cannot be parsed: {why}", path=self._place)


def _unquoted(text: str) -> str:
    if text.startswith("`"):
        return text[1:-1]
    return _ESCAPES.sub(lambda found: _ESCAPED.get(found[1], found[1]), text[1:-1])


def _number(text: str) -> int | float:
    for make in (int, float):
        try:
            return make(text)
        except ValueError:
            continue
    return 0
