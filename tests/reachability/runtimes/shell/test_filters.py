"""What filters make of a text that is known."""

import pytest

SHIM = """#!/bin/sh
basedir=$(dirname "$(echo "$0" | sed -e 's,\\\\,/,g')")
case `uname` in
    *CYGWIN*) basedir=`cygpath -w "$basedir"`;;
esac
if [ -x "$basedir/node" ]; then
  exec "$basedir/node"  "$basedir/../cli/cli.js" "$@"
else
  exec node  "$basedir/../cli/cli.js" "$@"
fi
"""


def test_a_command_as_pnpm_writes_it_starts_its_source(run):
    tree = {
        "!bin/sh": "",
        "!usr/bin/node": "",
        "!app/node_modules/.bin/cli": SHIM,
        "app/node_modules/cli/cli.js": "",
        **{f"!bin/{name}": "" for name in ("dirname", "sed", "uname")},
    }
    found = run(tree, "/app/node_modules/.bin/cli", PATH="/usr/bin:/bin")
    assert "app/node_modules/cli/cli.js" in found.certain
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("script", "program"),
    [
        ("s,x,a,", "aax"),
        ("s,x,a,g", "aaa"),
        ("s/x//", "ax"),
        ("s,[x],a,", None),
        ("s,x.,a,", None),
    ],
)
def test_a_text_that_sed_replaces_is_known_if_it_is_no_expression(run, script, program):
    tree = {"!bin/sh": "", "!bin/sed": "", **{f"!bin/{name}": "" for name in ("aax", "aaa", "ax")}}
    found = run(tree, f"""sh -c "exec $(echo axx | sed '{script}')\"""", PATH="/bin")
    started = {path.removeprefix("bin/") for path in found.certain} - {"sh", "sed"}
    assert started == ({program} if program else set())
