"""Parses a shell script command by command, as a shell does (POSIX, XCU chapter 2.10; bash(1), "SHELL GRAMMAR").

What stands behind the command at which a script ends is never read, so that archives which unpack themselves are no
errors.
"""

import re
from collections.abc import Callable, Iterator

from gate.reachability.runtimes.shell.syntax import (
    Both,
    Calculation,
    CaseItem,
    CaseOf,
    Command,
    CommandGroup,
    Compound,
    Condition,
    Conditional,
    For,
    Function,
    If,
    Item,
    Literal,
    Not,
    Operands,
    Pipeline,
    Redirection,
    ShellAssignment,
    Simple,
    While,
    Word,
)
from gate.reachability.runtimes.shell.words import WordReader

_REDIRECTION = re.compile(r"(?P<fd>\d*|\{\w+\})(?P<operator>&>>|&>|<<<|<<-|<<|<>|<&|>>|>\||>&|<(?!\()|>(?!\())")
_RESERVED = re.compile(r"(?:\[\[|[!{}]|[a-z]+)(?=[\s;&|<>()]|\Z)")
_ENDS = frozenset({"then", "else", "elif", "fi", "do", "done", "esac", "}"})
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)(?:\[([^\]\n]*)\])?(\+?)=", re.ASCII)
_FUNCTION = re.compile(r"([^\s;&|<>()$`'\"\\=]+)[ \t]*\([ \t]*\)")
_FUNCTION_NAME = re.compile(r"[^\s;&|<>()]+")
_MAX_CALCULATION = 2_000
"""Characters between `((` and `))`."""
_DECLARING = frozenset({"declare", "typeset", "local", "export", "readonly"})


