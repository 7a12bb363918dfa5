"""The syntax tree of a shell script: lists, pipelines, commands and the parts of words (POSIX, XCU chapter 2; bash(1)).

Parts of words and commands know whether they are quoted and in which line they stand; nothing is expanded yet.
"""

from typing import TypeAlias

import msgspec


class Literal(msgspec.Struct, frozen=True):
    """Characters that stand for themselves; not quoted, `*` and its like are patterns."""

    text: str
    is_quoted: bool = False


class Parameter(msgspec.Struct, frozen=True):
    """`$name` or `${name…}`."""

    name: str
    operator: str = ""
    """`:-`, `##`, `/` and so on; `length` for `${#name}`, `indirect` for `${!name}`, `unknown` for what is rare."""
    argument: "Word" = ()
    replacement: "Word" = ()
    """Of `${name/argument/replacement}`."""
    subscript: str = ""
    is_quoted: bool = False


class Substitution(msgspec.Struct, frozen=True):
    """`$(…)`, the same in backquotes, or the `<(…)` of bash."""

    body: "tuple[Item, ...]"
    is_quoted: bool = False
    is_file: bool = False
    """True for `<(…)`, which becomes the path of a file."""


class Arithmetic(msgspec.Struct, frozen=True):
    """`$((…))`."""

    text: str
    is_quoted: bool = False


Part: TypeAlias = Literal | Parameter | Substitution | Arithmetic
Word: TypeAlias = tuple[Part, ...]


class ShellAssignment(msgspec.Struct, frozen=True):
    """`name=value` before a command, or an array's `name=(…)`."""

    name: str
    value: Word = ()
    elements: tuple[Word, ...] | None = None
    is_added: bool = False
    """True for `+=`."""
    subscript: str = ""


class Redirection(msgspec.Struct):
    """`2> file`; of a here-document `target` is its text, which is read when the line is at its end."""

    descriptor: str
    operator: str
    target: Word = ()


class Simple(msgspec.Struct, frozen=True):
    """A command with its arguments."""

    words: tuple[Word, ...]
    assignments: tuple[ShellAssignment, ...]
    redirections: tuple[Redirection, ...]
    line: int


class CommandGroup(msgspec.Struct, frozen=True):
    """`{ …; }`, or `( … )`, which is a shell of its own."""

    body: "tuple[Item, ...]"
    is_subshell: bool


class If(msgspec.Struct, frozen=True):
    """`if`, with a condition and commands for each branch."""

    branches: "tuple[tuple[tuple[Item, ...], tuple[Item, ...]], ...]"
    otherwise: "tuple[Item, ...]"


class While(msgspec.Struct, frozen=True):
    """`while`, or `until`."""

    condition: "tuple[Item, ...]"
    body: "tuple[Item, ...]"
    is_until: bool


class For(msgspec.Struct, frozen=True):
    """`for name in words`; without `in` over the arguments. `select` asks which word, and C's form counts."""

    name: str
    words: tuple[Word, ...] | None
    body: "tuple[Item, ...]"
    is_open: bool = False
    """True for `select` and C's form: how often, and with which value, is known only at run time."""


class CaseItem(msgspec.Struct, frozen=True):
    """A branch of `case`."""

    patterns: tuple[Word, ...]
    body: "tuple[Item, ...]"
    end: str
    """`;;`, `;&` (goes on with the next branch) or `;;&` (goes on to compare)."""


class CaseOf(msgspec.Struct, frozen=True):
    """`case`."""

    subject: Word
    items: tuple[CaseItem, ...]


class Function(msgspec.Struct, frozen=True):
    """The definition of a function."""

    name: str
    body: "Command"


class Not(msgspec.Struct, frozen=True):
    """`!` inside `[[ … ]]`."""

    inner: "Condition"


class Both(msgspec.Struct, frozen=True):
    """`&&` or `||` inside `[[ … ]]`."""

    left: "Condition"
    right: "Condition"
    is_or: bool


class Operands(msgspec.Struct, frozen=True):
    """One test inside `[[ … ]]`."""

    words: tuple[Word, ...]


Condition: TypeAlias = Not | Both | Operands


class Conditional(msgspec.Struct, frozen=True):
    """`[[ … ]]`."""

    condition: Condition


class Calculation(msgspec.Struct, frozen=True):
    """`(( … ))`."""

    text: str


class Compound(msgspec.Struct, frozen=True):
    """A compound command with redirections of its own."""

    body: "Command"
    redirections: tuple[Redirection, ...]


Command: TypeAlias = Simple | CommandGroup | If | While | For | CaseOf | Function | Conditional | Calculation | Compound


class Pipeline(msgspec.Struct, frozen=True):
    """Commands that are joined by `|`."""

    commands: tuple[Command, ...]
    is_negated: bool


class Item(msgspec.Struct, frozen=True):
    """Pipelines that are joined by `&&` and `||`."""

    first: Pipeline
    others: tuple[tuple[str, Pipeline], ...]
    is_background: bool
    line: int
