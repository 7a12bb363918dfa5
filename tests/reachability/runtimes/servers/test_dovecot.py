"""Dovecot starts services by name from a folder of its own."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

NAMES = ("anvil", "log", "config", "stats", "auth", "imap", "imap-login", "pop3", "pop3-login", "dict")
DOVECOT = {
    "!usr/sbin/dovecot": make_elf(),
    "!usr/bin/doveconf": make_elf(),
    **{f"!usr/lib/dovecot/{name}": make_elf() for name in NAMES},
    "usr/lib/dovecot/modules/auth/libdriver_one.so": make_elf(),
    "usr/lib/dovecot/modules/lib20_other.so": make_elf(),
    "etc/dovecot/dovecot.conf": "!include conf.d/*.conf\n!include_try local.conf\n# protocols = pop3\n",
    "etc/dovecot/conf.d/10-a.conf": "protocols = imap\n!include ../dovecot.conf\n",
    "etc/dovecot/conf.d/10-a.conf.ext": "protocols = pop3\n",
    "!opt/quota.sh": "#!/opt/quota\n",
    "!opt/quota": make_elf(),
    "opt/mine.conf": "protocols = pop3\nservice quota {\n  executable = /opt/quota.sh now\n}\n",
}
ALWAYS = {"anvil", "log", "config", "stats", "auth"}


@pytest.mark.parametrize(
    ("command", "services", "others"),
    [
        ("dovecot -F", ALWAYS | {"imap", "imap-login"}, {"usr/bin/doveconf", "etc/dovecot/conf.d/10-a.conf"}),
        ("dovecot -F -c /opt/mine.conf", ALWAYS | {"pop3", "pop3-login"}, {"opt/mine.conf", "opt/quota"}),
    ],
)
def test_services_of_the_protocols_are_started(run, command, services, others):
    found = run(DOVECOT, command)
    below = "usr/lib/dovecot/"
    loaded = {"modules/auth/libdriver_one.so"}
    assert {path.removeprefix(below) for path in found.certain if path.startswith(below)} == services | loaded
    assert others <= found.certain.keys()


def test_a_program_of_this_name_without_services_is_any_program(run):
    assert set(run({"!usr/sbin/dovecot": make_elf()}, "dovecot -F").certain) == {"usr/sbin/dovecot"}
