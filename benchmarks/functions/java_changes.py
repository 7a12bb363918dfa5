"""Which methods of a Java source differ between two versions, by a tolerant reading of its brackets."""

import re
from collections import defaultdict

_SKIPPED = re.compile(r"//[^\n]*|/\*.*?\*/|\"\"\".*?\"\"\"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL)
_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)", re.MULTILINE)
_TYPE = re.compile(r"\b(?:class|interface|enum|record)\s+(\w+)")
_ANNOTATION = re.compile(r"@(?!interface\b)[\w.]+\s*(?:\((?:[^()]|\([^()]*\))*\))?")
_METHOD = re.compile(r"(\w+)\s*\((?:[^()]|\([^()]*\))*\)\s*(?:throws\s+[\w\s.,<>]+)?$")


def methods_of(source: str) -> dict[str, str]:
    """Return the text of each method by `package.Outer$Inner:method`, overloads together; `Class:` is what is left."""
    code = _SKIPPED.sub(lambda found: found[0] if found[0][0] in "\"'" and "{" not in found[0] else "", source)
    code = re.sub(r"\"(?:[^\"\\\n]|\\.)*\"", lambda found: re.sub(r"[{};()]", "_", found[0]), code)
    found = _PACKAGE.search(code)
    names: list[tuple[str, str]] = [("package", found[1] if found else "")]
    texts: defaultdict[str, list[str]] = defaultdict(list)
    start = 0
    for bracket in re.finditer(r"[{};]", code):
        text, start = code[start : bracket.end()], bracket.end()
        if bracket[0] == "{":
            names.append(_opened(text[:-1].strip(), names[-1]))
        texts[_key(names)].append(" ".join(text.split()))
        if bracket[0] == "}" and len(names) > 1:
            names.pop()
    return {key: "\n".join(parts) for key, parts in texts.items()}


def changed_methods(before: str, after: str | None) -> set[str]:
    """Return the methods of `before` that `after` has otherwise or not at all; None: the file is gone."""
    old = methods_of(before)
    new = methods_of(after) if after is not None else {}
    return {key for key, text in old.items() if new.get(key) != text and ":" in key}


def _opened(head: str, outer: tuple[str, str]) -> tuple[str, str]:
    """Return the kind and name of what an opening bracket begins."""
    head = _ANNOTATION.sub("", head)
    if outer[0] in ("package", "type"):
        if (found := _TYPE.search(head)) and "=" not in head:
            return "type", found[1]
        if (method := _METHOD.search(head)) and "=" not in head.partition("(")[0]:
            return "method", "<init>" if method[1] == outer[1] else method[1]
        if head.endswith("static"):
            return "method", "<clinit>"
    return "block", ""


def _key(names: list[tuple[str, str]]) -> str:
    types = "$".join(name for kind, name in names if kind == "type")
    method = next((name for kind, name in names if kind == "method"), "")
    return f"{names[0][1]}.{types}:{method}" if types else ""
