"""Defaults that a script gives by a test of a variable."""

import pytest

TREE = {"!bin/sh": "", "!usr/bin/one": "", "!usr/bin/two": "", "etc/one.sh": "one\n"}


@pytest.mark.parametrize(
    "script",
    [
        '[ -z "$MODE" ] && MODE=one\nexec $MODE',
        'test -z "$MODE" && MODE="one"\nexec $MODE',
        '[ -n "$MODE" ] || MODE=one\nexec $MODE',
        'if [ -z "${MODE}" ]; then MODE=one; fi\nexec "$MODE"',
        'test -z "$FILE" && FILE=/etc/one.sh\nif test -f $FILE; then\n  . $FILE\nfi',
    ],
)
def test_a_default_counts_as_the_one_of_a_parameter_does(run, script):
    found = run(TREE | {"!app/run": f"#!/bin/sh\n{script}\n"}, "/app/run")
    assert "usr/bin/one" in found.certain
    assert not found.gaps


@pytest.mark.parametrize(
    "script",
    [
        '[ -z "$MODE" ] && OTHER=one\nexec $MODE',
        '[ -n "$MODE" ] && MODE=one\nexec $MODE',
        '[ -z "$MODE" ] && MODE=$(date)\nexec $MODE',
        'MODE=$(date)\n[ -z "$MODE" ] && MODE=one\nexec $MODE',
        '[ -n "$MODE" ] && exec $MODE\nexec one',
        'if [ -z "$MODE" ]; then MODE=one; two; fi\nexec $MODE',
    ],
)
def test_what_is_more_or_less_than_a_default_is_no_default(run, script):
    assert run(TREE | {"!app/run": f"#!/bin/sh\n{script}\n"}, "/app/run").gaps


def test_a_variable_that_is_set_keeps_its_value(run):
    tree = TREE | {"!app/run": '#!/bin/sh\n[ -z "$MODE" ] && MODE=one\nexec $MODE\n'}
    found = run(tree, "/app/run", MODE="two")
    assert "usr/bin/two" in found.certain
    assert "usr/bin/one" not in found.certain
