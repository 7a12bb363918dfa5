"""Shell scripts: the commands that they run, with sourced files, functions, and the variables that are known."""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.core.word_lists import word_lists
from gate.dockerfile.shell import SUBSTITUTED, ShellWord, SimpleCommand, parse_script
from gate.dockerfile.text import JoinedText
from gate.reachability.runtimes.commands import program_at, started_by
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import EVERYTHING, UNKNOWN, Because, Gap, Opened, Reached, StartedProgram, Step
from gate.reachability.runtimes.shell_loops import expanded, loops_in
from gate.reachability.runtimes.shell_tests import is_false, is_test
from gate.reachability.runtimes.standard_input import runs_its_input

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh", "rbash"})
_TRANSPARENT = frozenset({"exec", "command", "builtin"})
_LISTS = word_lists(__file__)
_BUILTINS = frozenset(_LISTS["builtins"])
_DECLARING = frozenset({"export", "local", "readonly", "declare", "typeset"})
_SOURCING = frozenset({".", "source"})
_FUNCTION = re.compile(r"^[ \t]*(?:function[ \t]+([\w:-]+)|([\w:-]+)[ \t]*\([ \t]*\))", re.MULTILINE)
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?[-=]([^}]*)|##?([\w./-]+))?\}|\{[^}]*\}|([@*#?$!-]))")
_OWN_FOLDER = re.compile(r"\$\(\s*dirname\s+(?:--\s+)?\"?\$(?:0|\{?BASH_SOURCE[^)\"]*)\"?\s*\)")
_LISTED = re.compile(
    r"\$\(\s*ls\s+(?:-\w+\s+)*([\w./*?-]+)(?:\s*2>\s*/dev/null)?\s*(?:\|\s*(?:head|tail|sort)\b[^)|]*)*\)"
)
_LOOKED_UP = re.compile(r"\$\(\s*(?:which|command -v|type -p)\s+[\"']?([\w./+-]+|\$\{?\w+\}?)[\"']?\s*\)")
_ARGUMENT = re.compile(r"\$(?:[1-9@*]|\{[1-9@*])")
_MAX_CALLS = 8
"""Calls of functions, each with other arguments."""
_MAX_DEPTH = 20
"""Scripts sourced in one another."""
_MAX_COMMANDS = 20_000
"""Of one script, with those that it sources."""
_MAX_LENGTH = 4_096
"""Characters of an expanded word."""


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a shell, busybox's included."""
    return isinstance(reached, StartedProgram) and reached.name in _SHELLS


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield what the shell's script, or the command given to it, runs."""
    assert isinstance(reached, StartedProgram)
    is_inline, words = _operands(reached.arguments)
    if not words:
        return
    if is_inline:
        script = _Script(reached, reached.program, words[1:], files)
        yield from script.begin()
        yield from script.run(words[0])
        return
    path = posixpath.join("/", reached.folder, words[0])
    if UNKNOWN in path or files.find(path) is None:
        if UNKNOWN in path or reached.is_certain:
            yield Gap(kind=EVERYTHING, reason="runs a script that is known only at run time", path=reached.program)
        return
    yield Opened(path=path, because=Because(reached.program, "runs"))
    script = _Script(reached, path, words, files)
    yield from script.begin()
    yield from script.run(files.text(path))