class ShellParser:
    """The commands of a text."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self._reader = WordReader(text, first_line)
        self._reader.read_list = self._list
        self._reader.read_all = lambda inner, line: tuple(ShellParser(inner, line).items())
        self._words = self._reader

    def items(self) -> Iterator[Item]:
        """Yield the commands one by one. Raises ShellSyntaxError at what no shell would read."""
        reader = self._reader
        while True:
            reader.skip_lines()
            if reader.at >= len(reader.text):
                return
            items = [self._item()]
            while reader.waits_for_line and not reader.is_at_line_end():
                items.append(self._item())
            reader.skip_lines()
            yield from items

    def _list(self, reader: WordReader) -> tuple[Item, ...]:
        """Read commands up to a word that ends a list, or a closing parenthesis."""
        outer, self._words = self._words, reader
        items = []
        while not self._is_at_end():
            items.append(self._item())
        self._words = outer
        return tuple(items)

    def _is_at_end(self) -> bool:
        self._words.skip_lines()
        text, at = self._words.text, self._words.at
        return at >= len(text) or text.startswith((")", ";;", ";&"), at) or self._reserved() in _ENDS

    def _body(self) -> tuple[Item, ...]:
        return self._list(self._words)

    def _item(self) -> Item:
        line = self._words.line
        first = self._pipeline()
        others = []
        while operator := self._take("&&", "||"):
            self._words.skip_lines()
            others.append((operator, self._pipeline()))
        self._words.skip_blanks()
        text, at = self._words.text, self._words.at
        is_background = text.startswith("&", at)
        if text.startswith(("&", ";"), at) and not text.startswith((";;", ";&"), at):
            self._words.at += 1
        elif at < len(text) and text[at] not in "\n);":
            raise self._words.error(f"{text[at]!r} is not expected")
        return Item(first, tuple(others), is_background, line)

    def _take(self, *signs: str) -> str:
        """Go behind one of `signs`, and return it; empty if none is here."""
        self._words.skip_blanks()
        for sign in signs:
            if self._words.text.startswith(sign, self._words.at):
                self._words.at += len(sign)
                return sign
        return ""

    def _reserved(self) -> str:
        """Return the reserved word that stands here, or another plain one of small letters."""
        self._words.skip_blanks()
        found = _RESERVED.match(self._words.text, self._words.at)
        return found[0] if found else ""

    def _expect(self, word: str) -> None:
        self._words.skip_lines()
        if self._reserved() != word:
            raise self._words.error(f"{word!r} is expected")
        self._words.at += len(word)

    def _pipeline(self) -> Pipeline:
        is_negated = False
        while (word := self._reserved()) in ("!", "time"):
            is_negated ^= word == "!"
            self._words.at += len(word)
            if word == "time":
                self._take("-p")
        commands = [self._command()]
        while not self._words.text.startswith("||", self._words.at) and self._take("|&", "|"):
            self._words.skip_lines()
            commands.append(self._command())
            self._words.skip_blanks()
        return Pipeline(tuple(commands), is_negated)

    def _command(self) -> Command:
        command = self._compound()
        if command is None:
            return self._simple()
        redirections = tuple(self._redirections())
        return Compound(command, redirections) if redirections else command

    def _redirections(self) -> Iterator[Redirection]:
        while (redirection := self._redirection()) is not None:
            yield redirection

    def _redirection(self) -> Redirection | None:
        self._words.skip_blanks()
        found = _REDIRECTION.match(self._words.text, self._words.at)
        if found is None:
            return None
        self._words.at = found.end()
        target = self._words.word() or ()
        redirection = Redirection(found["fd"], found["operator"], target)
        if found["operator"] in ("<<", "<<-"):
            redirection.target = ()
            self._words.heredoc_later(redirection, target)
        return redirection

    def _compound(self) -> Command | None:
        """Return the compound command or function that begins here, or None if it is a simple one."""
        word = self._reserved()
        text, at = self._words.text, self._words.at
        if text.startswith("((", at) and (calculation := self._calculation()) is not None:
            return calculation
        if text.startswith("(", at):
            return self._subshell()
        if (found := _FUNCTION.match(text, at)) and found[1] not in _ENDS:
            self._words.at = found.end()
            return self._function(found[1])
        readers: dict[str, Callable[[], Command]] = {
            "{": self._group,
            "if": self._if,
            "while": self._while,
            "until": self._while,
            "for": self._for,
            "select": self._for,
            "case": self._case,
            "[[": self._conditional,
            "function": self._named_function,
        }
        return readers[word]() if word in readers else None

    def _calculation(self) -> Calculation | None:
        start = self._words.at
        end = self._words.text.find("))", start, start + _MAX_CALCULATION)
        line_end = self._words.text.find("\n\n", start, start + _MAX_CALCULATION)
        if end < 0 or (0 <= line_end < end):
            return None
        inside = self._words.text[start + 2 : end]
        if inside.count("(") > inside.count(")"):
            end = self._words.text.find("))", end + 1, start + _MAX_CALCULATION)
        if end < 0:
            return None
        self._words.at = end + 2
        return Calculation(self._words.text[start + 2 : end])

    def _subshell(self) -> CommandGroup:
        self._words.at += 1
        body = self._body()
        if not self._take(")"):
            raise self._words.error("( is not closed")
        return CommandGroup(body, is_subshell=True)

    def _group(self) -> CommandGroup:
        self._expect("{")
        body = self._body()
        self._expect("}")
        return CommandGroup(body, is_subshell=False)

    def _named_function(self) -> Function:
        self._expect("function")
        self._words.skip_blanks()
        found = _FUNCTION_NAME.match(self._words.text, self._words.at)
        if found is None:
            raise self._words.error("a function has no name")
        self._words.at = found.end()
        if self._take("("):
            self._take(")")
        return self._function(found[0])

    def _function(self, name: str) -> Function:
        self._words.skip_lines()
        body = self._command()
        return Function(name, body)

    def _if(self) -> If:
        self._expect("if")
        branches = []
        otherwise: tuple[Item, ...] = ()
        while True:
            condition = self._body()
            self._expect("then")
            branches.append((condition, self._body()))
            if self._reserved() != "elif":
                break
            self._expect("elif")
        if self._reserved() == "else":
            self._expect("else")
            otherwise = self._body()
        self._expect("fi")
        return If(tuple(branches), otherwise)

    def _while(self) -> While:
        word = self._reserved()
        self._expect(word)
        condition = self._body()
        return While(condition, self._loop_body(), word == "until")

    def _loop_body(self) -> tuple[Item, ...]:
        self._words.skip_lines()
        opening = "{" if self._reserved() == "{" else "do"
        self._expect(opening)
        body = self._body()
        self._expect("}" if opening == "{" else "done")
        return body

    def _for(self) -> For:
        word = self._reserved()
        self._expect(word)
        self._words.skip_blanks()
        if self._words.text.startswith("((", self._words.at):
            self._calculation()
            self._take(";")
            return For("", (), self._loop_body(), is_open=True)
        name = _FUNCTION_NAME.match(self._words.text, self._words.at)
        if name is None:
            raise self._words.error("a loop has no variable")
        self._words.at = name.end()
        self._words.skip_lines()
        words: list[Word] | None = None
        if self._reserved() == "in":
            self._expect("in")
            words = list(self._until_end())
        self._take(";")
        listed = None if words is None else tuple(words)
        return For(name[0], listed, self._loop_body(), is_open=word == "select")

    def _until_end(self) -> Iterator[Word]:
        """Yield words up to the end of the line or a `;`."""
        while (word := self._words.word()) is not None:
            yield word

    def _case(self) -> CaseOf:
        self._expect("case")
        subject = self._words.word() or ()
        self._expect("in")
        items = []
        self._words.skip_lines()
        while self._reserved() != "esac":
            items.append(self._case_item())
            self._words.skip_lines()
        self._expect("esac")
        return CaseOf(subject, tuple(items))

    def _case_item(self) -> CaseItem:
        self._take("(")
        patterns = [self._words.word() or ()]
        while self._take("|"):
            patterns.append(self._words.word() or ())
        if not self._take(")"):
            raise self._words.error("a branch of case has no )")
        body = self._body()
        end = self._take(";;&", ";;", ";&")
        return CaseItem(tuple(patterns), body, end or ";;")

    def _conditional(self) -> Conditional:
        self._expect("[[")
        condition = self._either()
        self._words.skip_lines()
        if not self._take("]]"):
            raise self._words.error("[[ is not closed")
        return Conditional(condition)

    def _either(self) -> Condition:
        left = self._both()
        while self._take_over_lines("||"):
            left = Both(left, self._both(), is_or=True)
        return left

    def _both(self) -> Condition:
        left = self._operand()
        while self._take_over_lines("&&"):
            left = Both(left, self._operand(), is_or=False)
        return left

    def _take_over_lines(self, sign: str) -> str:
        self._words.skip_lines()
        return self._take(sign)

    def _operand(self) -> Condition:
        self._words.skip_lines()
        if self._reserved() == "!":
            self._expect("!")
            return Not(self._operand())
        if self._take("("):
            inner = self._either()
            self._words.skip_lines()
            if not self._take(")"):
                raise self._words.error("( is not closed")
            return inner
        return Operands(tuple(self._operand_words()))

    def _operand_words(self) -> Iterator[Word]:
        """Yield the words of one test; a regular expression is one word, with all that is in it."""
        is_expression = False
        while True:
            self._words.skip_blanks()
            if re.compile(r"\]\]|&&|\|\||\)|\n|\Z").match(self._words.text, self._words.at):
                return
            if is_expression:
                yield self._regular_expression()
                return
            if sign := self._take("<", ">"):
                yield (Literal(sign),)
                continue
            word = self._words.word()
            if word is None:
                raise self._words.error("a test is not readable")
            is_expression = word == (Literal("=~"),)
            yield word

    def _regular_expression(self) -> Word:
        found = re.compile(r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|\[[^\]]*\]|\\.|[^\s\\])+").match(
            self._words.text, self._words.at
        )
        if found is None:
            raise self._words.error("a regular expression is missing")
        self._words.at = found.end()
        return (Literal(found[0]),)

    def _simple(self) -> Simple:
        line = self._words.line
        words: list[Word] = []
        assignments: list[ShellAssignment] = []
        redirections: list[Redirection] = []
        while True:
            redirection = self._redirection()
            if redirection is not None:
                redirections.append(redirection)
                continue
            assignment = self._assignment(words)
            if assignment is not None:
                assignments.append(assignment)
                continue
            word = self._words.word()
            if word is None:
                break
            words.append(word)
        if not (words or assignments or redirections):
            raise self._words.error("a command is missing")
        return Simple(tuple(words), tuple(assignments), tuple(redirections), line)

    def _assignment(self, words: list[Word]) -> ShellAssignment | None:
        """Read an assignment in front of a command, or one of an array to a command that declares it."""
        found = _ASSIGNED.match(self._words.text, self._words.at)
        if found is None:
            return None
        is_array = self._words.text.startswith("(", found.end())
        is_declared = is_array and bool(words) and _text_of(words[0]) in _DECLARING
        if words and not is_declared:
            return None
        self._words.at = found.end()
        elements: list[Word] | None = None
        value: Word = ()
        if is_array:
            elements = self._elements()
        elif self._words.at < len(self._words.text) and not self._words.text[self._words.at].isspace():
            value = self._words.word() or ()
        listed = None if elements is None else tuple(elements)
        return ShellAssignment(found[1], value, listed, bool(found[3]), found[2] or "")

    def _elements(self) -> list[Word]:
        self._words.at += 1
        elements = []
        self._words.skip_lines()
        while not self._take(")"):
            word = self._words.word()
            if word is None:
                raise self._words.error("( is not closed")
            elements.append(word)
            self._words.skip_lines()
        return elements


def _text_of(word: Word) -> str:
    """Return a word that is one plain literal; empty for others."""
    first = word[0] if len(word) == 1 else None
    return first.text if isinstance(first, Literal) else ""
