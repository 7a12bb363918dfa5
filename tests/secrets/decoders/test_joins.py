"""Where pieces of a text meet, and where their meeting matters."""

import pytest

from gate.secrets.decoders.joins import may_meet


@pytest.mark.parametrize(
    ("text", "meets"),
    [
        ('"ghp_"\n"abc"', True),
        ('"first\\n"\n"second"', False),
        ('"C:\\\\n"\n"second"', True),  # a backslash, and a letter
        ('"-----BEGIN "\n"MIIE\\n"\n"abcd"', True),
        ('["ghp_\\n", "abc"].join("")', True),
    ],
)
def test_a_written_line_end_parts_all_but_keys(text: str, meets: bool) -> None:
    utf8 = text.encode()
    assert may_meet(utf8, len(utf8) - 1) == meets
