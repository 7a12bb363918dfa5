"""Expands the words of a shell as far as they are known: parameters, substitutions, fields, paths (POSIX, XCU 2.6)."""

import ast
import operator
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from gate.core.word_lists import word_lists
from gate.reachability.runtimes.shell.braces import in_braces
from gate.reachability.runtimes.shell.paths import expanded
from gate.reachability.runtimes.shell.state import ShellState, Value
from gate.reachability.runtimes.shell.syntax import Arithmetic, Item, Literal, Parameter, Part, Substitution, Word
from gate.reachability.runtimes.shell.values import (
    HOLE,
    MANY,
    UNSET,
    ShellPattern,
    assumed,
    is_certain,
    is_known,
    is_unset,
    likely,
    pattern,
)
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN
from gate.reachability.runtimes.walk.home_folders import home_folders

MAX_LENGTH = 4_096
"""Characters of an expanded word that is looked at."""
MAX_FIELDS = 500
"""Words that one command has."""
_DYNAMIC = frozenset(word_lists(__file__)["dynamic"])
"""Variables that the shell, or the container's engine, sets."""
_SYSTEM = "linux-gnu"
"""What bash says of the system (bash(1), OSTYPE)."""
_WILD = re.compile(r"[*?\[]")
_USER = re.compile(r"~[A-Za-z_][\w.-]*", re.ASCII)
_BLANK = re.compile(r"[ \t\n]+")
_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
_MAX_NUMBER = 1 << 62
_MARKS = UNSET
_DECLARING = frozenset({"declare", "export", "local", "readonly", "typeset"})
_ASSIGNED = re.compile(r"[A-Za-z_]\w*\+?=", re.ASCII)
_MAX_STRIPPED = 1_000
"""Characters of a value from which a pattern is taken away."""
_NAMES = re.compile(r"\$?\{?\b([A-Za-z_]\w*)\b\}?|\$([0-9#])", re.ASCII)

Pieces = list[tuple[str, bool]]
"""Parts of a field, and whether each is quoted."""


def _is_assignment(word: Word) -> bool:
    first = word[0] if word else None
    return isinstance(first, Literal) and not first.is_quoted and _ASSIGNED.match(first.text) is not None


