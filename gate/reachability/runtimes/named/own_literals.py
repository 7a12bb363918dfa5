"""The strings in code of the image's own, line by line: each may be a command, whatever the code hands it to.

The forms of strings in Python, JavaScript, Ruby, Perl, PHP, Lua, awk and Tcl are taken together: what is none in one of
them adds a word that is followed for nothing, and hides none.
"""

import re
from collections.abc import Callable, Iterator

from gate.reachability.runtimes.node.sources import SOURCES
from gate.reachability.runtimes.strings.command_names import is_sentence
from gate.reachability.runtimes.strings.javascript_texts import texts_of

_LONG = r"""(?P<quotes>'{3}|"{3})(?P<long>.*?)(?P=quotes)"""
_SHORT = r"""'(?P<single>(?:\\.|[^'\\\n])*)'|"(?P<double>(?:\\.|[^"\\\n])*)"|`(?P<back>(?:\\.|[^`\\])*)`"""
_BRACKETS = r"\((?P<round>[^()]*)\)|\[(?P<square>[^\[\]]*)\]|\{(?P<curly>[^{}]*)\}"
_WORDS = rf"(?<![\w$@.])(?:q[qwx]?|%[qQwWiIx]?)\s?(?:{_BRACKETS}|(?P<mark>[/|!])(?P<marked>[^\n]*?)(?P=mark))"
_HERE = r"""<<[-~<]?[ \t]*["']?(?P<tag>[A-Za-z_]\w*)["']?[^\n]*\n(?P<here>(?:[^\n]*\n)*?)[ \t]*(?P=tag)\b"""
_OF_LUA = r"\[(?P<level>=*)\[(?P<lua>.*?)\](?P=level)\]"
_LITERAL = re.compile("|".join((_LONG, _HERE, _SHORT, _WORDS)), re.DOTALL)
_LITERAL_OF_LUA = re.compile("|".join((_OF_LUA, _LITERAL.pattern)), re.DOTALL)
_TEXTS = ("long", "here", "single", "double", "back", "round", "square", "curly", "marked", "lua")
"""The groups that hold what a string says."""
_IS_TCL = re.compile(r"#!.*(?:tclsh|wish|expect)")
"""The first line of a script in which every word is a string."""
_BEGINS_FILE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*[rbuRBU]{0,2}")
_BEGINS_BLOCK = re.compile(
    r"(?:^|\n)[ \t]*(?:(?:def|async|class)\b|\))[^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*\n)*[ \t]*[rbuRBU]{0,2}\Z"
)
"""What stands before the documentation of a module, class or function of Python."""
_MAX_BEFORE = 2_000
_GOES_ON = re.compile(r"\\\n")
_ENDS_LINE = re.compile(r"\\n|\n")
_IS_SPOKEN = re.compile(r"[\w'.,:!?-]*")
"""A word of a sentence that is no path, no value and not quoted as code is."""
_QUOTED = re.compile(r"(?<=[\w,:(] )\(?\\?`[^`\n]{1,200}`")
"""A command that a sentence quotes, as Markdown does: people read it (``Please run `npm ls` to see them``)."""
_ENDS_TEMPLATE = re.compile(r"(?<!\\)`")
_QUOTED_IN_TEMPLATE = re.compile(r"\\`[^`\n]{1,200}\\`")
"""The same in a template of JavaScript, wherever that begins."""
_IS_ABOUT_NODE = re.compile(
    r"\b(?:platform|target|environment|testEnvironment|runtime)[\"']?\s{0,4}:\s{0,4}(?=[\"'`]node[\"'`])"
)
"""Settings of bundlers and tests that say for what code is: their `node` is no program."""
_HOLDS_PROGRAMS = re.compile(
    r"^[ \t]*(?:import[ \t]+(?:sh|plumbum)\b|from[ \t]+(?:sh|plumbum[\w.]*)[ \t]+import\b)", re.MULTILINE
)
"""Imports of Python's modules whose attributes are programs: `sh.git("log")`."""
_ATTRIBUTE = re.compile(r"(?<=[.,(])[ \t]*([A-Za-z_]\w*)|\bimport[ \t]+([A-Za-z_]\w*)")


def literals(path: str, text: str, is_program: Callable[[str], bool]) -> Iterator[list[str]]:
    """Yield the strings that stand together in code; of one that is a sentence, what may be started.

    Each line of a string of several lines stands by itself. `is_program` tells whether a word is a program that may
    start another one.
    """
    if path.endswith(".tcl") or _IS_TCL.match(text):
        yield from ([line] for line in text.splitlines() if not line.lstrip().startswith("#"))
        return
    together: list[str] = []
    end = 0
    about = {found.end() for found in _IS_ABOUT_NODE.finditer(text)}
    for start, ends, said in _said(path, text):
        if start in about:
            continue
        if together and (start < end or text[end:start].strip(", \t\n")):
            yield together
            together = []
        lines = _ENDS_LINE.split(_GOES_ON.sub(" ", said))
        if len(lines) > 1:
            yield together
            yield from (_spoken(line, is_program) for line in lines)
            together = []
        else:
            together += (word for line in lines for word in _spoken(line, is_program))
        end = ends
    yield together
    if _HOLDS_PROGRAMS.search(text):
        yield from ([found[1] or found[2]] for found in _ATTRIBUTE.finditer(text))


def _said(path: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each string begins and ends, and what it says; nothing of documentation."""
    stated = texts_of(text) if path.endswith(SOURCES) else None
    if stated is not None:
        yield from sorted((one.start, one.end, one.value) for one in stated)
        return
    if path.endswith(SOURCES) and "\\`" in text:
        text = "`".join(map(_without_quoted, _ENDS_TEMPLATE.split(text)))
    pattern = _LITERAL_OF_LUA if path.endswith(".lua") or "lua" in text[:60] else _LITERAL
    for found in pattern.finditer(text):
        if not _is_documentation(found, text):
            yield found.start(), found.end(), next(filter(None, map(found.groupdict().get, _TEXTS)), "")


def _without_quoted(template: str) -> str:
    """Return the text of a template without what it quotes, if it is a sentence."""
    said = _QUOTED_IN_TEMPLATE.sub("", template) if "\\`" in template else template
    return said if said != template and is_sentence(said.encode()) else template


def _is_documentation(found: re.Match[str], text: str) -> bool:
    """True for the string of three quotes with which a module, a class or a function of Python begins."""
    if found["long"] is None:
        return False
    before = text[max(0, found.start() - _MAX_BEFORE) : found.start()]
    begins_file = found.start() < _MAX_BEFORE and _BEGINS_FILE.fullmatch(before) is not None
    return begins_file or _BEGINS_BLOCK.search(before) is not None


def _spoken(text: str, is_program: Callable[[str], bool]) -> list[str]:
    """Return a text, or, of a sentence, the words that may be started: the first, paths and values."""
    if "`" in text and is_sentence((said := _QUOTED.sub("", text)).encode()):
        text = said
    words = text.split()
    if not is_sentence(text.encode()) or is_program(words[0].rpartition("/")[2]):
        return [text]
    return [*words[:1], *(word for word in words[1:] if not _IS_SPOKEN.fullmatch(word))]
