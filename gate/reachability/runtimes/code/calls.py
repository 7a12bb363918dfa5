"""Scripts that start programs: the calls for it in Python, JavaScript, Perl, Ruby, PHP, Lua, awk and Tcl.

What such a script is given may be started too, where no call takes it for a command that is known.
"""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.code.absent_programs import is_changed, may_come
from gate.reachability.runtimes.code.hidden_calls import hidden_call, made_library
from gate.reachability.runtimes.code.loops import started_in_loop
from gate.reachability.runtimes.code.script_kinds import language_of
from gate.reachability.runtimes.code.words import ScriptRun, split, words_of
from gate.reachability.runtimes.launchers.data_words import without_data
from gate.reachability.runtimes.node.concurrently import starts_several
from gate.reachability.runtimes.node.cross_env import is_cross_env
from gate.reachability.runtimes.node.nodemon import is_nodemon
from gate.reachability.runtimes.node.pm2 import is_pm2
from gate.reachability.runtimes.python.names import read_command_line
from gate.reachability.runtimes.python.servers import is_known
from gate.reachability.runtimes.servers.postgresql import is_script_of_clusters
from gate.reachability.runtimes.walk.commands import program_at, started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import BETWEEN, PLAIN, SHELL, commands_among, given, named_by, of_environment
from gate.reachability.runtimes.walk.graph import (
    EVERYTHING,
    SYSTEM,
    UNKNOWN,
    Because,
    Gap,
    Reached,
    StartedProgram,
    Step,
)
from gate.reachability.runtimes.walk.standard_input import runs_its_input

