"""The parser: positions, forms, directives, heredocs, problems, bytes of every kind, linear time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.dockerfile.parser import parse
from gate.dockerfile.syntax import Instruction
from tests.hangs import must_end


def only(text: str | bytes) -> Instruction:
    """Return the last instruction of a Dockerfile without problems."""
    dockerfile = parse(text.encode() if isinstance(text, str) else text)
    assert dockerfile.problems == ()
    return dockerfile.instructions[-1]


def problems(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in parse(text.encode()).problems]


def test_continuation_lines_are_joined_and_keep_their_places() -> None:
    run = only("FROM a\nRUN one \\\n# comment\n\n  two\n")
    assert (run.text, run.line, run.end_line) == ("RUN one   two", 2, 5)
    at = run.source.content.index("two")
    assert run.span(at, at + 3) == ((5, 3), (5, 6))


def test_escape_directive_makes_the_backtick_continue_lines() -> None:
    run = only("# escape=`\nFROM a\nRUN dir C:\\ `\n  /s\n")
    assert run.values == ("dir C:\\   /s",)


def test_double_backslash_does_not_continue_a_line() -> None:
    assert len(parse(b"FROM a\nRUN a\\\\\nRUN b\n").instructions) == 3


def test_json_form_and_what_only_looks_like_it() -> None:
    assert only('FROM a\nCMD ["a b", "c\\n"]').values == ("a b", "c\n")
    assert only('FROM a\nCMD ["a b", "c"]').is_exec
    assert only("FROM a\nCMD [ 'a' ]").values == ("[ 'a' ]",)
    assert not only('FROM a\nCMD ["a"] b').is_exec  # BuildKit since 0.15 (pull request 5107)


def test_flags_come_without_quotes_and_with_places() -> None:
    run = only('FROM a\nRUN --mount=type=bind,target="/a b" --network=none make --all')
    assert [str(flag) for flag in run.flags] == ["--mount=type=bind,target=/a b", "--network=none"]
    assert run.values == ("make --all",)
    assert run.span(run.flags[1].start, run.flags[1].end) == ((2, 37), (2, 51))


def test_environment_pairs_in_both_forms() -> None:
    assert only("FROM a\nENV a=b c='d e'").values == ("a", "b", "c", "'d e'")
    assert only("FROM a\nENV a b  c").values == ("a", "b  c")


def test_heredocs_on_one_line() -> None:
    run = only('FROM a\nCOPY <<A <<-"B" /x\none\nA\n\ttwo $x\n\tB\n')
    assert [(one.name, one.is_expanded, one.body.content) for one in run.heredocs] == [
        ("A", True, "one\n"),
        ("B", False, "\ttwo $x\n"),
    ]
    assert run.end_line == 6
    assert run.heredocs[1].body.position(1) == (5, 2)


def test_onbuild_holds_an_instruction_with_its_heredoc() -> None:
    onbuild = only("FROM a\nONBUILD RUN --network=none <<E\nx\nE\n")
    assert onbuild.inner is not None
    assert (onbuild.inner.name, onbuild.inner.heredocs[0].body.content) == ("RUN", "x\n")


def test_arg_before_from_and_named_stages() -> None:
    dockerfile = parse(b"ARG V=1\nFROM --platform=linux/amd64 a:$V AS b\nFROM b\n")
    assert [one.values for one in dockerfile.instructions] == [("V=1",), ("a:$V", "AS", "b"), ("b",)]
    assert dockerfile.problems == ()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"\xef\xbb\xbfFROM a\r\nRUN x \\\r\n y\r\n", "utf-8-sig"),
        (b"FROM a\nRUN echo \xe9\n", "latin-1"),
        (b"FROM a\nRUN echo \0\n", "utf-8"),
    ],
)
def test_any_bytes_are_read(content: bytes, encoding: str) -> None:
    dockerfile = parse(content)
    assert (dockerfile.encoding, len(dockerfile.instructions), dockerfile.problems) == (encoding, 2, ())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no instruction"),
        ("RUN x\n", 1, "no FROM"),
        ("RUN x\nFROM a\n", 1, "before the first FROM"),
        ("FROM a\nFETCH x\n", 2, "no instruction FETCH"),
        ("FROM a\n<html>\n", 2, "does not begin with an instruction"),
        ("FROM a\nRUN <<EOF\nx\n", 2, "heredoc has no end"),
        ("# escape=x\nFROM a\n", 1, "escape directive"),
        ("# escape=`\n# escape=`\nFROM a\n", 2, "twice"),
        ('FROM a\nCMD ["a", 1]\n', 2, "strings only"),
        ("FROM a\nENV a=b c\n", 2, "name=value"),
        ("FROM a\nENV a\n", 2, "without a value"),
        ("FROM a b\n", 1, "FROM takes"),
        ("FROM a AS 1x\n", 1, "name of the build stage"),
        ("FROM a\nCOPY x\n", 2, "too few arguments"),
        ("FROM a\nSHELL bash\n", 2, "JSON array"),
        ("FROM a\nHEALTHCHECK x\n", 2, "NONE, or CMD"),
        ("FROM a\nONBUILD ONBUILD RUN x\n", 2, "cannot hold ONBUILD"),
        ("FROM a\nONBUILD FROM x\n", 2, "cannot hold FROM"),
    ],
)
def test_what_docker_refuses_is_a_problem_at_its_line(text: str, line: int, words: str) -> None:
    assert [(number, words in message) for number, message in problems(text)] == [(line, True)]


def test_what_can_be_read_is_returned_beside_a_problem() -> None:
    dockerfile = parse(b"FROM a\nFETCH x\nRUN chmod 777 /\nRUN <<EOF\nUSER b\n")
    assert [one.name for one in dockerfile.instructions] == ["FROM", "RUN", "RUN", "USER"]
    assert len(dockerfile.problems) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"FROM a\nRUN x " + b"\\\n && echo foo bar" * 100_000,
        b"FROM a\n" + b"".join(b"RUN <<E%d\n" % number for number in range(20_000)),
        b"FROM a\nRUN <<A " + b'"a\\"' * 500_000 + b"\nA\n",
        b"FROM a\nENV " + b'"\\' * 500_000,
        b"FROM a\nCMD " + b"[" * 500_000,
        b"FROM a\n" + b"ONBUILD " * 200_000,
    ],
    ids=["continuations", "lost heredocs", "quotes", "escapes", "nested arrays", "onbuild"],
)
def test_hostile_sizes_take_linear_time(content: bytes) -> None:
    with must_end():
        parse(content)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["FROM a", "RUN x", "ENV a=b", " ", "\t", "\\", "\n", "<<E", "E", "#", '"', "é"])))
def test_every_argument_stands_where_it_says(parts: list[str]) -> None:
    text = "".join(parts)
    lines = text.split("\n")
    for instruction in parse(text.encode()).instructions:
        for word in instruction.arguments:
            (line, column), (end_line, end_column) = instruction.span(word.start, word.end)
            if line == end_line and not instruction.is_exec:
                assert lines[line - 1][column - 1 : end_column - 1].startswith(word.text)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    parse(content)
    parse(b"FROM a\nRUN " + content)
