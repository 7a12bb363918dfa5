"""What the tests of Dockerfiles share."""

from collections.abc import Callable

import pytest

from gate.dockerfile.build import Build
from gate.dockerfile.lint import Linted, lint
from gate.dockerfile.parser import parse
from gate.dockerfile.shell import SimpleCommand, parse_script
from gate.dockerfile.text import Text
from gate.settings import DockerfileSettings


@pytest.fixture
def build_of() -> Callable[[str], Build]:
    """Return a function that makes a Build of a Dockerfile's text."""
    return lambda text: Build(parse(text.encode()), DockerfileSettings())


@pytest.fixture
def lint_text() -> Callable[..., Linted]:
    """Return a function that lints a Dockerfile's text; keywords are settings of the stage."""

    def run(text: str | bytes, **settings: object) -> Linted:
        content = text.encode() if isinstance(text, str) else text
        return lint(content, "Dockerfile", "tree", DockerfileSettings(**settings))  # type: ignore[arg-type]

    return run


@pytest.fixture
def commands_in() -> Callable[[str], tuple[SimpleCommand, ...]]:
    """Return a function that splits a shell script."""
    return lambda script: parse_script(Text(script, (0,), ((1, 1),)))
