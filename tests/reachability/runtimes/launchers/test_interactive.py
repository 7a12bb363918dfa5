"""Shells and interpreters without a script, which run what comes from the container's input."""

import pytest

TREE = {
    **dict.fromkeys((f"!usr/bin/{name}" for name in ("bash", "sh", "python3", "node", "psql", "nice", "true")), ""),
    "!app/start": '#!/bin/bash\nset -e\nexec "$@"\n',
    "!app/shell": '#!/bin/bash\n[ -n "$1" ] || exec bash\nexec "$@"\n',
    "bin": "-> usr/bin",
}


@pytest.mark.parametrize(
    "command",
    [
        "bash",
        "/app/start bash",
        "/app/shell",
        "sh -c 'exec bash'",
        "nice bash",
        "python3",
        "/app/start python3 -",
        "node",
    ],
)
def test_what_comes_from_the_container_s_input_may_start_anything(run, command):
    gaps = run(TREE, command).gaps
    assert any(gap.kind == "everything" and gap.reason == "reads commands from its input" for gap in gaps)


@pytest.mark.parametrize("command", ["bash -c true", "bash --version", "node -v", "sh -c 'bash < /dev/null'", "psql"])
def test_what_has_a_script_or_reads_none_is_no_gap(run, command):
    assert "reads commands from its input" not in [gap.reason for gap in run(TREE, command).gaps]
