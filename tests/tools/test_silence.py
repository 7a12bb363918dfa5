"""An empty report is doubted where the program's status or words speak of a failure, which are not quoted."""

import pytest

from gate.tools.run import ProgramEnd
from gate.tools.silence import doubt


@pytest.mark.parametrize(
    "words",
    [
        b"ERROR cannot read a.py",
        b"2026-11-24 12:00:00 [ERROR] cannot read",
        b"info: fine\nFATAL out of memory\n",
        b"fatal: not a repository\n",
        b"error: no such file",
        b"Traceback (most recent call last):\n",
        b'Exception in thread "main" java.lang.Error\n',
        b'{"level":"error","msg":"x"}',
        b"time=1 level=fatal msg=x",
    ],
)
def test_a_failure_that_is_logged(words: bytes) -> None:
    found = doubt("tool", ProgramEnd(report=b"[]", words=words))
    assert found is not None
    assert found.title == "tool speaks of an error, and its report says nothing"
    assert words.decode().strip() not in found.title + found.message


@pytest.mark.parametrize(
    "words", [b"", b"0 errors\n", b"no error found\n", b"scanned errors.py\n", b'{"level":"info"}']
)
def test_words_that_are_no_failure(words: bytes) -> None:
    assert doubt("tool", ProgramEnd(report=b"[]", words=words)) is None


def test_a_status_other_than_zero() -> None:
    found = doubt("tool", ProgramEnd(report=b"[]", status=3))
    assert found is not None
    assert "tool ended with status 3" in found.title