class Expansion:
    """Expands words in a state. `substituted` runs the commands of a substitution and returns what they write."""

    def __init__(self, files: Files, own_name: str, substituted: Callable[[tuple[Item, ...], ShellState], str]) -> None:
        self._files = files
        self._substituted = substituted
        self.own_name = own_name
        self.path = own_name
        """The script that is being read, which another may source."""

    def fields(self, word: Word, state: ShellState) -> list[str]:
        """Return the words that one becomes. `MANY` in front of or between them stands for any number of words."""
        words = list(islice(in_braces(word), MAX_FIELDS))
        if len(words) == MAX_FIELDS:
            return [MANY]
        if words != [word]:
            return [field for one in words for field in self.fields(one, state)]
        fields: list[Pieces] = [[]]
        for part in word:
            self._add(part, state, fields)
        found: list[str] = []
        for pieces in fields:
            if pieces:
                found.extend(self._paths(pieces, state))
        return found if len(found) <= MAX_FIELDS else [*found[:MAX_FIELDS], MANY]

    def command(self, words: Sequence[Word], state: ShellState) -> list[str]:
        """Return the fields of a command; the value of an assignment is one, as in `local name=$1` (bash(1))."""
        found: list[str] = []
        for word in words:
            if found and found[0] in _DECLARING and _is_assignment(word):
                found.append(self.text(word, state))
            else:
                found += self.fields(word, state)
        return found

    def text(self, word: Word, state: ShellState) -> str:
        """Return a word as one text, as in assignments."""
        whole = "".join(self._value_of(part, state) for part in word)
        if word and isinstance(word[0], Literal) and not word[0].is_quoted:
            whole = self._with_home(whole, state)
        return whole if len(whole) <= MAX_LENGTH else UNKNOWN

    def pattern(self, word: Word, state: ShellState) -> ShellPattern:
        """Return a word as a pattern."""
        return pattern([(self._value_of(part, state), part.is_quoted) for part in word])

    def _add(self, part: Part, state: ShellState, fields: list[Pieces]) -> None:
        """Add what a part becomes to the last of `fields`, or begin further ones."""
        is_one = part.is_quoted and isinstance(part, Parameter) and "*" in (part.name, part.subscript)
        if isinstance(part, Parameter) and not is_one and (listed := self._list_of(part, state)) is not None:
            _add_list(listed, fields, is_quoted=part.is_quoted)
            return
        value = self._value_of(part, state)
        if part.is_quoted or isinstance(part, Literal):
            first_in_word = not fields[-1] and len(fields) == 1
            is_home = first_in_word and not part.is_quoted and value.startswith("~")
            fields[-1].append((self._with_home(value, state) if is_home else value, part.is_quoted))
        else:
            _split(value, state, fields)

    def _paths(self, pieces: Pieces, state: ShellState) -> list[str]:
        """Return the files that a field's wildcards stand for, else the field itself."""
        whole = "".join(text for text, _ in pieces)
        if len(whole) > MAX_LENGTH:
            return [UNKNOWN]
        if is_unset(whole) and not any(is_quoted for _, is_quoted in pieces):
            return [HOLE]
        is_pattern = any(_WILD.search(text) for text, is_quoted in pieces if not is_quoted)
        if not is_pattern or whole == "[":
            return [whole]
        if UNSET in whole or not is_known(whole) or UNKNOWN in state.folder:
            return [MANY]
        found = expanded(likely(whole), state.folder, self._files) or [likely(whole)]
        return found if is_certain(whole) else [assumed(path) for path in found]

    def _with_home(self, text: str, state: ShellState) -> str:
        """Return a text with the home of a user in place of `~` or `~name`."""
        user, slash, rest = text.partition("/")
        if user == "~":
            home = state.values.get("HOME") or UNKNOWN
        elif _USER.fullmatch(user):
            home = home_folders(self._files).get(user[1:], UNKNOWN)
        else:
            return text
        return home + slash + rest

    # Parts of words

    def _list_of(self, part: Parameter, state: ShellState) -> tuple[str, ...] | None:
        """Return the words of `$@`, `$*` and arrays; None for other parameters."""
        if part.name in ("@", "*") and part.subscript == "":
            words = state.positional
            if part.operator == ":":
                return _sliced((self.own_name, *words), self.text(part.argument, state))
        elif part.subscript in ("@", "*") and not part.operator.startswith("indirect"):
            value = state.value(part.name)
            words = state.arrays.get(part.name, (value,) if value else ())
            if part.operator == ":":
                return _sliced(words, self.text(part.argument, state))
        else:
            return None
        if part.operator in ("", ":-", "-", "+", ":+"):
            return self._instead(part, words, state)
        return None if part.operator == "length" else (MANY,)

    def _instead(self, part: Parameter, words: tuple[str, ...], state: ShellState) -> tuple[str, ...]:
        """Return the words of a list, or what stands in for an empty one."""
        if part.operator in (":-", "-") and not words:
            return tuple(self.fields(part.argument, state))
        if part.operator in (":+", "+"):
            alternative = tuple(self.fields(part.argument, state)) if words else ()
            return (MANY,) if MANY in words else alternative
        return words

    def _value_of(self, part: Part, state: ShellState) -> str:
        match part:
            case Literal(text):
                return text
            case Substitution(body, is_file=True):
                inner = state.copy()
                inner.input = UNKNOWN  # of `>(…)` it is what others write
                self._substituted(body, inner)
                return UNKNOWN
            case Substitution(body):
                return self._substituted(body, state)
            case Arithmetic(text):
                return self.calculated(text, state)
        return self._parameter(part, state)

    def _parameter(self, part: Parameter, state: ShellState) -> str:
        listed = self._list_of(part, state)
        if listed is not None:
            return UNKNOWN if MANY in listed else " ".join(listed)
        if part.operator == "length":
            return self._length(part, state)
        value = self._named(part, state)
        if part.operator.startswith("indirect"):
            if value is None or not is_certain(value):
                return UNKNOWN
            inner = Parameter(value, part.operator.removeprefix("indirect"), part.argument, is_quoted=part.is_quoted)
            return self._parameter(inner, state) if re.fullmatch(r"\w+", value) else UNKNOWN
        return self._operated(part, value, state)

    def _named(self, part: Parameter, state: ShellState) -> Value:
        """Return the value of a parameter without its operator."""
        name = part.name
        if part.subscript:
            return self._element(part, state)
        if name.isdigit():
            return self.own_name if name == "0" else _argument(int(name), state)
        if name in state.values:
            return state.values[name]
        if name in state.arrays:
            return (*state.arrays[name], "")[0]
        if name == "?" and state.status.likely:
            return "0" if state.status.value else assumed("0")
        if name in ("PWD", "BASH_SOURCE"):
            return state.folder if name == "PWD" else self.path
        if name == "OSTYPE":
            return assumed(_SYSTEM)
        return UNKNOWN if name in _DYNAMIC or not name.isidentifier() else UNSET

    def _element(self, part: Parameter, state: ShellState) -> Value:
        words = state.arrays.get(part.name)
        if part.name == "BASH_SOURCE":
            return self.path if part.subscript in ("0", "") else UNKNOWN
        if words is None or MANY in words or not part.subscript.lstrip("-").isdigit():
            return UNKNOWN
        place = int(part.subscript)
        return words[place] if -len(words) <= place < len(words) else None

    def _length(self, part: Parameter, state: ShellState) -> str:
        if part.name in ("@", "*") or part.subscript:
            words = state.positional if part.name in ("@", "*") else state.arrays.get(part.name, (MANY,))
            return UNKNOWN if MANY in words else str(len(words))
        value = self._named(part, state) or ""
        if not is_known(value):
            return UNKNOWN
        return str(len(value)) if is_certain(value) else assumed(str(len(likely(value))))

    def _operated(self, part: Parameter, value: Value, state: ShellState) -> str:
        """Return what an operator makes of a value."""
        sign = part.operator
        if not sign:
            return self._count(state) if part.name == "#" else value or ""
        if sign.lstrip(":") in ("-", "=", "+", "?") and sign:
            return self._default(part, value, state)
        if value is None or not is_known(value):
            return value or ""
        changed = self._changed(part, likely(value), state)
        if changed is None:
            return UNKNOWN
        return changed if is_certain(value) else assumed(changed)

    @staticmethod
    def _count(state: ShellState) -> str:
        return UNKNOWN if MANY in state.positional else str(len(state.positional))

    def _default(self, part: Parameter, value: Value, state: ShellState) -> str:
        sign = part.operator
        is_missing = value is None or (sign.startswith(":") and value == "")
        if sign.endswith("?"):
            return value or ""
        if sign.endswith("+"):
            return self._alternative(part, value, is_missing, state)
        if value is not None and not is_missing and not is_unset(value):
            return value
        default = self.text(part.argument, state)
        result = default if is_missing else assumed(default)
        if sign.endswith("="):
            state.assign(part.name, result)
        return result

    def _alternative(self, part: Parameter, value: Value, is_missing: bool, state: ShellState) -> str:
        if is_missing or value is None:
            return ""
        alternative = self.text(part.argument, state)
        if is_unset(value):
            return UNSET
        if not is_known(value):
            return UNKNOWN
        return alternative if is_certain(value) else assumed(alternative)

    def _changed(self, part: Parameter, value: str, state: ShellState) -> str | None:
        """Return a known value without a pattern, in part, or with other letters; None if that is not known."""
        sign = part.operator
        if sign in ("#", "##", "%", "%%"):
            return _without(value, self.pattern(part.argument, state), sign)
        if sign == ":":
            words = _sliced(tuple(value), self.text(part.argument, state))
            return None if MANY in words else "".join(words)
        if sign[:1] in ("^", ",") and not part.argument:
            change: Callable[[str], str] = str.upper if sign[0] == "^" else str.lower
            return change(value) if len(sign) == 2 else change(value[:1]) + value[1:]
        if sign in ("/", "//", "/#", "/%"):
            wanted = self.pattern(part.argument, state)
            return _replaced(value, wanted, self.text(part.replacement, state), sign)
        return None

    def calculated(self, text: str, state: ShellState) -> str:
        """Return the number that an arithmetic expression has, `UNKNOWN` if it is not simple enough."""

        is_sure = True

        def value(found: "re.Match[str]") -> str:
            nonlocal is_sure
            known = self._count(state) if found[2] == "#" else self._parameter(Parameter(found[1] or found[2]), state)
            is_sure = is_sure and (is_unset(known) or is_certain(known))
            number = likely(known) or "0"
            return number if re.fullmatch(r"-?\d{1,18}", number) else UNKNOWN

        filled = _NAMES.sub(value, text).strip()
        if len(filled) > 100 or not re.fullmatch(r"[-+*()\d\s]+", filled):
            return UNKNOWN
        try:
            number = _number(ast.parse(re.sub(r"\b0+(?=\d)", "", filled), mode="eval").body)
        except (SyntaxError, ValueError):
            return UNKNOWN
        if abs(number) >= _MAX_NUMBER:
            return UNKNOWN
        return str(number) if is_sure else assumed(str(number))


