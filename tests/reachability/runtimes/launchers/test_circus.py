"""What Circus starts by its settings."""

import pytest

from tests.reachability.runtimes.launchers.test_supervisors import TREE


@pytest.mark.parametrize(
    ("settings", "is_certain"),
    [
        ({"app/c.ini": "[watcher:x]\ncmd = job\nargs = --all\n"}, True),
        ({"app/c.ini": "[circus]\ninclude = more/*.ini\n", "app/more/x.ini": "[watcher:x]\ncmd = job\n"}, True),
        ({"app/c.ini": "[circus]\ninclude_dir = /srv\n", "srv/x.ini": "[watcher:x]\ncmd = job\n"}, True),
        ({"app/c.ini": "[env]\nTOOL = job\n[watcher:x]\ncmd = $(circus.env.TOOL)\n"}, True),
        ({"app/c.ini": "[watcher:x]\ncmd = sh -c '$TOOL'\n[env:x]\nTOOL = job\n"}, True),
        ({"app/c.ini": "[watcher:x]\nworking_dir = /bin\ncmd = ./job\n"}, True),
        ({"app/c.ini": "[watcher:x]\nautostart = False\ncmd = job\n"}, False),
    ],
)
def test_watchers_are_started(run, settings, is_certain):
    found = run({**TREE, **settings, "!bin/circusd": ""}, "circusd --log-level info c.ini", PATH="/bin")
    assert ("bin/job" in found.certain) is is_certain
    assert is_certain or "bin/job" in found.possible


def test_python_may_be_given_the_script_first(run):
    tree = {**TREE, "!bin/python3": "", "!srv/circusd": "#!/bin/python3\n", "app/c.ini": "[watcher:x]\ncmd = job\n"}
    assert "bin/job" in run(tree, "python3 /srv/circusd c.ini", PATH="/bin").certain


@pytest.mark.parametrize("text", ["", "no settings", "[watcher:x]\ncmd = $(circus.env.TOOL) job\n"])
def test_what_cannot_be_read_is_a_gap(run, text):
    found = run({**TREE, "app/c.ini": text, "!bin/circusd": ""}, "circusd c.ini", PATH="/bin")
    assert found.gaps
