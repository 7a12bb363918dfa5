"""What `xargs`, `sed` and `tr` make of a known input, as far as start scripts of Java use them (POSIX, "sed", "tr").

Gradle's script takes the options in JAVA_OPTS apart with them, one a line, and puts them in front of its own arguments.
"""

import re
from collections.abc import Callable, Mapping

from gate.reachability.runtimes.shell.run import ShellRun
from gate.reachability.runtimes.shell.state import ShellState
from gate.reachability.runtimes.shell.values import assumed, is_certain, is_known, likely

_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\0": "\0"}
_QUOTING = re.compile(r"[\"'\\]")
_ONE_A_LINE = (["-n1"], ["-n", "1"])
_SUBSTITUTION = re.compile(
    r"\s*s(?P<end>[^\w\s])\[(?P<set>\^?(?:\[:\w+:\]|[^\]\[])+)\](?P=end)(?P<by>[^&]*)&(?P=end)g\s*;?\s*"
)
"""`s/[^a-z]/x&/g`: each character of a set with a text in front of it."""
_TEXT = r"(?:\\\\|[\w/ :@%=-])"
_REPLACED = re.compile(
    rf"s(?P<end>[^\w\s\\/:@%=-]|/)(?P<old>(?:(?!(?P=end)){_TEXT})+)(?P=end)(?P<new>(?:(?!(?P=end)){_TEXT})*)(?P=end)(?P<all>g?)"
)
"""`s,\\\\,/,g`: a text without a sign of an expression for another, as pnpm's commands have it."""
_CLASSES = {"[:alnum:]": "A-Za-z0-9", "[:alpha:]": "A-Za-z", "[:digit:]": "0-9", "[:space:]": r"\s"}
_Filter = Callable[[list[str], str], str | None]


def _one_a_line(words: list[str], text: str) -> str | None:
    """`xargs -n1` without a command: `echo` for each word, and once if there is none."""
    if words not in _ONE_A_LINE or _QUOTING.search(text):
        return None
    return "\n".join(text.split()) + "\n"


def _substituted(words: list[str], text: str) -> str | None:
    words = words[1:] if words[:1] == ["-e"] else words
    found = _SUBSTITUTION.fullmatch(words[0]) if len(words) == 1 else None
    if found is None:
        return _replaced(words[0], text) if len(words) == 1 else None
    inside = found["set"]
    negation, inside = ("^", inside[1:]) if inside.startswith("^") else ("", inside)
    hyphen, inside = (r"\-", inside[1:]) if inside.startswith("-") else ("", inside)
    parts = re.split(r"(\[:\w+:\])", inside)
    if any(part.startswith("[:") and part not in _CLASSES for part in parts):
        return None
    known = "".join(_CLASSES.get(part) or part.replace("\\", r"\\") for part in parts)
    before = found["by"].replace("\\\\", "\\")
    characters = re.compile(f"[{negation}{hyphen}{known}]")
    return "\n".join(characters.sub(lambda one: before + one[0], line) for line in text.split("\n"))


def _replaced(script: str, text: str) -> str | None:
    found = _REPLACED.fullmatch(script)
    if found is None:
        return None
    old, new = (found[group].replace("\\\\", "\\") for group in ("old", "new"))
    return "\n".join(line.replace(old, new, -1 if found["all"] else 1) for line in text.split("\n"))


def _translated(words: list[str], text: str) -> str | None:
    """`tr` with two single characters."""
    characters = [_ESCAPES.get(word, word) for word in words]
    if [len(one) for one in characters] != [1, 1]:
        return None
    return text.replace(characters[0], characters[1])


def _of_input(made: _Filter) -> Callable[[ShellRun, list[str], ShellState], str | None]:
    def write(run: ShellRun, words: list[str], state: ShellState) -> str | None:
        if state.input is None or not is_known(state.input):
            return None
        written = made(words, likely(state.input))
        return written if written is None or is_certain(state.input) else assumed(written)

    return write


FILTERS: Mapping[str, Callable[[ShellRun, list[str], ShellState], str | None]] = {
    "xargs": _of_input(_one_a_line),
    "sed": _of_input(_substituted),
    "tr": _of_input(_translated),
}