def _number(node: ast.expr) -> int:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.BinOp(left, sign, right) if type(sign) in _ARITHMETIC:
            return int(_ARITHMETIC[type(sign)](_number(left), _number(right)))
        case ast.UnaryOp(ast.USub(), inner):
            return -_number(inner)
    raise ValueError


def _argument(place: int, state: ShellState) -> Value:
    words = state.positional
    if MANY in words[:place]:
        return UNKNOWN
    return words[place - 1] if place <= len(words) else None


def _add_list(words: tuple[str, ...], fields: list[Pieces], *, is_quoted: bool) -> None:
    for place, word in enumerate(words):
        if place:
            fields.append([])
        if is_quoted or word in (MANY, UNSET):
            fields[-1].append((word, is_quoted))
        elif word:
            fields[-1].append((word, UNKNOWN in word))
    if not words and is_quoted and len(fields[-1]) == 1 and fields[-1][0] == ("", True):
        fields[-1].clear()  # `"$@"` without arguments is no word at all


def _split(value: str, state: ShellState, fields: list[Pieces]) -> None:
    """Add a value that is not quoted: its blanks end fields."""
    if value in (UNKNOWN, MANY) and not fields[-1]:
        fields[-1].append((MANY, True))
        return
    separators = state.values.get("IFS")
    blank = _BLANK if not separators or not is_certain(separators) else re.compile(f"[{re.escape(separators)}]+")
    parts = [value] if separators == "" else blank.split(value)
    for place, part in enumerate(parts):
        if place and fields[-1]:
            fields.append([])
        if part:
            fields[-1].append((_with_whole_marks(part), False))


