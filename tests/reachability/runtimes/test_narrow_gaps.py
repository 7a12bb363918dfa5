"""What is no launcher leaves no other package unknown (`code`, `own_texts`, `given`)."""

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states

PERL = {
    "!usr/bin/perl": make_elf(calls="execvp"),
    "!usr/bin/plackup": "#!/usr/bin/perl\nprint 1;\n",
    "var/lib/dpkg/info/idle.list": "/usr/bin/idle\n/usr/bin/plackup\n/usr/bin/perl\n",
}
SUPERVISOR = '[program:x]\ncommand=/bin/sh -c "while true; do /usr/bin/idle; done"\n'


@pytest.mark.parametrize(
    ("start", "files"),
    [
        ("plackup /app/app.psgi", {**PERL, "!app/app.psgi": "#!/usr/bin/env perl\nuse Shop;\n"}),
        ("supervisord", {"!usr/bin/supervisord": make_elf(calls="execvp"), "etc/supervisord.conf": SUPERVISOR}),
        ("own /app/x.yaml", {"!usr/bin/own": make_elf(), "app/x.yaml": 'run: [sh, -c, "while idle; do idle; done"]\n'}),
        ("own /app", {"!usr/bin/own": make_elf(), "app/r.git/hooks/pre-commit.sample": "#!/bin/sh\nmemcached\n"}),
    ],
)
def test_no_gap_is_left(start, files):
    found = states({**TREE, **files}, Runtime(cmd=start.split(), env=["PATH=/usr/bin:/bin"]))
    assert found["memcached"].in_use is InUse.NO


@pytest.mark.parametrize(
    ("start", "files"),
    [
        ("plackup memcached", PERL),
        ("plackup idle", PERL),
        ("own /app/x.yaml", {"!usr/bin/own": make_elf(), "app/x.yaml": 'run: [sh, -c, "while $X; do $X; done"]\n'}),
        (
            "own /app/x.yaml",
            {"!usr/bin/own": make_elf(), "app/x.yaml": 'run: [sh, -c, "while memcached; do x; done"]\n'},
        ),
    ],
)
def test_what_may_be_started_is_still_unknown(start, files):
    found = states({**TREE, **files}, Runtime(cmd=start.split(), env=["PATH=/usr/bin:/bin"]))
    assert found["memcached"].in_use is not InUse.NO
