"""Programs that start the command behind their options."""

import pytest


@pytest.mark.parametrize(
    "command",
    [
        "tini -g -- app",
        "dumb-init app --serve",
        "gosu www app",
        "su-exec www:www app",
        "env -u HOME LANG=C app",
        "nice -n 5 app",
        "timeout -k 5 10 app",
        "setpriv --reuid 5 --clear-groups app",
        "su -s /bin/sh www -c 'exec app'",
        "tini -- gosu www nice app",
    ],
)
def test_the_wrapped_program_is_started(run, command):
    wrappers = ("tini", "dumb-init", "gosu", "su-exec", "env", "nice", "timeout", "setpriv", "su", "app", "sh")
    found = run({f"!bin/{name}": "" for name in wrappers}, command, PATH="/bin")
    assert "bin/app" in found.certain


def test_a_wrapper_without_a_command_starts_nothing(run):
    assert set(run({"!bin/tini": ""}, "tini --version", PATH="/bin").certain) == {"bin/tini"}
