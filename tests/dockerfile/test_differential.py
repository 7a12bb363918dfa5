"""Our parser against Docker's own in Go (BuildKit 0.12, package `dockerfile`): instructions, lines, flags, arguments.

Three differences are meant: unknown instructions (Go keeps them, we say so), text behind a JSON array (a shell
form since BuildKit 0.15), and flags with bytes that are not ASCII (Go takes them apart byte by byte).
"""

import re
from typing import NamedTuple

import dockerfile as go
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gate.dockerfile.arguments import CUTTERS
from gate.dockerfile.parser import parse

pytestmark = pytest.mark.one_python


class Seen(NamedTuple):
    """One instruction, as both parsers can say it."""

    name: str
    line: int
    end_line: int
    flags: tuple[str, ...]
    values: tuple[str, ...]
    is_json: bool
    heredocs: tuple[tuple[str, str], ...]


def _by_go(text: str) -> list[Seen] | None:
    """Return what the Go parser sees, or None if it refuses the text."""
    try:
        commands = go.parse_string(text)
    except go.GoParseError:
        return None
    return [
        Seen(
            (one.cmd or "").upper(),
            one.start_line,
            one.end_line,
            one.flags,
            one.value,
            one.json,
            tuple((heredoc.name, heredoc.content) for heredoc in one.heredocs),
        )
        for one in commands
        if (one.cmd or "").upper() in CUTTERS
    ]


def _by_us(text: str) -> list[Seen]:
    return [
        Seen(
            one.name,
            one.line,
            one.end_line,
            tuple(map(str, one.flags)),
            (one.inner or one).values,
            (one.inner or one).is_exec,
            tuple((heredoc.name, heredoc.body.content) for heredoc in one.heredocs) if one.name != "ONBUILD" else (),
        )
        for one in parse(text.encode()).instructions
    ]


SNIPPETS = [
    "FROM debian:12\n",
    "ARG A=1\nFROM --platform=$BUILDPLATFORM golang:$A AS build\nFROM build\n",
    "FROM a\nRUN apt-get update \\\n # c\n\n && apt-get install -y x\n",
    'FROM a\nRUN ["a", "b\\u00e9"]\nCMD []\nENTRYPOINT [ "x" , "y" ]\n',
    "FROM a\nRUN --mount=type=cache,target=/x --network='none' -- make\n",
    "FROM a\nCOPY --from=b --chown=1:1 [\"a b\", \"c\"]\nADD a b c\n",
    "FROM a\nENV a=b c=\"d e\" f=g\\ h\nENV old  value  x\nLABEL \"x y\"='z'\n",
    "FROM a\nARG A B=c D='e f'\n",
    "FROM a\nHEALTHCHECK --interval=5s CMD curl x\nHEALTHCHECK NONE\nHEALTHCHECK CMD [\"a\"]\n",
    "FROM a\nONBUILD RUN --network=none x\nONBUILD COPY a b\n",
    "FROM a\nRUN <<A <<-B 3<<'C'\n1\nA\n\t2\n\tB\n$3\nC\nUSER x\n",
    "FROM a\nRUN cat <<EOF | sh; echo\nx\nEOF\n",
    "FROM a\nRUN echo \"<<EOF\" '<<B'\nUSER x\n",
    "FROM a\nRUN <<a\\ b\nz\na b\nRUN <<$X\nq\n$X\n",
    "# escape=`\nFROM a\nRUN dir `\n C:\\x\\\nUSER y\n",
    "# syntax=x\n# escape=`\nFROM a`\n:1\n",
    "# comment\n# escape=`\nFROM a\nRUN x\\\ny\n",
    "\ufeffFROM a\r\nRUN x \\\r\n  y\r\nRUN <<A\r\nq\r\nA\r\n",
    "FROM a\nEXPOSE 80 90/udp\nVOLUME /a /b\nVOLUME [\"/a\"]\nSTOPSIGNAL 9\nUSER a:b\nWORKDIR /a b\n",
    "FROM a\nRUN a\\\\\nUSER b\n",
    "FROM a\n\\\nRUN x\n\\\n",
    "FROM a\nMAINTAINER  a  b \nSHELL [\"a\",\"-c\"]\n",
    "from a\nrun x\n\tuser y\n",
    "FROM a\nRUN x \\ \t\ny\\\t\nz\n",
    "FROM a\nONBUILD --x RUN <<E\nb\nE\nRUN c\n",
]  # fmt: skip


@pytest.mark.parametrize("text", SNIPPETS)
def test_we_see_what_docker_sees(text: str) -> None:
    assert _by_us(text) == _by_go(text)


FRAGMENTS = [
    *(f"{name} " for name in CUTTERS),
    *("FROM a", "NONE", "CMD", "a", "b", "1", "/", "$X", "${X}", "é", " ", "  ", "\t", "\n", "\n", "\n", "\r\n", "\f"),
    *("\\\n", "\\", "\\ ", '\\"', "`", "`\n", "# c\n", "#", "# escape=`\n", '"', "'", "=", ",", "{", "}", "$(", ")"),
    *("--x", "--y=z", "--", "-", '["a"]', '["a","b"]', "[", "]", "<", ">", "&&", "|", ";"),
    *("<<E", "<<-E", '<<"E"', "<<'E'", "<<", "\nE\n", "\n\tE\n"),
]
_BEHIND_ARRAY = re.compile(r"\[[^\[\]\n]*\][^\n]*\S")
"""An escape behind an array counts too: it joins the array with what follows."""
_ODD_FLAG = re.compile(r"--[^\n]*é")


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14))
def test_we_see_what_docker_sees_in_mutations(parts: list[str]) -> None:
    text = "FROM x\n" + "".join(parts)
    joined = text.replace("\\\n", "").replace("`\n", "")
    assume(not _BEHIND_ARRAY.search(joined) and not _BEHIND_ARRAY.search(text) and not _ODD_FLAG.search(joined))
    assume("ONBUILD ONBUILD" not in joined)
    expected = _by_go(text)
    if expected is None:
        assert parse(text.encode()).problems
    else:
        names = {"ONBUILD"}
        assert [one for one in _by_us(text) if one.name not in names] == [
            one for one in expected if one.name not in names
        ]
