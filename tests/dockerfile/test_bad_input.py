"""Files that nobody should write: what is said of each, and that no change of a real one breaks anything."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.app.fixes.edits import apply, repair_of
from gate.core.errors import LimitError
from gate.core.source_text import decode
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.lint import MAX_SIZE, Linted, lint, lint_file
from gate.dockerfile.parser import parse
from gate.model import Tree

Lint = Callable[[str | bytes], Linted]
DAY = date(2026, 11, 24)
GOOD = "FROM debian:latest\nRUN sudo make\n"


def said(linted: Linted) -> list[tuple[str, int | None]]:
    return [(one.rule, one.location.line) for one in linted.findings]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "no instruction"),
        (b"\n\n# nothing\n", 1, "no instruction"),
        (b"\x7fELF\x02\x01\x01\0\0\0" * 20, 1, "does not begin with an instruction"),
        (b"RUN x\n", 1, "no FROM"),
        (b"FROM a:1\nRUN <<EOF\necho\n", 2, "a heredoc has no end"),
        (b"FROM a:1\nFETCH x\n", 2, "there is no instruction FETCH"),
        (b"# escape=x\nFROM a:1\n", 1, "escape directive"),
    ],
    ids=["empty", "comments", "binary", "no stage", "unterminated heredoc", "unknown instruction", "directive"],
)
def test_what_docker_refuses_is_told_with_its_line(lint_text: Lint, content: bytes, line: int, words: str) -> None:
    (found, *_) = [one for one in lint_text(content).findings if one.rule == "DL1000"]
    assert (found.location.line, words in found.message) == (line, True)


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(),
        GOOD.encode() + b"# caf\xe9\n",
        GOOD.encode().rstrip(b"\n"),
    ],
    ids=["CRLF", "BOM", "BOM and CRLF", "Latin-1", "no last line end"],
)
def test_line_ends_and_encoding_change_nothing(lint_text: Lint, content: bytes) -> None:
    assert said(lint_text(content)) == said(lint_text(GOOD))


def test_a_file_beyond_the_bound_is_an_error_and_one_at_the_bound_is_read(
    make_tree: Callable[[dict[str, str | bytes]], Tree],
) -> None:
    full = GOOD.encode().ljust(MAX_SIZE, b"#")
    tree = make_tree({"Dockerfile": full, "more.Dockerfile": full + b"#"})
    assert lint_file("Dockerfile", tree, DockerfileSettings(), DAY).instructions == 2
    with pytest.raises(LimitError, match="at most 1,048,576"):
        lint_file("more.Dockerfile", tree, DockerfileSettings(), DAY)


@pytest.mark.one_python
def test_a_hundred_thousand_continuations_are_one_instruction(lint_text: Lint) -> None:
    linted = lint_text("FROM a:1\nRUN true" + " \\\n  && true" * 100_000 + " \\\n  && sudo x\n")
    assert linted.instructions == 2
    assert ("DL3004", 100_003) in said(linted)


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("FROM a:1 AS one\nCOPY --from=one /a /b\n", "DL3023", 2),
        ("FROM a:1 AS one\nCOPY --from=0 /a /b\n", "DL3023", 2),
        ("FROM a:1 AS one\nCOPY --from=two /a /b\nFROM one AS two\n", "DL3022", 2),
        ("FROM a:1 AS one\nCOPY --from=1 /a /b\nFROM a:1\nCOPY --from=0 /a /b\n", "DL3022", 2),
        ("FROM a:1\nCOPY --from=missing /a /b\n", "DL3022", 2),
        ("FROM a:1\nCOPY --from=7 /a /b\n", "DL3022", 2),
    ],
    ids=["itself", "its number", "a cycle", "a cycle of numbers", "missing", "missing number"],
)
def test_a_from_that_leads_nowhere_is_told(lint_text: Lint, text: str, rule: str, line: int) -> None:
    assert (rule, line) in said(lint_text(text))


REAL = [path.read_bytes() for path in sorted(Path(__file__).parents[2].glob("examples/**/*ockerfile*"))]
REAL += [
    b"# syntax=docker/dockerfile:1\nARG V=3.12\nFROM python:${V}-slim AS build\nRUN apt-get update \\\n    # why\n"
    b"    && apt-get install -y curl=8.* \\\n    && rm -rf /var/lib/apt/lists/*\nCOPY --chown=app:app . /srv\n"
    b"RUN --mount=type=cache,target=/root/.cache <<EOF\n  pip install -r requirements.txt\nEOF\n"
    b'FROM build\nENV A="b c" D=$V\nHEALTHCHECK --interval=5s CMD curl -f http://localhost || exit 1\nUSER app\n'
    b'ONBUILD RUN sh -c "cd /x; make"\nLABEL a=b\nENTRYPOINT ["python", "-m", "app"]\n'
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real Dockerfile in which pieces are cut, repeated, moved or replaced."""
    content = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(1, 4))):
        start, other = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        piece = content[start : min(other, start + 80)]
        new = draw(st.sampled_from([b"", piece * 2, b"\\\n", b"\n", b"<<E ", b'"', b"'", b"$(", b"${", b"\0", b"\xff"]))
        content = content[:start] + new + content[start + len(piece) :]
    return content


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_no_mutation_of_a_real_file_breaks_anything(content: bytes) -> None:
    linted = lint(content, "Dockerfile", "tree", DockerfileSettings(trusted_registries=("r.example",)))
    assert msgspec.msgpack.encode(linted)
    lines = len(content.split(b"\n"))
    assert all(1 <= (one.location.line or 1) <= lines for one in linted.findings)
    assert bool(parse(content).problems) is any(one.rule == "DL1000" for one in linted.findings)
    source = decode(content)
    mended = apply(source.text, filter(None, map(repair_of, linted.findings)), source.line_end)
    assert isinstance(lint(mended.text.encode(), "Dockerfile", "tree", DockerfileSettings()), Linted)
