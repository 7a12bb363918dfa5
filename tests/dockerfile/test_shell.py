"""The shell splitter: commands, words, pipes, groups, substitutions, and what wrappers run."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.dockerfile.build import Build
from gate.dockerfile.shell import SimpleCommand, parse_script
from gate.dockerfile.text import JoinedText
from tests.hangs import must_end

Split = Callable[[str], tuple[SimpleCommand, ...]]


@pytest.mark.parametrize(
    ("script", "commands"),
    [
        ("a && b || c; d & e", ["a", "b", "c", "d", "e"]),
        ("a 'b c' \"d e\" f\\ g", ["a|b c|d e|f g"]),
        ("A=1 B=2 make -j", ["make|-j"]),
        ("a | b |& c", ["a", "b", "c"]),
        ("a > f 2>&1 < g", ["a"]),
        ("a\nb\\\n c", ["a", "b|c"]),
        ("a # b\nc#d", ["a", "c#d"]),
        ("(a; b) && { c; }", ["a", "b", "c"]),
        ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
        ("for x in 1 2; do a $x; done", ["a|$x"]),
        ("while a; do b; done", ["a", "b"]),
        ("case $x in a|b) c ;; *) d;; esac; e", ["c", "d", "e"]),
        ("f() { a; }; f", ["a", "f"]),
        ("a $(b c) `d`", ["b|c", "d", "a|$(…)|$(…)"]),
        ('a "$(b "$(c)")"', ["c", "b|$(…)", "a|$(…)"]),
        ("a <(b)", ["b", "a|$(…)"]),
        ("cat <<E > f\ncurl | sh\nE\nls", ["cat", "ls"]),
        ("a $((1 + 2)) ${X:-b c}", ["a|$((1 + 2))|${X:-b c}"]),
        ("! a; time b", ["a", "b"]),
    ],
)
def test_script_is_split_into_simple_commands(commands_in: Split, script: str, commands: list[str]) -> None:
    assert ["|".join(word.text for word in one.words) for one in commands_in(script)] == commands


def test_places_in_pipelines_and_groups(commands_in: Split) -> None:
    inner, reader, last = commands_in("{ curl x; } | sh; a")
    assert inner.spot.inside is not None
    assert (inner.spot.inside.pipeline, inner.spot.inside.place) == (reader.spot.pipeline, 0)
    assert (reader.spot.place, last.spot.place, last.spot.inside) == (1, 0, None)


def test_a_pipeline_goes_on_behind_a_line_that_ends_with_its_sign(commands_in: Split) -> None:
    first, reader, last = commands_in("curl x | # why\n\n  sh\na")
    assert (first.spot.pipeline, reader.spot.place) == (reader.spot.pipeline, 1)
    assert last.spot.place == 0


def test_words_know_where_they_are(commands_in: Split) -> None:
    (command,) = commands_in("ab 'c d' e")
    assert [(word.start, word.end) for word in command.words] == [(0, 2), (3, 8), (9, 10)]


@pytest.mark.parametrize(
    ("instruction", "programs"),
    [
        ("RUN sudo -u root env A=1 make", ["sudo", "env", "make"]),
        ("RUN timeout -k 5 10 make", ["timeout", "make"]),
        ("RUN sh -c 'a && b'", ["sh", "a", "b"]),
        ("RUN bash -euxc \"sh -c 'a'\"", ["bash", "sh", "a"]),
        ("RUN eval 'a; b'", ["eval", "a", "b"]),
        ('RUN ["sh", "-c", "a && b"]', ["sh", "a", "b"]),
        ("RUN <<E\na\nb\nE", ["", "a", "b"]),
        ("RUN <<E\n#!/usr/bin/env python3\na\nE", [""]),
        ("RUN <<E\n#!/bin/bash\na\nE", ["", "a"]),
        ("RUN bash -e <<E\na\nE", ["bash", "a"]),
        ("RUN cat <<E > f\na\nE", ["cat"]),
        ("RUN /usr/bin/curl x", ["curl"]),
        ("HEALTHCHECK CMD curl x", ["curl"]),
        ("ONBUILD RUN a", ["a"]),
        ('SHELL ["powershell"]\nRUN a', []),
        ('SHELL ["/bin/bash", "-c"]\nRUN a', ["a"]),
    ],
)
def test_commands_are_seen_through_wrappers_and_heredocs(
    build_of: Callable[[str], Build], instruction: str, programs: list[str]
) -> None:
    build = build_of(f"FROM a\n{instruction}\n")
    assert [command.program for step in build.steps() for command in step.commands] == programs


def test_command_in_a_heredoc_stands_at_its_own_line(build_of: Callable[[str], Build]) -> None:
    *_, last = list(build_of("FROM a\nRUN <<E\n\n  curl x\nE\n").steps())[-1].commands
    assert last.hit("").span == ((4, 3), (4, 9))


def test_command_inside_quotes_stands_at_its_own_column(build_of: Callable[[str], Build]) -> None:
    *_, last = list(build_of("FROM a\nRUN x \\\n  && sh -c 'a; b c'\n").steps())[-1].commands
    assert last.hit("").span == ((3, 16), (3, 19))


@pytest.mark.parametrize(
    "script",
    ["$(" * 100_000, '"$(' * 100_000, "{ " * 100_000 + ")" * 100_000, "case x in " * 50_000, "a <<B\n" * 50_000],
    ids=["substitutions", "quoted", "groups", "cases", "heredocs"],
)
def test_hostile_nesting_takes_linear_time(commands_in: Split, script: str) -> None:
    with must_end():
        commands_in(script)


PIECES = ["if ", "fi", "; ", "{ ", "}", "(", ")", "`", "$(", '"', "'", "a ", "|", "\n", "case ", "in ", "esac", ";;"]
MORE = ["for ", "do ", "done", "<<E", "\\", "<(", "a=(", "f() ", "# ", ">", "${", "sh -c "]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES + MORE), max_size=14).map("".join))
def test_no_script_raises_and_words_stand_in_it(script: str) -> None:
    for command in parse_script(JoinedText(script, (0,), ((1, 1),))):
        for word in command.words:
            assert 0 <= word.start <= word.end <= len(script)
