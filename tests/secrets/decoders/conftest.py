from collections.abc import Callable
from types import ModuleType

import pytest

from gate.secrets.engine.text import decode

Read = Callable[[ModuleType, str], list[tuple[int, str]]]


@pytest.fixture(scope="session")
def read() -> Read:
    """A function that returns what a form reads in a text: each line, and the file's line that it comes from first."""

    def lines_of(form: ModuleType, content: str) -> list[tuple[int, str]]:
        text = decode(content.encode())
        assert text is not None
        return [
            (one.line_of(number), line)
            for one in form.parts(text, "a")
            for number, line in enumerate(one.text.content.split("\n"), 1)
        ]

    return lines_of
