"""How often do the DL rules say what hadolint's own test cases expect?

Usage: python benchmarks/hadolint_cases.py HADOLINT

HADOLINT is a checkout of hadolint's repository. Its cases (`test/Hadolint/Rule/*Spec.hs`) name a rule, a snippet and
whether the rule catches it, as it stands or with every RUN under ONBUILD. Nothing of them is kept.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.hadolint import with_hadolint
from gate.dockerfile.lint import lint
from gate.dockerfile.parser import parse
from gate.model import Tree
from gate.trees import open_tree

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(r"\\\s+\\|\\(.)", re.DOTALL)
_NAMED = re.compile(r"([A-Za-z_][\w']*)\s*=\s*(?=\[|\"|Text\.unlines|\n|\$)")
_ASSERTED = re.compile(r'\b(ruleCatches|ruleCatchesNot|onBuildRuleCatches|onBuildRuleCatchesNot)\s+"(DL\d+)"\s*')
_CONFIGURED = re.compile(r"let \?config =\s*(.*?)\n\s*\n|let \?config =\s*([^\n]*)", re.DOTALL)
_SCHEMA = re.compile(r'\("(\w+)", (?:Rule\.)?(\w+)\)')
_REGISTRIES = re.compile(r"allowedRegistries = (\[.*?\])")
_TYPES = {"GitHash": "hash", "RawText": "text", "Url": "url", "Rfc3339": "rfc3339", "Spdx": "spdx", "SemVer": "semver"}
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "&": ""}


class Case(msgspec.Struct, frozen=True):
    """A snippet, and whether a rule is to catch it under a configuration in hadolint's own format."""

    rule: str
    text: str
    is_caught: bool
    configuration: str


def main() -> None:
    cases = list(dict.fromkeys(case for path in sorted(_specifications()) for case in _cases(path.read_text())))
    differing = [case for case in cases if (case.rule in _found(case)) is not case.is_caught]
    for case in differing:
        print(f"{case.rule}, {'caught' if case.is_caught else 'passed'} by hadolint:\n{case.text}\n")
    print(f"{len(cases) - len(differing)} of {len(cases)} ({100 - 100 * len(differing) / len(cases):.2f}%)")


def _specifications() -> Iterator[Path]:
    return Path(sys.argv[1], "test/Hadolint/Rule").glob("DL*Spec.hs")


def _cases(source: str) -> Iterator[Case]:
    lines = (line for line in source.splitlines() if not line.lstrip().startswith("--"))
    head, *blocks = re.split(r"\n\s+it\s+\"", "\n".join(lines))
    for block in blocks:
        named: dict[str, str] = {}
        for match in _NAMED.finditer(block):
            named[match[1]] = _value(block[match.end() :], named)
        stated = [*_CONFIGURED.finditer(head), *_CONFIGURED.finditer(block)]
        configuration = _configuration("".join(stated[-1].groups("")) if stated else "")
        for match in _ASSERTED.finditer(block):
            text = _value(block[match.end() :], named)
            under = _under_onbuild(text) if match[1].startswith("on") else text
            yield Case(match[2], under, not match[1].endswith("Not"), configuration)


def _value(expression: str, named: dict[str, str]) -> str:
    """Return the text that a Haskell string, a list of them or a name stands for."""
    bare = re.sub(r"^[\s$(]*(?:Text\.unlines)?[\s$(]*", "", expression)
    if bare.startswith('"'):
        return _text(_STRING.match(bare))
    if not bare.startswith("["):
        name = re.match(r"[\w']+", bare)
        return named.get(name[0], "") if name else ""
    items, place = [], 1
    while bare[place] != "]":
        string = _STRING.match(bare, place)
        if string:
            items.append(_text(string))
        place = string.end() if string else place + 1
    return "\n".join(items)


def _text(string: "re.Match[str] | None") -> str:
    inner = string[0][1:-1] if string else ""
    return _ESCAPE.sub(lambda one: _LETTERS.get(one[1], one[1]) if one[1] else "", inner)


def _configuration(stated: str) -> str:
    registries = _REGISTRIES.search(stated)
    schema = {name: _TYPES.get(kind, kind.lower()) for name, kind in _SCHEMA.findall(stated)}
    parts = ["override: {info: [DL1001, DL3057]}", f"label-schema: {schema}"]
    parts += ["strict-labels: true"] if "strictLabels = True" in stated else []
    parts += [f"trustedRegistries: {registries[1]}"] if registries else []
    return "\n".join(parts)


def _under_onbuild(text: str) -> str:
    lines = text.split("\n")
    for instruction in parse(f"{text}\n".encode()).instructions:
        if instruction.name == "RUN":
            lines[instruction.line - 1] = f"ONBUILD {lines[instruction.line - 1].lstrip()}"
    return "\n".join(lines)


def _found(case: Case) -> set[str]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, ".hadolint.yaml").write_text(case.configuration)
        configured = with_hadolint(open_tree(Tree(root=folder, name="tree")), DockerfileSettings(), "tree")
    return {one.rule for one in lint(f"{case.text}\n".encode(), "Dockerfile", "tree", configured.settings).findings}


if __name__ == "__main__":
    main()
