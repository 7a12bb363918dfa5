"""Programs that start what their settings list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

TREE = {"!bin/sh": "", "!bin/job": ""}


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({"etc/cron.d/x": "# every hour\nMAILTO=x\n0 * * * * root job --all\n"}, "cron -f"),
        ({"etc/crontab": "@daily root job\n"}, "crond"),
        ({"etc/crontabs/root": "*/5 * * * * job\n"}, "crond -f"),
        ({"app/s.conf": "[program:x]\ncommand=job --all\n"}, "supervisord -n -c s.conf"),
        (
            {
                "etc/supervisor/supervisord.conf": "[include]\nfiles = conf.d/*.conf\n",
                "etc/supervisor/conf.d/x.conf": "[program:x]\ncommand=job\n",
            },
            "supervisord",
        ),
        ({"etc/systemd/system/multi-user.target.wants/x.service": "[Service]\nExecStart=-/bin/job\n"}, "systemd"),
        ({"!srv/x/run": "#!/bin/sh\nexec job\n"}, "runsvdir -P /srv"),
        ({"!app/services/x/run": "#!/bin/sh\nexec job\n"}, "s6-svscan services"),
        ({"!etc/services.d/x/run": "#!/bin/sh\nexec job\n"}, "s6-svscan /etc/services.d"),
    ],
)
def test_what_settings_list_is_started(run, settings, command):
    tree = {**TREE, **settings, f"!bin/{command.split()[0]}": ""}
    assert "bin/job" in run(tree, command, PATH="/bin").certain


def test_the_distributions_daily_chores_may_run_or_not(run):
    tree = {**TREE, "!etc/cron.daily/x": "#!/bin/sh\njob\n", "!bin/run-parts": ""}
    found = run(tree, "run-parts /etc/cron.daily", PATH="/bin")
    assert "bin/job" in found.possible
    assert "bin/job" not in found.certain


@given(st.text(alphabet="[]=:;%# \nabcommandprg@*", max_size=80))
def test_any_settings_are_read(text):
    tree = {**TREE, "!bin/supervisord": "", "!bin/cron": "", "supervisord.conf": text, "etc/crontab": text}
    starts = [StartedProgram(program=f"/bin/{name}", because=Because("", "starts")) for name in ("cron", "supervisord")]
    assert {"bin/cron", "bin/supervisord"} <= set(explore(starts, Files(SmallTree(tree))).certain)


@pytest.mark.parametrize("command", ["cron -f", "supervisord -n", "s6-svscan /none", "runsvdir /none", "systemd"])
def test_a_launcher_whose_settings_are_not_there_is_a_gap(run, command):
    """Else all that it starts would be taken for unused."""
    program = command.split()[0]
    assert run({**TREE, f"!usr/bin/{program}": ""}, command).gaps
