"""What is sourced from a home: `gate/reachability/runtimes/walk/home_folders.py`."""

import pytest

TREE = {
    "!bin/sh": "",
    "!bin/bash": "",
    "!usr/bin/one": "",
    "!usr/bin/two": "",
    "root/.env": "one\n",
    "srv/app/.env": "two\n",
    "etc/passwd": "root:x:0:0::/root:/bin/sh\napp:x:9:9::/srv/app:/bin/sh\nlame\n",
}


def started(found):
    return {name for name in ("one", "two") if f"usr/bin/{name}" in {**found.certain, **found.possible}}


@pytest.mark.parametrize(
    "line", [". ~/.env", '. "$HOME/.env"', "if [ -f ~/.env ]; then source ~/.env; fi", "cd /; . ~/.env"]
)
def test_the_file_of_each_home_is_followed(run, line):
    found = run({**TREE, "!app/start": f"#!/bin/bash\n{line}\n"}, "/app/start")
    assert started(found) == {"one", "two"}
    assert "usr/bin/one" in found.certain
    assert not found.gaps


@pytest.mark.parametrize(
    ("line", "programs"), [("HOME=/srv/app; . ~/.env", {"two"}), (". ~app/.env", {"two"}), (". ~root/.env", {"one"})]
)
def test_a_home_that_is_known_is_the_only_one(run, line, programs):
    found = run({**TREE, "!app/start": f"#!/bin/sh\n{line}\n"}, "/app/start")
    assert started(found) == programs
    assert not found.gaps


@pytest.mark.parametrize(
    "line",
    [
        ". ~/.none",
        ". ~other/.env",
        "HOME=$(date); . ~/.env",
        "read HOME; . ~/.env",
        'cp x "$(date)"; . ~/.env',
        "echo $(date) >> ~/.env; . ~/.env",
        ". ${HOME:-/x}/.env",
        ". $HOME/$(date)",
    ],
)
def test_a_home_or_file_that_is_not_known_is_a_gap(run, line):
    assert run({**TREE, "!app/start": f"#!/bin/sh\n{line}\n"}, "/app/start").gaps


def test_what_a_home_sets_holds_behind_it(run):
    tree = {
        **TREE,
        "root/.env": "TOOL=one\n",
        "srv/app/.env": "TOOL=two\n",
        "!app/start": "#!/bin/sh\n. ~/.env\n$TOOL\n",
    }
    assert started(run(tree, "/app/start")) == {"one", "two"}


@pytest.mark.parametrize(
    ("start", "programs"),
    [
        ("gosu app /app/start", {"two"}),
        ("su-exec root:app /app/start", {"one"}),
        ("gosu 99 /app/start", {"one", "two"}),
        ("su app -c /app/start", {"one", "two"}),
        ("su -m app -c /app/start", set()),
    ],
)
def test_a_wrapper_sets_the_home_of_the_user(run, start, programs):
    wrappers = {f"!bin/{name}": "" for name in ("gosu", "su-exec", "su")}
    tree = {**TREE, **wrappers, "opt/.env": ":\n", "!app/start": "#!/bin/sh\n. ~/.env\n"}
    assert started(run(tree, start, PATH="/usr/bin:/bin", HOME="/opt")) == programs