def _with_whole_marks(part: str) -> str:
    """Return a part of a text with a mark at both its ends, if one was cut off."""
    return part if part.count(_MARKS[0]) == part.count(_MARKS[1]) else assumed(part)


def _sliced(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return what `:start:length` leaves of words or characters."""
    start, colon, length = text.partition(":")
    if not re.fullmatch(r"\s*-?\d+\s*", start) or (colon and not re.fullmatch(r"\s*\d+\s*", length)) or MANY in words:
        return (MANY,)
    rest = words[int(start) :] if int(start) >= -len(words) else ()
    return rest[: int(length)] if colon else rest


def _without(value: str, wanted: ShellPattern, sign: str) -> str | None:
    """Return a value without the shortest or longest beginning or end that matches."""
    if not wanted.is_certain or not wanted.expression or len(value) > _MAX_STRIPPED:
        return value if wanted.is_plain and wanted.text == "" else None
    is_longest = len(sign) == 2
    compiled = re.compile(wanted.expression, re.DOTALL)
    sizes: Iterator[int] = iter(range(len(value), -1, -1) if is_longest else range(len(value) + 1))
    for size in sizes:
        if sign[0] == "#" and compiled.fullmatch(value, 0, size):
            return value[size:]
        if sign[0] == "%" and compiled.fullmatch(value, len(value) - size):
            return value[: len(value) - size]
    return value


def _replaced(value: str, wanted: ShellPattern, replacement: str, sign: str) -> str | None:
    if not wanted.is_certain or not wanted.expression or not is_certain(replacement) or "&" in replacement:
        return None
    expression = {"/#": f"\\A(?:{wanted.expression})", "/%": f"(?:{wanted.expression})\\Z"}.get(sign, wanted.expression)
    return re.sub(expression, lambda _: replacement, value, count=0 if sign == "//" else 1, flags=re.DOTALL)


def folder_of(path: str) -> str:
    """Return what dirname(1) prints."""
    return posixpath.dirname(path.rstrip("/")) or ("/" if path.startswith("/") else ".")
