"""Modules that programs load through PAM."""

TREE = {
    "!usr/sbin/cron": "",
    "etc/pam.d/cron": "@include common-auth # first\nsession required pam_env.so\n",
    "etc/pam.d/common-auth": "auth [success=1] pam_unix.so nullok\nauth requisite pam_gone.so\n",
    "etc/login.defs": "",
    "usr/lib/x86_64-linux-gnu/security/pam_unix.so": "",
    "usr/lib/x86_64-linux-gnu/security/pam_env.so": "",
    "usr/lib/x86_64-linux-gnu/security/pam_other.so": "",
}


def test_modules_and_their_settings_are_reached(run):
    assert set(run(TREE, "cron").certain) == TREE.keys() - {
        "!usr/sbin/cron",
        "usr/lib/x86_64-linux-gnu/security/pam_other.so",
    } | {"usr/sbin/cron"}


def test_settings_that_include_themselves_come_to_an_end(run):
    tree = {**TREE, "etc/pam.d/common-auth": "@include common-auth\n@include cron\n"}
    assert "etc/pam.d/common-auth" in run(tree, "cron").certain


def test_a_program_without_settings_loads_nothing(run):
    assert set(run({**TREE, "!usr/bin/app": ""}, "app").certain) == {"usr/bin/app"}