_UNDECIDED = "starts a program that is known only at run time"
_MAX_SCRIPT = 1 << 20
_MAX_CALLS = 200
_MAX_WORDS = 500
"""Words of a script that is given on the command line."""
_LONGEST_CALL = 2_000
_INSTALLED = re.compile(
    r"(?:^|/)(?:site-packages|dist-packages|node_modules|gems|lib/python3[.\d]*|usr/(?:share|lib))/"
)
_FED = re.compile(r"\b(?:input|stdin|pipe|PIPE)\b|['\"](?:\|-|w)['\"]")
"""In a call, says that the script writes what the program reads."""
_BRACKETS = re.compile(
    r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|[()\[\]{}]|[;\n]|(?<=[\w\"')\]}])[ \t]+(?=(?:or|and|if|unless)\b)"
)
_WHOLE = re.compile(r"(?:[\"')\]}]|[$@]\w+)$")
"""The end of a string, an expression or a variable: an `or` behind it is Perl's or Ruby's, and no word."""
_OPEN = re.compile(r"`|(?:\bq[qwx]?|%[a-zA-Z]?)\s*[^\w\s\"'()\[\]{};,]")
"""A text between other signs than quotes and brackets, in which an `or` is a word (`qw/a or b/`)."""
_OWN_FUNCTION = re.compile(r"\bfunction\s+exec\s*\(")
"""The declaration of a function that has the name of the one that starts programs."""
_GIVEN_FUNCTION = re.compile(r"[\[({,:]\s*exec\s*[\]}),]|\b(?:as|import)\s+exec\b|\bexec\s*=(?!=)|child_process")
"""Where the same name may come from elsewhere."""
_DEFINITION = re.compile(r"[\w$\s,=.{}\[\]]*\)[ \t]*\{")
"""Parameters without a bracket, text or expression, and the body behind them."""
_DEFINED = re.compile(r"\bdef\s+(?:\w+\.)?\Z")
"""In front of the name of a function that Python or Ruby defines."""
_ENVIRONMENT = re.compile(r"^\s*\{[^{}]*=>[^{}]*\}\s*,")
"""Variables that Ruby gives a program, in front of its name."""
_FIRST_ARGUMENT = re.compile(r"\s*[\[{(]?(?P<first>[\w.:$@()>\[\]-]{2,100}?)\s*,")
_JOINED_CALL = re.compile(r"[^\"'`;,]{1,200}[\])][ \t]*(?:\+|\.\.?)[ \t]*[\"'][^ \t\"']")
"""A literal that begins behind what a call gives: `chr(116)."x"`."""
_NAME = re.compile(r"^[$@]?[A-Za-z_]\w*(?:\.|->|::)[a-z_]\w*")
"""What a method or attribute gives."""
_ITSELF = re.compile(r"(?i)execpath|executable|argv0|rbconfig|ruby_bin|php_binary|\^X|EXECUTABLE_NAME|arg\[-1\]|which")
"""In an expression, says that the script starts its own interpreter, or a program that it looks up."""
_DATA = (".yml", ".yaml", ".json", ".toml", ".ini", ".conf", ".cfg", ".env", ".csv", ".xml", ".properties")
_PERL_DOCUMENTATION = re.compile(
    r"^=(?:pod|head\d|over|item|back|begin|for|encoding)\b(?s:.*?)(?:^=cut\b.*$|\Z)", re.MULTILINE
)
_OF_SHELL_TEXT = re.compile(r"(?:^|[;&|(\n`])[ \t]*(?:\w+=\S*[ \t]+)*(?P<program>[^\s;&|()<>\"'`$]{2,60})")
"""The beginnings of commands in a text for a shell."""
_NODE = r"[\"'](?:node:)?child_process[\"']"
_ALIAS = re.compile(
    r"\b(?P<module>subprocess|os|pty)\s+as\s+(?P<python>\w+)"
    rf"|\b(?P<required>\w+)\s*=\s*require\(\s*{_NODE}|\bimport\s+(?:\*\s+as\s+)?(?P<imported>\w+)\s+from\s+{_NODE}"
)
"""A name that a script gives to a module that starts programs."""
_BEFORE_NAME = r"(?<![\w.$>-])"


class _Language(msgspec.Struct, frozen=True):
    """How an interpreter is given a script, and how the script starts programs."""

    program: "re.Pattern[str]"
    code: "re.Pattern[str] | None"
    """Options whose next word is the script's text."""
    valued: frozenset[str]
    """Other options that take the next word as their value."""
    call: "re.Pattern[str]"
    first: int
    """The number that the language gives the first argument of a script."""
    has_bare_words: bool
    """True for Tcl, whose words need no quotes."""


_IN_PYTHON = (
    r"(?:\w+\.)?(?:exec[lv]p?e?|posix_spawnp?|spawn[lv]p?e?)",
    r"os\.(?:system|popen)|pty\.spawn|Popen|pexpect\.\w+|create_subprocess_(?:exec|shell)",
    r"(?:subprocess|sp)\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)",
    r"(?:run|call|check_call|check_output|system)(?=\((?:\[|sys\.argv|shlex|[\"']))",
)
_IN_JAVASCRIPT = (
    r"(?:[\w)\"']+\.)?(?:spawn(?:Sync)?|execFile(?:Sync)?|execSync|execa(?:Sync)?|execaCommand)\(",
    r"(?:(?:child_process|cp|child|childProcess|\))\.)exec\(|(?<![\w.])exec\(",
)
_IN_PERL = (
    r"(?<![\w$@%>-])(?:exec|system)\b(?!\s*=>)|\bqx(?=[^\w\s,;=])|(?<==)\s*(?=`)",
    r"(?<![\w$@%>])open\s*\(?[^,;]{1,40},\s*[\"'](?:-\||\|-)[\"']\s*,",
)
_IN_RUBY = (
    r"(?<![\w.])(?:Kernel\.|Process\.)?(?:exec|system|spawn)\b|\bIO\.popen\b|\bOpen3\.\w+",
    r"%x(?=[\[({|!<])|(?<![\w'\"])(?=`)|(?<![\w.])open\s*\(?\s*(?=[\"']\|)",
    r"(?<![\w.:])(?:sh|run)\b\s*\(?\s*(?=[\"'])|\)\.(?:system|exec|spawn)\b",
)
_IN_PHP = (
    r"(?<![\w>:$])(?:exec|system|passthru|shell_exec|popen|proc_open|pcntl_exec)\s*\(",
    r"(?:(?<=[=(,.])|\b(?:echo|print|return))\s*(?=`)",
)
_IN_LUA = (r"\bos\.execute\s*\(?", r"\bio\.popen\s*\(?", r"\.exec[lv]?p?\s*\(")
_IN_AWK = (r"\bsystem\s*\(", r"\|\s*(?=\")", r"(?=\"[^\"\n]+\"\s*\|)")
_IN_TCL = (r"(?<![\w-])(?:exec|spawn)\s+(?:-noecho\s+|--\s+)*",)


def _language(program: str, code: str, valued: str, calls: tuple[str, ...], first: int) -> _Language:
    is_code = re.compile(code) if code else None
    return _Language(
        re.compile(program), is_code, frozenset(valued.split()), re.compile("|".join(calls)), first, calls is _IN_TCL
    )


_PYTHON = rf"{_BEFORE_NAME}(?:{'|'.join(_IN_PYTHON)})\("
_LANGUAGES = (
    _language(r"(?:python|pypy)[\d.]*t?", r"-[bBdEhiIOqsSuvVx]*c", "-W -X", (_PYTHON,), 1),
    _language(r"node(?:js)?|bun|deno", r"-(?:e|p|pe)|--eval|--print", "-r --require --import -C", _IN_JAVASCRIPT, 2),
    _language(r"perl[\d.]*", r"-\w*[eE]", "-I", _IN_PERL, 0),
    _language(r"j?ruby[\d.]*", r"-\w*e", "-I -r -C", _IN_RUBY, 0),
    _language(r"php[\d.]*", r"-[rBRE]|--(?:run|process-(?:begin|code|end))", "-d -c -z", _IN_PHP, 1),
    _language(r"lua(?:jit)?[\d.]*", r"-e", "-l", _IN_LUA, 1),
    _language(r"[gmn]?awk|original-awk", "", "-F -v -f --file", _IN_AWK, 1),
    _language(r"tclsh[\d.]*|expect|wish[\d.]*", r"-c", "", _IN_TCL, 0),
)
_PLACES = {"python": 0, "javascript": 1, "perl": 2, "ruby": 3, "php": 4, "lua": 5}
"""The names of languages to their places in `_LANGUAGES`."""
_KINDS = tuple(_PLACES)


class _Script(msgspec.Struct, frozen=True):
    """A script that an interpreter runs."""

    text: str
    path: str
    """Empty if only a run knows which script it is."""
    arguments: tuple[str, ...]


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of an interpreter."""
    return isinstance(reached, StartedProgram) and _language_of(reached) is not None


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield what the calls of the script start, and what may be started of what the script is given."""
    assert isinstance(reached, StartedProgram)
    language = _language_of(reached)
    assert language is not None
    script = _script(reached, language, files)
    if script is not None:
        yield from _run(reached, script, language, files)
    if script is not None and not script.path:
        reason = "runs a script that is known only at run time"
        yield Gap(kind=EVERYTHING, reason=reason, path=reached.program)


def _language_of(started: StartedProgram) -> _Language | None:
    names = (started.name, posixpath.basename(started.program))
    return next((one for one in _LANGUAGES if any(map(one.program.fullmatch, names))), None)


def _script(started: StartedProgram, language: _Language, files: Files) -> _Script | None:
    """Return the script with its arguments; an empty text for a module or a file that is not there."""
    words = started.arguments
    place = 0
    while place < len(words) and words[place].startswith("-") and words[place] != "-":
        word, rest = words[place], words[place + 1 :]
        if language.code is not None and language.code.fullmatch(word) and rest:
            return _Script(_without_aliases(rest[0]), "" if rest[0] == UNKNOWN else started.program, rest[1:])
        if word == "-m" and rest and "python" in started.program:
            return _Script("", "" if UNKNOWN in rest[0] else started.program, rest[1:])
        place += 2 if word in language.valued else 1
    return _operand(started, words[place:], language, files)


def _operand(started: StartedProgram, words: tuple[str, ...], language: _Language, files: Files) -> _Script | None:
    if language.code is None:  # awk: its first word is a script, unless an option named a file
        named = [
            value for option, value in zip(started.arguments, started.arguments[1:], strict=False) if option == "-f"
        ]
        if not named:
            return _Script(words[0], started.program, words[1:]) if words else None
        words = (named[0], *words)
    if not words or words[0] in ("-", "/dev/stdin"):
        return None
    path = posixpath.join("/", started.folder, words[0])
    entry = files.find(path) or files.find(f"{path}/__main__.py")
    if UNKNOWN in words[0]:
        return _Script("", "", words[1:])
    if entry is None or entry.size >= _MAX_SCRIPT:
        return _Script("", started.program, words[1:])
    return _Script(_without_aliases(files.text(entry.path)), entry.path, words[1:])


def _run(started: StartedProgram, script: _Script, language: _Language, files: Files) -> Iterator[Step]:
    """Yield what each call starts; a call whose program is not known may start all that the script is given."""
    run = _script_run(started, script, language.first, files)
    is_own = not _INSTALLED.search(script.path)
    place = _LANGUAGES.index(language)
    kind = _KINDS[place] if is_own and place < len(_KINDS) else ""
    undecided = hidden_call(kind, script.text)
    yield from _library_in(script.text, kind, script.path)
    taken: set[str] = set()
    for call in _calls(script.text, language) if is_own else ():
        words = _words(call, script, run, language)
        command = _command(words)
        line = script.text.count("\n", 0, call.start) + 1
        found = started_by(started, command, Because(script.path, "starts", line), files) if command else None
        if found is not None:
            taken.update(words)
            yield found
        is_known = found is not None and command[: len(SHELL)] != SHELL and not command[0].endswith(_DATA)
        if not is_known and (_is_undecided(command, script, started, files) or _is_cut(call, words, started, files)):
            every = started_in_loop(call.expression, script.text[: call.start], run, files)
            undecided = undecided or (line if every is None else None)
            behind = words[1:] if words[:1] == (UNKNOWN,) else (UNKNOWN,)
            because = Because(script.path, "starts", line)
            yield from filter(None, (started_by(started, (path, *behind), because, files) for path in every or ()))
        if runs_its_input(command) and _FED.search(call.expression):
            yield Gap(kind=EVERYTHING, reason="has a script run that it writes", path=script.path, line=line)
    if script.path == started.program:
        yield from _named_in_code(started, script, files)
    yield from _what_it_is_given(started, script, taken, undecided, files)


def _library_in(text: str, kind: str, path: str) -> Iterator[Gap]:
    line = made_library(kind, text)
    if line is not None:
        yield Gap(kind=SYSTEM, reason="opens a library that is known only at run time", path=path, line=line)


def _named_in_code(started: StartedProgram, script: _Script, files: Files) -> Iterator[Step]:
    """Yield what the words of a script name that is given on the command line: any may be started."""
    because = Because(started.program, "is given code that names")
    words = tuple(word for word in BETWEEN.split(script.text) if word)[:_MAX_WORDS]
    for place, word in enumerate(words):
        yield from named_by(started, word, words[place + 1 :], because, files)


def _without_aliases(text: str) -> str:
    """Return a script with the modules that start programs by their own names; its lines stay where they are."""
    for found in _ALIAS.finditer(text):
        name = found["module"] or "child_process"
        alias = found["python"] or found["required"] or found["imported"]
        if alias and alias != name:
            text = re.sub(rf"(?<![\w.]){alias}\.(?=\w+\()", f"{name}.", text)
    return text


def _script_run(started: StartedProgram, script: _Script, first: int, files: Files) -> ScriptRun:
    environment = dict(started.environment)
    return ScriptRun(script.arguments, environment, first, lambda path: _read(path, started, files), script.text)


def undecided_calls(path: str, content: bytes, caller: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the files that calls in the loops of a file may start, and the gap for one that only a run decides.

    The arguments of the program are not looked at: what they name is followed where it is started.
    """
    kind = language_of(path, content)
    if kind is None or len(content) > _MAX_SCRIPT or _INSTALLED.search(path):
        return
    language = _LANGUAGES[_PLACES[kind]]
    text = _without_aliases(content.decode("utf-8", "replace"))
    script = _Script(text, path, ("-",) * 9)
    run = _script_run(caller, script, 0, files)
    yield from _library_in(text, kind, path)
    hidden = hidden_call(kind, text)
    if hidden is not None:
        yield Gap(kind=EVERYTHING, reason=_UNDECIDED, path=path, line=hidden)
        return
    for call in _calls(text, language):
        words = _words(call, script, run, language)
        commands = (words, _command(words))
        if not (
            any(_is_undecided(one, script, caller, files) for one in commands) or _is_cut(call, words, caller, files)
        ):
            continue
        every = started_in_loop(call.expression, text[: call.start], run, files)
        if every is None:
            line = text.count("\n", 0, call.start) + 1
            yield Gap(kind=EVERYTHING, reason=_UNDECIDED, path=path, line=line)
            return
        for one in every:
            yield StartedProgram(program=one, folder="/", because=Because(path, "may start"), is_certain=False)


def _is_undecided(command: tuple[str, ...], script: _Script, caller: StartedProgram, files: Files) -> bool:
    """True for a program that only a run decides; one that is a folder has its name in the words behind."""
    if not command or UNKNOWN in command[0] or ("/" in command[0] and files.folder(command[0]) is not None):
        return True
    if command[0].endswith(_DATA) or any(
        "#{" in one for one in command
    ):  # a value that code takes out of a file, or that Ruby puts in
        return True
    if command[: len(SHELL)] == SHELL:
        return any(_is_made(text, script, caller, files) for text in command[len(SHELL) :])
    return program_at(command[0], caller, files) is None and may_come(command[0], script.text, files)


def _is_cut(call: "_Call", words: tuple[str, ...], caller: StartedProgram, files: Files) -> bool:
    """True where the first argument, or what stands in front of the first literal, is known at run time alone.

    So no word is that of a program.
    """
    if _JOINED_CALL.match(call.expression) and words and program_at(words[0].split()[0], caller, files) is None:
        return True
    first = _FIRST_ARGUMENT.match(call.expression)
    if first is None or not words or _ITSELF.search(first["first"]) or program_at(words[0], caller, files):
        return False
    return _NAME.search(first["first"]) is not None and words[0] not in first["first"]


def _is_made(text: str, script: _Script, caller: StartedProgram, files: Files) -> bool:
    """True for a text for a shell that code changes before, as a whole or the name of a program that is not there."""
    starts = {found["program"] for found in _OF_SHELL_TEXT.finditer(text)}
    absent = (word for word in starts if program_at(word, caller, files) is None)
    return is_changed(text, script.text) or any(is_changed(posixpath.basename(word), script.text) for word in absent)


def _words(call: "_Call", script: _Script, run: ScriptRun, language: _Language) -> tuple[str, ...]:
    before = script.text[: call.start]
    if not language.has_bare_words:
        return words_of(_ENVIRONMENT.sub("", call.expression), before, run)
    every = split(call.expression)
    return tuple(part for word in every for part in (words_of(word, before, run) if set(word) & set("$[") else (word,)))


def _what_it_is_given(
    started: StartedProgram, script: _Script, taken: set[str], undecided: int | None, files: Files
) -> Iterator[Step]:
    because = Because(script.path or started.program, "is given")
    arguments = _without_data(started, script, files)
    yield from given(started, arguments, because, files)
    yield from of_environment(started, files)
    commands = [
        step
        for step in commands_among(started, arguments, because, files)
        if not taken.intersection((step.program, posixpath.basename(step.program)))
    ]
    if "python" in started.program:  # what these are given is followed there; a module is no other program
        is_followed = is_known(read_command_line(started.arguments))
        commands = [step for step in commands if step.program != started.program and not is_followed]
    if is_pm2(started) or is_nodemon(started) or starts_several(started) or is_cross_env(started):
        commands = []
    place = script.path or started.program
    commands = [
        step for step in commands if _file(step, files) != place and not _is_of_same_language(step, started, files)
    ]
    if posixpath.basename(place) in PLAIN:
        return
    if undecided is not None and not is_script_of_clusters(place):
        yield Gap(kind=EVERYTHING, reason=_UNDECIDED, path=place, line=undecided)
    elif commands and not taken:
        yield Gap(
            kind=EVERYTHING, reason=f"is given {commands[0].name}, and what else it starts is not known", path=place
        )


def _without_data(started: StartedProgram, script: _Script, files: Files) -> tuple[str, ...]:
    """Return what a script is given; to an installed one that is called like a client, some of it is data."""
    names = [word for word in started.arguments if script.path and _path_of(word, files) == script.path]
    is_installed = names and _INSTALLED.search(script.path)
    return without_data(posixpath.basename(names[0]), script.arguments) if is_installed else script.arguments


def _path_of(word: str, files: Files) -> str:
    entry = files.find(word) if "/" in word and UNKNOWN not in word else None
    return entry.path if entry else ""


def _is_of_same_language(step: StartedProgram, started: StartedProgram, files: Files) -> bool:
    """True for a script of the interpreter that runs the one that is given it: `plackup app.psgi` loads it."""
    path, language = _file(step, files), _language_of(started)
    if language is None or not files.starts_with(path, b"#!"):
        return False
    first = files.text(path).partition("\n")[0]
    return any(language.program.fullmatch(posixpath.basename(word)) for word in re.split(r"[!\s]+", first) if word)


def _file(step: StartedProgram, files: Files) -> str:
    entry = files.find(step.program)
    return entry.path if entry else step.program


class _Call(msgspec.Struct, frozen=True):
    """A call that starts a program."""

    expression: str
    start: int


def _calls(text: str, language: _Language) -> Iterator[_Call]:
    is_javascript = language is _LANGUAGES[_PLACES["javascript"]]
    has_own = is_javascript and _OWN_FUNCTION.search(text) is not None and _GIVEN_FUNCTION.search(text) is None
    if language.program.fullmatch("perl"):
        text = _PERL_DOCUMENTATION.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for number, found in enumerate(language.call.finditer(text)):
        if number >= _MAX_CALLS:
            return
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()].lstrip()
        if not line.startswith(("#", "//", "*")) and not _DEFINED.search(line):
            is_own = has_own and found[0] == "exec("
            if not is_own and not (is_javascript and _DEFINITION.match(text, found.end())):
                is_bracketed = found[0].rstrip().endswith("(")
                expression = _expression(text, found.end(), is_bracketed, has_words=language.has_bare_words)
                yield _Call(expression, found.start())


def _expression(text: str, start: int, is_bracketed: bool, *, has_words: bool) -> str:
    """Return what stands between the brackets of a call, or up to the end of the statement, or to its `or` or `if`.

    `has_words` is true for Tcl, in which `or` is a word as any other.
    """
    depth = int(is_bracketed)
    for found in _BRACKETS.finditer(text, start, start + _LONGEST_CALL):
        if found[0] in "([{":
            depth += 1
        elif found[0] in ")]}":
            depth -= 1
            if depth <= 0 and is_bracketed:
                return text[start : found.start()]
        elif depth <= 0 and (found[0] in ";\n" or _is_behind_whole(text, start, found, has_words=has_words)):
            return text[start : found.start()]
    return text[start : start + _LONGEST_CALL]


def _is_behind_whole(text: str, start: int, found: "re.Match[str]", *, has_words: bool) -> bool:
    """True for the blanks in front of an `or` or `if` that ends the words of a call."""
    if has_words or not found[0].isspace():
        return False
    end = found.start()
    is_whole = _WHOLE.search(text, start, end) is not None
    return is_whole and _OPEN.search(text, max(start - len("qx/"), 0), end) is None


def _command(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the command of a call: `execvp(file, argv)` has its program, or all, twice; a text is for a shell."""
    if not words:
        return ()
    half = len(words) // 2
    if len(words) > 2 and words[:half] == words[half:]:  # execvp(command[0], command)
        words = words[half:]
    if len(words) > 1 and posixpath.basename(words[0]) == posixpath.basename(words[1]) and " " not in words[0]:
        words = (words[0], *words[2:])
    if any(mark in words[0] for mark in " \t\n;|&"):
        return (*SHELL, " ".join(words))
    return words


def _read(path: str, started: StartedProgram, files: Files) -> str | None:
    entry = files.find(posixpath.join("/", started.folder, path))
    return files.text(entry.path) if entry is not None and entry.size < _MAX_SCRIPT else None