def _operands(arguments: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    """Return whether the first word behind the options is a script's text, and the words."""
    place, is_inline = 0, False
    while place < len(arguments) and arguments[place][:1] in ("-", "+") and arguments[place] not in ("-", "--"):
        option = arguments[place]
        is_inline = is_inline or (option[0] == "-" and not option.startswith("--") and "c" in option)
        place += 2 if option in ("-o", "+o", "-O", "--rcfile", "--init-file") else 1
    place += place < len(arguments) and arguments[place] in ("-", "--")
    return is_inline, arguments[place:]


class _Script:
    """One run of a shell. Its variables change from command to command, and sourced files share them."""

    def __init__(self, shell: StartedProgram, path: str, positional: tuple[str, ...], files: Files) -> None:
        self._shell = shell
        self._path = path
        self._files = files
        self._own_name = positional[0] if positional else ""
        self._positional = positional[1:]
        self._values = dict(shell.environment)
        self._exported = set(self._values)
        self._functions: set[str] = set()
        self._calls: dict[tuple[str, ...], None] = {}
        self._before: dict[tuple[str, ...], None] = {}
        """The arguments before `set --`: commands may run with these too, because branches are not analysed."""
        self._loops: dict[str, tuple[str, ...]] = {}
        """Variables of loops, and the words that each runs over."""
        self._tests: list[bool] = []
        """For the tests directly before a command: True for one that is known to be false."""
        self._sourced: set[str] = set()
        self._depth = 0
        self._commands = 0
        self._line = 0

    def begin(self) -> Iterator[Step]:
        """Yield what a shell reads before its script: a login shell its profiles, bash the file of BASH_ENV."""
        home = self._shell.variable("HOME") or "/root"
        for option in self._shell.arguments:
            if option == "--login" or re.fullmatch(r"-[a-km-z]*l[a-z]*", option):
                for path in ("/etc/profile", f"{home}/.bash_profile", f"{home}/.bash_login", f"{home}/.profile"):
                    yield from self._source((path,))
            if not option.startswith("-"):
                break
        named = self._shell.variable("BASH_ENV")
        if named and self._shell.name == "bash":
            yield from self._source((named,))

    def run(self, text: str) -> Iterator[Step]:
        """Yield what the commands of `text` lead to."""
        source = _numbered(text)
        self._functions.update(name for pair in _FUNCTION.findall(text) for name in pair if name)
        commands = parse_script(source)
        self._loops.update(loops_in(text, self._shell.folder, self._files))
        self._note_calls(commands)
        for command in commands:
            self._commands += 1
            if self._commands > _MAX_COMMANDS:
                yield self._gap(f"runs more than {_MAX_COMMANDS:,} commands")
                return
            yield from self._in_each_turn(command)

    def _note_calls(self, commands: tuple[SimpleCommand, ...]) -> None:
        """Note the arguments of function calls: commands may run with these, as function bodies are not separated."""
        for command in commands:
            if len(command.words) > 1 and command.words[0].text in self._functions and len(self._calls) < _MAX_CALLS:
                words = tuple(word for one in command.words[1:] for word in self._expand(one, command.text))
                self._calls[words] = None

    def _in_each_turn(self, command: SimpleCommand) -> Iterator[Step]:
        """Yield what a command leads to, once for each word of the loop that it is in."""
        written = "".join(word.text for word in (*command.words, *command.assignments))
        name = next((name for name in self._loops if re.search(rf"\$\{{?{name}\b", written)), None)
        for word in self._loops[name] if name is not None else ("",):
            if name is not None:
                self._values[name] = word
            yield from self._with_each_call(command)

    def _with_each_call(self, command: SimpleCommand) -> Iterator[Step]:
        """Yield what a command leads to with the script's own arguments, and with those of each call."""
        yield from self._command(command)
        others = (*self._calls, *self._before)
        is_setting = bool(command.words) and command.words[0].text == "set"
        if others and not is_setting and any(_ARGUMENT.search(word.text) for word in command.words):
            own = self._positional
            for words in others:
                self._positional = words
                yield from self._command(command)
            self._positional = own

    def _command(self, command: SimpleCommand) -> Iterator[Step]:
        for assignment in command.assignments:
            self._loops.pop(assignment.text.partition("=")[0], None)
            self._assign(self._expand(assignment, command.text)[0], is_exported=False)
        words = tuple(word for written in command.words for word in self._expand(written, command.text))
        if command.words:
            self._line = command.text.position(command.words[0].start)[0]
        words = _behind_transparent(words)
        if is_test(words):
            self._tests.append(is_false(words))
        elif words:
            if _is_fed(command) and runs_its_input(words):
                yield self._gap("runs a script that comes from its standard input")
            yield from self._words(words)
            self._tests.clear()

    def _words(self, words: tuple[str, ...]) -> Iterator[Step]:
        name = words[0]
        if name in _SOURCING:
            yield from self._source(words[1:])
        elif name in _DECLARING:
            for word in words[1:]:
                self._assign(word, is_exported=name == "export")
        elif name in ("eval", "trap"):
            yield from self._nested(" ".join(words[1:]) if name == "eval" else "".join(words[1:2]))
        elif name == "set" and "--" in words:
            self._set_arguments(words[words.index("--") + 1 :])
        elif name == "cd" and len(words) > 1 and UNKNOWN not in words[1]:
            folder = posixpath.join("/", self._shell.folder, words[1])
            self._shell = msgspec.structs.replace(self._shell, folder=folder)
        elif name not in _BUILTINS and name not in self._functions:
            yield from self._start(words)

    def _set_arguments(self, words: tuple[str, ...]) -> None:
        if self._tests and all(self._tests):
            return
        if self._positional and self._positional != words and len(self._before) < _MAX_CALLS:
            self._before[self._positional] = None
        self._positional = words

    def _start(self, words: tuple[str, ...]) -> Iterator[Step]:
        environment = tuple(sorted((name, self._values[name]) for name in self._exported if name in self._values))
        caller = msgspec.structs.replace(self._shell, environment=environment)
        because = Because(self._path.strip("/"), "runs", self._line)
        started = started_by(caller, words, because, self._files)
        if started is not None:
            yield started
        elif UNKNOWN in words[0]:
            yield self._gap("runs a program that is known only at run time")

    def _source(self, words: tuple[str, ...]) -> Iterator[Step]:
        path = words[0] if words else ""
        if UNKNOWN in path or self._depth >= _MAX_DEPTH:
            yield self._gap("sources a file that is known only at run time")
            return
        whole = posixpath.join("/", self._shell.folder, path)
        if self._files.find(whole) is None or whole in self._sourced:
            return
        self._sourced.add(whole)
        yield Opened(path=whole, because=Because(self._path.strip("/"), "sources", self._line))
        outer, line, self._path = self._path, self._line, whole
        self._depth += 1
        yield from self.run(self._files.text(whole))
        self._depth -= 1
        self._path, self._line = outer, line

    def _nested(self, text: str) -> Iterator[Step]:
        """Yield what a script in a word leads to."""
        if UNKNOWN in text:
            yield self._gap("evaluates a text that is known only at run time")
        elif self._depth < _MAX_DEPTH:
            self._depth += 1
            yield from self.run(text)
            self._depth -= 1

    def _gap(self, reason: str) -> Gap:
        return Gap(kind=EVERYTHING, reason=reason, path=self._path.strip("/"), line=self._line)

    def _assign(self, word: str, *, is_exported: bool) -> None:
        name, equals, value = word.partition("=")
        if equals:
            self._values[name.removesuffix("+")] = value if not name.endswith("+") else UNKNOWN
        if is_exported:
            self._exported.add(name)

    def _expand(self, word: ShellWord, text: JoinedText) -> tuple[str, ...]:
        """Return a word with the variables in it replaced; `$@` and what is not quoted become several."""
        written = text.content[word.start : word.end]
        if "$" not in word.text:
            is_pattern = "*" in word.text and written[:1] not in ("'", '"') and "=" not in written
            paths = expanded(word.text, self._shell.folder, self._files) if is_pattern else []
            return tuple(paths) or (word.text,)
        if written.startswith("'"):
            return (word.text,)
        if word.text in ("$@", "$*", "${@}", "${@:1}"):
            return self._positional
        if word.text in ("${@:2}",):
            return self._positional[1:]
        known = self._replaced(self._substituted(word.text, written))
        is_split = written.startswith("$") and UNKNOWN not in known
        return tuple(known.split()) if is_split else (known,)

    def _substituted(self, word: str, written: str) -> str:
        """Replace the command substitutions whose output is known."""
        if SUBSTITUTED not in word:
            return word
        if _OWN_FOLDER.search(written):
            return word.replace(SUBSTITUTED, posixpath.dirname("/" + self._path.strip("/")))
        if listed := _LISTED.search(written):
            return word.replace(SUBSTITUTED, (expanded(listed[1], self._shell.folder, self._files) or [""])[0])
        if looked_up := _LOOKED_UP.search(written):
            name = self._replaced(looked_up[1])
            is_there = UNKNOWN in name or name in _BUILTINS or program_at(name, self._shell, self._files) is not None
            return word.replace(SUBSTITUTED, name if is_there else "")
        return word.replace(SUBSTITUTED, UNKNOWN)

    def _replaced(self, word: str) -> str:
        return _VARIABLE.sub(self._value, word)[:_MAX_LENGTH]

    def _value(self, found: "re.Match[str]") -> str:
        name = found[1] or found[2]
        if name is None:
            return " ".join(self._positional) if found[5] in ("@", "*") else UNKNOWN
        if name.isdigit():
            place = int(name)
            known = self._own_name if place == 0 else "".join(self._positional[place - 1 : place])
            return known.removeprefix(found[4] or "") or self._replaced(found[3] or "")
        if found[3] is not None and not self._values.get(name):
            return self._replaced(found[3])
        return self._values.get(name, UNKNOWN).removeprefix(found[4] or "")


def _is_fed(command: SimpleCommand) -> bool:
    """True for a command whose standard input is another's output, a file or a text in the script."""
    return command.spot.place > 0 or any(redirect.operator.startswith("<") for redirect in command.redirects)


def _behind_transparent(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the command that `exec`, `command` or `builtin` runs; nothing for `command -v`, which only looks it up."""
    while words and words[0] in _TRANSPARENT:
        is_look_up = words[0] == "command" and any(re.fullmatch("-p?[vV]", word) for word in words[1:2])
        words = () if is_look_up else words[1:]
        while words and words[0].startswith("-"):
            words = words[2:] if words[0] == "-a" else words[1:]
    return words


def _numbered(text: str) -> JoinedText:
    """Return a script as a Text that knows its lines."""
    offsets = [0, *(found.end() for found in re.finditer("\n", text))]
    return JoinedText(text, tuple(offsets), tuple((number, 1) for number in range(1, len(offsets) + 1)))
