"""Strings of JavaScript that may be names of packages, or parts of which such names are put together.

The text is not parsed: what stands between quotes by chance counts too.
"""

import re

import msgspec

from gate.reachability.runtimes.strings.command_names import is_sentence

_SAID = r" (?:is|are|was|has|had|does|did|can|cannot|could|may|might|must|should|will|needs|requires) "
"""What is said of something: its name is no command."""
_NAMED = re.compile(
    rf"""["'`/!]((?:@[a-z\d~][\w.~-]{{0,100}}+/)?[a-zA-Z\d~][\w.~-]{{0,100}}+)(?=["'`/@ ,:?])(?!{_SAID})""",
    re.ASCII,
)
_WORD = r"[\w@./=:+${}%~<>()!*\[\]-]{1,100}+"
_LISTED = re.compile(
    rf"""["'`]({_WORD}(?:[ ,|;&]{{1,9}}+{_WORD}){{1,500}}+[ ,|;&]{{0,9}}+)(?=["'`])""",
    re.ASCII,
)
"""Several words in one string, as code takes apart with `split`, or a shell runs with what is put behind."""
_BETWEEN = re.compile("[ ,|;&()<>]+")
_BEGINNING = re.compile(r"""["'`]((?:@[\w.-]{1,100}/)?[\w.@-]{0,101}+(?:(?<=-)|/))(?=["'`]|\$\{)""", re.ASCII)
_END = re.compile(r"""["'`}](-[\w.-]{2,100}+)["'`]""", re.ASCII)
_BEGINNING_IN_PATTERN = re.compile(r"\^((?:@[\w.-]{1,100}/)?\w[\w.-]{0,100}+(?<=-))", re.ASCII)
"""A regular expression of names: `/^shop-plugin-/`."""
_ADDRESS = re.compile(r"https?://[\w./@~%+#?&=:-]+")
"""An address in the web, whose parts are no names of what is installed."""
_OF_FORMS = re.compile(r"(?<=[\"'`, ;=(])multipart/form-data(?![\w/.-])")
"""The type of media that forms are sent as, of which the end is called like a package."""
_ADVICE = re.compile(rf"""(["'`])(?=[A-Z\[]|\$\{{|[\w$.-]{{1,60}}{_SAID})((?:\\.|(?!\1)[^\\\n]){{1,1500}})\1""")
_IN_PROSE = re.compile(
    r"""(?<=[\w.,:] )\(?(?:e\.g\. )?\\?(["'`])(?:npx|npm|yarn|pnpm) [^"'`\n\\]{1,120}\\?\1"""
    r"""(?=\)?[.,:]?(?: [A-Za-z]|\\n|["'`\n]))"""
)
"""A command of a package manager in quotes between words: `Run 'npx tool link' to link your project`."""
_OF_CODE = re.compile(r"\b(?:return|case|await|throw|yield|typeof|in|of|new|else)\s*\Z")
_LONGEST_PROSE = 160
"""Characters in front of and behind a quoted command that are looked at, of its own line."""
_ENDS_PROSE = re.compile(r"\\n|[\n\"`]")
_SUBJECT = re.compile(r"\$\{[\w.$]{1,60}\} ")
_QUOTED = re.compile("""`[^`]*`|"[^"]*"|'[^']*'""")
"""A string that begins as a sentence does, and what stands in quotes of other kinds in it."""
_STARTS_OF_END = ('"-', "'-", "`-", "}-")
"""How each match of `_END` begins: most sources hold none, and to look for texts takes a tenth of the time."""
JOINT = re.compile("[-/]")
"""Where names are put together."""
_SHORTEST_BEGINNING = 3


class Strings(msgspec.Struct, frozen=True):
    """What the strings of a source may name."""

    names: frozenset[str]
    """Whole names, of packages or commands, also those that a path goes on or comes before."""
    beginnings: frozenset[str]
    """`eslint-plugin-`, `@babel/`: a name may be put behind."""
    ends: frozenset[str]
    """`-loader`: a name may be put in front."""


def without_advice(text: str) -> str:
    """Return a source without what its sentences quote."""
    return _ADVICE.sub(_without_quoted, _IN_PROSE.sub(_without_command, text))


def _without_command(found: "re.Match[str]") -> str:
    """Return a quoted command, or nothing if what stands around it is a sentence."""
    before = _ENDS_PROSE.split(found.string[max(0, found.start() - _LONGEST_PROSE) : found.start()])[-1]
    behind = _ENDS_PROSE.split(found.string[found.end() : found.end() + _LONGEST_PROSE])[0]
    is_said = not _OF_CODE.search(before) and is_sentence(f"{before.lstrip()} {behind}".encode("latin-1", "replace"))
    return "" if is_said else found[0]


def _without_quoted(found: "re.Match[str]") -> str:
    """Return a sentence without what it quotes: people read that (`Please run "npm i"`)."""
    said = _QUOTED.sub("", found[2])
    subject = _SUBJECT.match(said)
    of_it = said[subject.end() :] if subject is not None else said
    return f"{found[1]}{said}{found[1]}" if said != found[2] and is_sentence(of_it.encode("latin-1")) else found[0]


def strings_in(content: bytes) -> Strings:
    """Return what may be a name, or a part of one, in a source."""
    text = content.decode("latin-1")  # names are of ASCII
    if "://" in text:
        text = _ADDRESS.sub("https:", text)
    if "multipart/form-data" in text:
        text = _OF_FORMS.sub("", text)
    text = without_advice(text)
    names = set(_NAMED.findall(text))
    for words in _LISTED.findall(text):
        if not is_sentence(words.encode("latin-1")):  # its first word is among the names
            names.update(_BETWEEN.split(words))
    stated = (*_BEGINNING.findall(text), *(_BEGINNING_IN_PATTERN.findall(text) if "^" in text else ()))
    beginnings = (found for found in stated if len(found) >= _SHORTEST_BEGINNING)
    has_ends = any(start in text for start in _STARTS_OF_END)
    return Strings(frozenset(names), frozenset(beginnings), frozenset(_END.findall(text) if has_ends else ()))
