"""Programs that start what their settings list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

TREE = {"!bin/sh": "", "!bin/job": ""}


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({"etc/cron.d/x": "# every hour\nMAILTO=x\n0 * * * * root job --all\n"}, "cron -f"),
        ({"etc/crontab": "@daily root job\n"}, "crond"),
        ({"etc/crontab": "PATH = /srv:/bin\n* * * * * root own | true\n", "!srv/own": "#!/bin/sh\njob\n"}, "cron"),
        ({"etc/cron.d/x": "* * * * * root job \\%x%input\n"}, "cron"),
        ({"app/tab": "*/5 * * * * job\n"}, "supercronic -debug tab"),
        ({"app/Procfile": "# all\nweb: exec job --port $PORT\n"}, "honcho start"),
        ({"app/Procfile": "web: job\nother: none\n"}, "foreman start web"),
        ({"app/Procfile": "web: $TOOL\n", "app/.env": "TOOL='job'\n"}, "honcho start --no-prefix"),
        ({"srv/Procfile.dev": "web: job\n"}, "honcho start -f Procfile.dev -d /srv"),
        ({"app/Procfile": "web: job\n"}, "hivemind"),
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
        (
            {"app/s.conf": "[program:job]\ncommand=%(ENV_PATH)s/%(program_name)s\n"},
            "supervisord --configuration=s.conf",
        ),
        (
            {"srv/s.conf": "[program:x]\ndirectory=%(here)s\nenvironment=P=\"/bin\",Q=1\ncommand=sh -c '$P/job'\n"},
            "supervisord -c /srv/s.conf",
        ),
        (
            {
                "etc/systemd/system/multi-user.target.wants/x.service": "-> /usr/lib/systemd/system/x.service",
                "usr/lib/systemd/system/x.service": "[Unit]\nRequires=y@one.service\n",
                "usr/lib/systemd/system/y@.service": "Environment=A=/bin\nExecStart=-sh -c \\\n 'exec ${A}/job %i'\n",
            },
            "systemd",
        ),
        ({"!srv/x/run": "#!/bin/sh\nexec job\n"}, "runsvdir -P /srv"),
        ({"!app/services/x/run": "#!/bin/sh\nexec job\n"}, "s6-svscan services"),
        ({"!etc/services.d/x/run": "#!/bin/sh\nexec job\n"}, "s6-svscan /etc/services.d"),
        ({"!srv/x/run": "#!/bin/sh\nexec job\n"}, "s6-svscan -t 0 /srv"),
        ({"!app/x/run": "#!/bin/sh\nexec job\n"}, "s6-svscan"),
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


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({"app/s.conf": "[program:x]\ncommand=job\nautostart=false\n"}, "supervisord -c s.conf"),
        ({"!srv/x/run": "#!/bin/sh\njob\n", "srv/x/down": ""}, "runsvdir /srv"),
        ({"!etc/s6-overlay/s6-rc.d/x/run": "#!/bin/sh\njob\n"}, "s6-svscan /none"),
        ({"!srv/.s6-svscan/finish": "#!/bin/sh\njob\n"}, "s6-svscan /srv"),
        (
            {
                "etc/systemd/system/timers.target.wants/x.timer": "[Timer]\nOnCalendar=daily\n",
                "usr/lib/systemd/system/x.service": "[Service]\nExecStart=/bin/job\n",
            },
            "systemd",
        ),
    ],
)
def test_what_does_not_start_by_itself_may_be_started(run, settings, command):
    found = run({**TREE, **settings, f"!usr/sbin/{command.split()[0]}": ""}, command)
    assert "bin/job" in found.possible
    assert "bin/job" not in found.certain


def test_a_service_of_a_bundle_is_started_with_its_logger_and_one_that_is_not_executable_is_not(run):
    services = {
        "!etc/s6-overlay/s6-rc.d/x/run": "#!/bin/sh\njob\n",
        "etc/s6-overlay/s6-rc.d/user/contents.d/x": "",
        "!srv/y/run": "#!/bin/sh\n",
        "!srv/y/log/run": "#!/bin/sh\nlogger\n",
        "srv/z/run": "#!/bin/sh\nother\n",
    }
    programs = {"!bin/s6-svscan": "", "!bin/logger": "", "!bin/other": ""}
    found = run({**TREE, **services, **programs}, "s6-svscan /srv")
    assert {"bin/job", "bin/logger"} <= set(found.certain)
    assert "bin/other" not in {*found.certain, *found.possible}


def test_init_that_is_a_link_to_systemd_reads_units(run):
    unit = {"etc/systemd/system/multi-user.target.wants/x.service": "[Service]\nExecStart=/bin/job\n"}
    links = {"!usr/lib/systemd/systemd": "", "sbin/init": "-> /usr/lib/systemd/systemd"}
    assert "bin/job" in run({**TREE, **unit, **links}, "/sbin/init").certain


def test_a_script_named_init_is_followed_and_lists_nothing(run):
    found = run({**TREE, "!init": "#!/bin/sh\nexec job --now\n", "!bin/sh": ""}, "/init", PATH="/bin")
    assert "bin/job" in found.certain
    assert not found.gaps


def test_a_program_that_is_given_the_bare_name_of_a_launcher_is_none(run):
    tree = {**TREE, "!bin/false": "", "!bin/python3": "", "!srv/supervisord": "#!/bin/python3\n"}
    assert not run(tree, "false init", PATH="/bin").gaps
    assert "settings" in " ".join(gap.message for gap in run(tree, "python3 /srv/supervisord", PATH="/bin").gaps)
