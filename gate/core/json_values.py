"""JSON with comments and trailing commas, as editors write their settings, as `Value`s that know where they stand."""

from bisect import bisect_right

import msgspec

from gate.core.errors import ConfigError, LimitError
from gate.core.lazy_regex import lazy_regex
from gate.core.values import MAX_DEPTH, Data, Position, Scalar, Value

MAX_TOKENS = 400_000
"""Values, keys and signs of one file at most; settings that people write have some hundreds."""
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_COMMENT = r"//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/"
_SIGN = r"[{}\[\],:]"
_WORD = r'[^\s{}\[\],:"/]+'
_TOKEN = lazy_regex(rf"(?P<skip>\s+|{_COMMENT})|(?P<token>{_STRING}|{_SIGN}|{_WORD})")
_CONSTANTS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_CLOSING = {"{": "}", "[": "]"}


class _Token(msgspec.Struct, frozen=True, gc=False):
    text: str
    start: int


def read_json_values(text: str, path: str) -> Value | None:
    """Return the one value of a text; None if it holds nothing but white space and comments.

    Of two keys of a name the last counts, as in the programs that read such files. Raises ConfigError with the line for
    what cannot be parsed, LimitError beyond a bound.
    """
    return _JsonReader(text, path).document()


class _JsonReader:
    """Makes values of the tokens of one text."""

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        self._lines = [0, *(place + 1 for place, sign in enumerate(text) if sign == "\n")]
        self._tokens = self._read_tokens(text)
        self._next = 0

    def document(self) -> Value | None:
        if not self._tokens:
            return None
        value = self._value(0, 0)
        if self._next < len(self._tokens):
            raise self._error("something follows the end", self._tokens[self._next].start)
        return value

    def _read_tokens(self, text: str) -> list[_Token]:
        tokens: list[_Token] = []
        place = 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise self._error("a sign that JSON does not have", place)
            if found["token"]:
                tokens.append(_Token(found["token"], place))
            if len(tokens) > MAX_TOKENS:
                raise LimitError(f"has more than {MAX_TOKENS:,} values and signs", path=self._path)
            place = found.end()
        return tokens

    def _value(self, line: int, depth: int) -> Value:
        token = self._take()
        if depth > MAX_DEPTH:
            raise self._error("nested too deeply", token.start)
        data: Data
        if token.text in _CLOSING:
            data = self._mapping(depth) if token.text == "{" else self._list(depth)
        else:
            data = self._scalar(token)
        start = self._position(token.start)
        last = self._tokens[self._next - 1]
        return Value(data, self._path, line or start[0], start, self._position(last.start + len(last.text)))

    def _mapping(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while not self._closes("}"):
            key = self._take()
            if not key.text.startswith('"'):
                raise self._error("a key without quotes", key.start)
            self._expect(":")
            found[self._string(key)] = self._value(self._position(key.start)[0], depth + 1)
            self._separator("}")
        return found

    def _list(self, depth: int) -> list[Value]:
        found: list[Value] = []
        while not self._closes("]"):
            found.append(self._value(0, depth + 1))
            self._separator("]")
        return found

    def _closes(self, sign: str) -> bool:
        """Take the closing sign if it is next."""
        if self._peek() != sign:
            return False
        self._next += 1
        return True

    def _separator(self, closing: str) -> None:
        if self._peek() != closing:
            self._expect(",")

    def _expect(self, sign: str) -> None:
        token = self._take()
        if token.text != sign:
            raise self._error(f"{token.text[:40]!r} where {sign!r} is due", token.start)

    def _peek(self) -> str:
        return self._tokens[self._next].text if self._next < len(self._tokens) else ""

    def _take(self) -> _Token:
        if self._next >= len(self._tokens):
            raise self._error("it ends too early", self._tokens[-1].start)
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _scalar(self, token: _Token) -> Scalar:
        if token.text.startswith('"'):
            return self._string(token)
        if token.text in _CONSTANTS:
            return _CONSTANTS[token.text]
        try:
            number = msgspec.json.decode(token.text.encode(), type=int | float)
        except (msgspec.DecodeError, UnicodeEncodeError):
            raise self._error(f"{token.text[:40]!r} is no value", token.start) from None
        return number

    def _string(self, token: _Token) -> str:
        try:
            return msgspec.json.decode(token.text.encode(), type=str)
        except (msgspec.DecodeError, UnicodeEncodeError):  # a control character, half a pair: as it is written
            return token.text[1:-1]

    def _position(self, place: int) -> Position:
        line = bisect_right(self._lines, place)
        return line, place - self._lines[line - 1] + 1

    def _error(self, why: str, place: int) -> ConfigError:
        return ConfigError(f"cannot be parsed: {why}", path=f"{self._path}:{self._position(place)[0]}")
