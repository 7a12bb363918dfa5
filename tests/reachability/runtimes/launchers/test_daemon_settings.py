"""What xinetd, inetd, monit and webhook start by their settings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

TREE = {"!bin/sh": "", "!bin/job": "", "!bin/stream": ""}
SERVICE = "service x\n{\n    socket_type = stream\n    server = /bin/%s\n    server_args = %s\n    disable = %s\n}\n"
HOOK = '[{"id": "x", "execute-command": "%s", "pass-arguments-to-command": [{"source": "%s", "name": "%s"}]}]'


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({"etc/xinetd.conf": SERVICE % ("job", "-a", "no")}, "xinetd -dontfork"),
        (
            {"app/x.conf": "defaults\n{\n}\nincludedir x.d\n", "app/x.d/y": SERVICE % ("job", "", "no")},
            "xinetd -f x.conf",
        ),
        ({"etc/inetd.conf": "http stream tcp nowait root /bin/job job -i\n"}, "inetd -i"),
        ({"srv/i.conf": "# all\nhttp stream tcp nowait.9 root /bin/job job\n"}, "inetd /srv/i.conf"),
        ({"etc/monitrc": 'check process x with pidfile /run/x\n  start program = "/bin/job -a"\n'}, "monit -I"),
        ({"etc/monit/monitrc": "include /etc/m.d/*\n", "etc/m.d/x": "check program x with path '/bin/job'\n"}, "monit"),
        ({"app/rc": "check process x pidfile /run/x start /bin/job\n"}, "monit -I -c rc"),
        ({"etc/monitrc": 'check process x pidfile /x\n  start "/bin/sh -c \\"job -a\\""\n'}, "monit"),
        ({"etc/xinetd.conf": SERVICE % ("sh", "/app/x\n env += D=/bin", "no"), "app/x": "$D/job\n"}, "xinetd"),
        ({"app/hooks.json": HOOK % ("/bin/job", "payload", "x")}, "webhook -hooks hooks.json"),
        ({"srv/h.json": HOOK % ("job", "payload", "x")}, "webhook -hooks=/srv/h.json"),
        ({"srv/h.json": HOOK % ("/bin/sh", "string", "/app/x"), "app/x": "job\n"}, "webhook --hooks /srv/h.json"),
        ({"app/h.yaml": "- id: x\n  execute-command: /bin/job\n"}, "webhook -hooks h.yaml"),
    ],
)
def test_what_settings_list_is_started(run, settings, command):
    tree = {**TREE, **settings, f"!bin/{command.split()[0]}": ""}
    found = run(tree, command, PATH="/bin")
    assert "bin/job" in found.certain
    assert not found.gaps
    assert "bin/stream" not in {**found.certain, **found.possible}


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({"etc/xinetd.conf": SERVICE % ("job", "", "yes")}, "xinetd"),
        ({"etc/monitrc": "check process x with pidfile /run/x\n  stop program = '/bin/job -a'\n"}, "monit"),
        ({"etc/monitrc": "check host x address y\n  if failed then exec /bin/job\n"}, "monit"),
    ],
)
def test_what_may_be_asked_for_is_possible(run, settings, command):
    found = run({**TREE, **settings, f"!bin/{command}": ""}, command, PATH="/bin")
    assert "bin/job" in found.possible


@pytest.mark.parametrize("command", ["xinetd", "inetd", "monit -I", "webhook -hooks x.json -template"])
def test_settings_that_are_not_there_are_a_gap(run, command):
    assert run({**TREE, f"!bin/{command.split()[0]}": ""}, command, PATH="/bin").gaps


def test_what_a_request_gives_is_a_gap(run):
    """A shell that is given what only a request says runs anything."""
    tree = {**TREE, "!bin/webhook": "", "app/hooks.json": HOOK % ("/bin/sh", "payload", "x")}
    assert run(tree, "webhook -hooks=hooks.json", PATH="/bin").gaps
    variable = "- execute-command: /app/x\n  pass-environment-to-command: [{source: payload, name: x, envname: X}]\n"
    tree |= {"!app/x": "#!/bin/sh\nexec $X\n", "app/hooks.json": variable}
    assert run(tree, "webhook -hooks=hooks.json", PATH="/bin").gaps


def test_a_program_that_is_only_called_webhook_is_no_launcher(run):
    assert not run({**TREE, "!bin/webhook": ""}, "webhook --port 80", PATH="/bin").gaps


@given(st.text(alphabet="[]{}=:'\"/# \nserviceproamtx-", max_size=80))
def test_any_settings_are_read(text):
    names = {"xinetd": "etc/xinetd.conf", "inetd": "etc/inetd.conf", "monit": "etc/monitrc", "webhook": "hooks.json"}
    tree = {**TREE, **{f"!bin/{name}": "" for name in names}, **dict.fromkeys(names.values(), text)}
    words = ("-hooks", "hooks.json")
    starts = [StartedProgram(program=f"/bin/{name}", arguments=words, because=Because("", "starts")) for name in names]
    assert {f"bin/{name}" for name in names} <= set(explore(starts, Files(SmallTree(tree))).certain)
