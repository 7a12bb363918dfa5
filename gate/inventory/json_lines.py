"""Where the objects of a JSON text begin: one linear scan, for text that a parser has already accepted."""

import json
import re
from collections.abc import Iterator

_TOKEN = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*+)"(?P<colon>\s*+:)?|(?P<open>[{\[])|(?P<close>[}\]])', re.DOTALL)


def object_lines(text: str, inside: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Yield (key, line) of every object that is a member of an object named by `inside`, in the text's order."""
    parents: list[str] = []
    key = ""
    line, position = 1, 0
    for token in _TOKEN.finditer(text):
        if token["colon"]:
            key = token["text"]
        elif token["open"]:
            if token["open"] == "{" and key and parents and parents[-1] in inside:
                line += text.count("\n", position, token.start())
                position = token.start()
                yield _unescaped(key), line
            parents.append(key)
            key = ""
        elif token["close"]:
            parents.pop()
            key = ""


def _unescaped(key: str) -> str:
    return str(json.loads(f'"{key}"')) if "\\" in key else key
