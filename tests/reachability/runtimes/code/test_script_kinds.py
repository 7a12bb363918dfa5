"""Which language a script is written in."""

import pytest

from gate.reachability.runtimes.code.script_kinds import language_of


@pytest.mark.parametrize(
    ("path", "content", "language"),
    [
        ("app/x.rb", b"", "ruby"),
        ("app/Gemfile", b"", "ruby"),
        ("app/config.ru", b"", "ruby"),
        ("root/.irbrc", b"", "ruby"),
        ("app/x.psgi", b"", "perl"),
        ("app/hook", b"#!/usr/bin/env ruby\n", "ruby"),
        ("app/hook", b"#!/usr/bin/lua5.4\n", "lua"),
        ("app/hook", b"#!/usr/bin/nodejs\n", "javascript"),
        ("app/page.tpl", b"<p><?php f(); ?>", "php"),
        ("app/hook", b"#!/bin/sh\n", None),
        ("app/x.txt", b"ruby", None),
    ],
)
def test_a_script_is_known_by_its_name_or_how_it_begins(path, content, language):
    assert language_of(path, content) == language
