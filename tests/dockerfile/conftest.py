"""What the tests of Dockerfiles share."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.build import Build
from gate.dockerfile.build_context import BuildContext
from gate.dockerfile.lint import Linted, lint
from gate.dockerfile.parser import parse
from gate.dockerfile.shell import SimpleCommand, parse_script
from gate.dockerfile.text import JoinedText
from gate.model import Tree
from gate.trees import open_tree

TODAY = date(2026, 11, 24)
TRUSTED = "registry.example.com"
_BESIDE = re.compile(r"^# beside it: (?P<names>.+)$", re.MULTILINE)
_IGNORED = re.compile(r"^# \.dockerignore: (?P<patterns>.+)$", re.MULTILINE)


@pytest.fixture
def build_of() -> Callable[[str], Build]:
    """Return a function that makes a Build of a Dockerfile's text."""
    return lambda text: Build(parse(text.encode()), DockerfileSettings())


@pytest.fixture
def lint_text(make_tree: Callable[[dict[str, str | bytes]], Tree]) -> Callable[..., Linted]:
    """Return a function that lints a Dockerfile's text; keywords are settings of the stage.

    Comments in the text make files: `# beside it: .env, src/app.py` and `# .dockerignore: *.md, .git`.
    """

    def run(text: str | bytes, **settings: object) -> Linted:
        content = text.encode() if isinstance(text, str) else text
        files = _files_beside(content.decode("latin-1"))
        context = BuildContext(open_tree(make_tree(files)), "Dockerfile") if files else BuildContext(None)
        return lint(content, "Dockerfile", "tree", DockerfileSettings(**settings), context, TODAY)  # type: ignore[arg-type]

    return run


@pytest.fixture
def rules_that_catch(lint_text: Callable[..., Linted]) -> Callable[[str], "Counter[str]"]:
    """Return a function that counts the findings of each rule in a Dockerfile; FROM is added to one that has none."""

    def run(text: str) -> "Counter[str]":
        whole = text if re.search("^FROM", text, re.MULTILINE | re.IGNORECASE) else f"FROM {TRUSTED}/image:1\n{text}"
        return Counter(finding.rule for finding in lint_text(whole, trusted_registries=(TRUSTED,)).findings)

    return run


def _files_beside(text: str) -> dict[str, str | bytes]:
    beside, ignored = _BESIDE.search(text), _IGNORED.search(text)
    files: dict[str, str | bytes] = {name.strip(): "x" for name in beside["names"].split(",")} if beside else {}
    if ignored:
        files[".dockerignore"] = "\n".join(pattern.strip() for pattern in ignored["patterns"].split(","))
    return files


@pytest.fixture
def commands_in() -> Callable[[str], tuple[SimpleCommand, ...]]:
    """Return a function that splits a shell script."""
    return lambda script: parse_script(JoinedText(script, (0,), ((1, 1),)))
