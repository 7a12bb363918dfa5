"""Which words of what packages brought are names of programs: those that stand in a string where a command does.

A program is started by a text. The code that makes that text has the program's name in a string: as the first word,
with or without the path, or in a list or command line of several words. What stands in the middle of a
sentence, is a method, a key or a comment of its own starts nothing. It does not matter which
code starts the program: a name may be handed on.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from functools import partial

from gate.core.errors import UnreadableError
from gate.core.word_lists import word_lists
from gate.inventory.installed.elf import MAGIC, parse_elf
from gate.reachability.imports.sentences import OF_SENTENCES
from gate.reachability.runtimes.compiled.elf import may_start_programs
from gate.reachability.runtimes.compiled.packed_strings import constants_of
from gate.reachability.runtimes.compiled.string_ends import ends_in
from gate.reachability.runtimes.compiled.strings_in_code import stated_in_code
from gate.reachability.runtimes.launchers.wrapped import NAMES
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

SETTINGS = (".json", ".json5", ".jsonc", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".config", ".properties")
_QUOTES = (b'"', b"'", b"`")
_QUOTE = rb"""["'`]"""
_ENDS = rb"""(?=["'`\s,;|&)<>\\]|$)"""
_FIRST = re.compile(_QUOTE + rb"([\w.~+/$(-]{2,100}+)" + _ENDS)
_WORD = rb"[\w./+:=${}%@~<>()!\[\]-]++"
_WORDS = rb"[\w./+:=${}%@~<>()!\[\] ,|;&-]++"
_SEVERAL = re.compile(_QUOTE + rb"(" + _WORD + rb"[ ,|;&]++" + _WORDS + rb")(?=" + _QUOTE + rb")")
"""A string of several words: a command line, or a list that code takes apart; code between two strings counts too."""
_LONG = re.compile(rb"""[=(,\[{+:][ \t]*+[rbfuRBFU]*+(\"\"\"|'''|`)(.*?)\1""", re.DOTALL)
"""A string of several lines that is no documentation: it may be a script."""
_BETWEEN = re.compile(rb"""[\s,|;&()<>"'`=]+""")
_OPERATOR = re.compile(rb"[|;&]|\$\(")
_LITERAL = re.compile(rb"""\"((?:[^"\\\n]|\\.)*+)\"|'((?:[^'\\\n]|\\.)*+)'|`((?:[^`\\]|\\.)*+)`""", re.DOTALL)
"""A string of JavaScript, with the quotes of other kinds that stand in it."""
_BEHIND_OPERATOR = re.compile(rb"""(?:[|;&\n]|\\n|\$\()[ \t]*+([\w./~+-][^|;&"'`\n\\]*+)""")
"""A command of a line behind another one, up to the quote with which one of its words begins."""
_LISTS = word_lists(__file__)
_OF_SENTENCES = frozenset(map(str.encode, OF_SENTENCES))
"""Words that are no program's name: a string with one is a sentence, and no list of names."""
_STARTERS = sorted(word.encode() for word in {*_LISTS["starting"], *NAMES})
_STARTS_COMMAND = re.compile(
    rb"(?:[./~][\w.-]*/|\w+=|-|(?:[$%%{<]\S*|(?:%s)(?![\w.+-]))\s+(?!(?:%s)(?:[\s,.]|$)))\S*"
    % (b"|".join(map(re.escape, _STARTERS)), b"|".join(_OF_SENTENCES)),
    re.IGNORECASE,
)
"""How a command begins, though it has a word of a sentence: a path, a value, an option, or a wrapper with a command."""
_IN_STRING = re.compile(r"""(?:^|[\s,|;&()<>"'`=/$])([A-Za-z0-9_.+@~-]{2,60}+)(?=[\s,|;&()<>"'`=]|$)""", re.MULTILINE)
"""A word of a string that may be a program's name, without the folder."""
_VALUE = re.compile(rb"""(?:["'`:=\[,]|^)[ \t]*+(?:-[ \t]++)?([\w.~+/-]{2,100}+)""" + _ENDS, re.MULTILINE)
"""What begins a value in settings."""
_SECOND = re.compile(rb"^[ \t]*+[\w.-]++[ \t]++([\w.~+/-]{2,100}+)" + _ENDS, re.MULTILINE)
"""The value of a key without a sign between them: `Subsystem /usr/lib/sftp-server`."""
_SPEAKS_OF = re.compile(rb"\s*[\"'`]\w")
_MAX_SCRIPT = 1 << 20
COMMENTS = re.compile(rb"\n[ \t]*+/(?:/.*|\*(?:[^*]++|\*(?!/))*+\*/)")
"""Comments of JavaScript that are lines of their own. To begin with a line's end is ten times as fast as with `^`."""
_MODULE = re.compile(
    rb"""(?<![\w$.])((?:__)?require(?:\.resolve)?[ \t]*+\([ \t]*+|import[ \t]*+\(?[ \t]*+|from[ \t]*+)"""
    rb"""(["'])[\w@./:-]++\2"""
)
"""The name of a module in JavaScript where it is loaded: `require("stream")`, `import x from "stream"`."""
_FOR_TOOLS = re.compile(rb"/[/*][ \t]*(?:istanbul|c8|v8) ignore[\w \t-]*")


def commands_among(path: str, names: Sequence[bytes], files: Files) -> Set[bytes]:
    """Return those of `names`, which are words of a file that a package brought, that may name a program in it."""
    if files.starts_with(path, MAGIC):
        starts = may_start_programs(path, files)
        kind = "a program that starts others, its data, ends, code" if starts else "a program, its data, ends, code"
        ends = (*ends_in(path, files), *stated_in_code(path, files))
        stated = partial(in_program, path, names=names, ends=ends, starts=starts)
        return _among(path, names, files, kind, lambda content: set(stated(content)))
    return (
        _among(path, names, files, "settings, second words too", in_settings)
        if path.endswith(SETTINGS)
        else frozenset(names)
    )


def commands_in_javascript(path: str, names: Set[bytes], files: Files) -> Set[bytes]:
    """Return those of `names`, which are strings of a source, that may name a program in it."""
    return (
        _among(
            path,
            sorted(names),
            files,
            "JavaScript that name no module, behind operators too",
            partial(in_javascript, names),
        )
        if names
        else names
    )


def _among(
    path: str, names: Sequence[bytes], files: Files, kind: str, stated: Callable[[bytes], Set[bytes]]
) -> Set[bytes]:
    """Return those of `names` that a file states; kept by its content, so that a known layer is not unpacked for it."""

    def find(content: bytes) -> list[bytes]:
        return sorted(stated(content) & set(names))

    analysis = Analysis(f"commands in {kind}", list[bytes], find, tuple(map(bytes.decode, names)))
    found = files.analysed_again(path, analysis)
    return frozenset(found)


def in_javascript(names: Iterable[bytes], content: bytes) -> Set[bytes]:
    """Return what a source of JavaScript or TypeScript states as names of programs, at least those of `names`."""
    code = COMMENTS.sub(b"\n", b"\n" + content)
    code = _FOR_TOOLS.sub(b"", code) if b" ignore" in code else code
    code = _MODULE.sub(rb"\1", code)
    strings = {_string_at(place, code) for name in names for place in _places(name, code)}
    stated = {*_in_one_line(b"\n".join(strings)), *_in_long_strings(code)}
    return {*_without_folders(stated), *behind_operators(code)}


def behind_operators(code: bytes) -> Set[bytes]:
    """Return the words of commands that stand behind an operator of a shell in a string: `"ps | awk '{print}'"`."""
    literals = (found[found.lastindex or 0] for found in _LITERAL.finditer(code))
    parts = (part for literal in literals for part in _BEHIND_OPERATOR.findall(literal))
    return set(_commands_of_lines(b"\n".join(parts)))


def _string_at(place: int, code: bytes) -> bytes:
    """Return what stands between the quotes around a place, with these: a string, or code between two."""
    begin = max(code.rfind(quote, 0, place) for quote in _QUOTES)
    ends = [end for quote in _QUOTES if (end := code.find(quote, place)) >= 0]
    return code[max(0, begin) : min(ends, default=len(code)) + 1]


def in_code(content: bytes) -> Set[bytes]:
    """Return what a source states as names of programs."""
    return set(_without_folders({*_in_one_line(content), *_in_long_strings(content)}))


def _in_one_line(content: bytes) -> Iterator[bytes]:
    yield from _FIRST.findall(content)
    for several in _SEVERAL.findall(content):
        if not is_sentence(several):
            yield from _BETWEEN.split(several)


def _in_long_strings(content: bytes) -> Iterator[bytes]:
    for _, text in _LONG.findall(content):
        if b"\n" in text and len(text) < _MAX_SCRIPT:
            yield from _commands_of_lines(text)


def in_strings(texts: Iterable[str]) -> frozenset[str]:
    """Return what strings of code, as they are written, state as names of programs: see `in_code`."""
    names: set[str] = set()
    others: list[str] = []
    for text in texts:
        if text.isidentifier():
            names.add(text)
        else:
            others.append(text)
    lines = "\n".join(others).replace("\\n", "\n").replace("\\t", " ").split("\n")
    spoken = [line for line in lines if " " in line and is_sentence(line.encode("latin-1", "replace"))]
    firsts = [words[0] for line in spoken if (words := line.split(None, 1))]
    names.update(_IN_STRING.findall("\n".join([*firsts, *set(lines).difference(spoken)])))
    return frozenset(names)


def is_sentence(text: bytes) -> bool:
    """True for a text of which no word but the first is a program's name: it is said, and begins as no command does.

    What stands between semicolons has to be a sentence each.
    """
    if b";" in text.rstrip(b" ;"):
        return all(map(is_sentence, text.rstrip(b" ;").split(b";")))
    if _OF_SENTENCES.isdisjoint(text.lower().replace(b",", b" ").split(b" ")) or _OPERATOR.search(text.rstrip(b" ;")):
        return False
    return _STARTS_COMMAND.match(text.lstrip()) is None


def in_settings(content: bytes) -> Set[bytes]:
    """Return what settings state as names of programs: what begins a value, or is a word of a command line."""
    return {*_without_folders([*_VALUE.findall(content), *_SECOND.findall(content)]), *in_code(content)}


def in_program(
    path: str, content: bytes, names: Iterable[bytes], *, starts: bool, ends: Iterable[bytes] = ()
) -> list[bytes]:
    """Return those of `names` that a compiled file has as a string, or, if it `starts` programs, where a command is."""
    with suppress(UnreadableError):  # of a broken file, all strings
        content = constants_of(parse_elf(content, path), ends)
    content = b"\n" + content.replace(b"\0", b"\n") + b"\n"
    if not starts:
        return [name for name in names if b"\n" + name + b"\n" in content]
    lines = {_line_at(place, content) for name in names for place in _places(name, content)}
    return sorted(set(_commands_of_lines(b"\n".join(lines))).intersection(names))


def _places(name: bytes, content: bytes) -> Iterator[int]:
    """Yield the places of a name that is no part of a longer one; a pattern that begins as it does is found fastest."""
    word = re.escape(name)
    whole = rb"%s(?<![\w.+-]%s)(?![\w.+-])" % (word, word)
    return (found.start() for found in re.finditer(whole, content))


def _line_at(place: int, content: bytes) -> bytes:
    return content[content.rfind(b"\n", 0, place) + 1 : content.find(b"\n", place)]


def _commands_of_lines(text: bytes) -> Iterator[bytes]:
    """Yield the words of each line of a script that is no sentence, and the first of those that are."""
    for line in text.splitlines():
        words = list(filter(None, _BETWEEN.split(line)))
        if is_sentence(line):  # what it begins with in quotes, it speaks of
            words = [] if _SPEAKS_OF.match(line) else words[:1]
        yield from _without_folders(words)


def _without_folders(words: Iterable[bytes]) -> Iterator[bytes]:
    return (word.rpartition(b"/")[2].lstrip(b"$(") for word in words)
