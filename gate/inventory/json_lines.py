"""The lines of the members of a JSON text, in one linear scan; the text has to be valid JSON."""

import json
import re
from collections.abc import Iterator

_STRING = r'"(?:[^"\\]|\\.)*+"'
_PLAIN = rf'[^"{{}}\[\]]++|{_STRING}'
"""Parts of an object or array that nest nothing."""
_FLAT = rf"[{{\[](?:{_PLAIN})*+[}}\]]"
_SHALLOW = rf"[{{\[](?:{_PLAIN}|{_FLAT})*+[}}\]]"
_WHOLE = re.compile(rf"\s*+[{{\[](?:{_PLAIN}|{_SHALLOW})*+[}}\]]", re.DOTALL)
"""An object or array in which others nest two deep at most: one match in place of many tokens."""
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


def member_lines(text: str, *way: str) -> Iterator[tuple[str, int]]:
    """Yield (key, line) of each member of the object at the path `way` of keys, in the text's order.

    For an array the items are yielded with an empty key, but only objects, arrays and strings.
    """
    wanted = ["", *way]
    parents: list[str] = []
    is_array: list[bool] = []
    key = ""
    line, position = 1, 0
    end = 0
    while token := _TOKEN.search(text, end):
        end = token.end()
        if token["close"]:
            parents.pop()
            is_array.pop()
            key = ""
            continue
        is_item = bool(is_array) and is_array[-1] and not token["colon"]
        if (token["colon"] or is_item) and parents == wanted:
            line += text.count("\n", position, token.start())
            position = token.start()
            yield _unescaped(token["text"] or "") if token["colon"] else "", line
            if skipped := _WHOLE.match(text, token.start() if token["open"] else end):
                end = skipped.end()
                key = ""
                continue
        if token["colon"]:
            key = _unescaped(token["text"])
        elif token["open"]:
            parents.append(key)
            is_array.append(token["open"] == "[")
            key = ""


def _unescaped(key: str) -> str:
    return str(json.loads(f'"{key}"')) if "\\" in key else key
