"""Programs that start the command behind or in their options: `gate/reachability/runtimes/launchers/wrapped.py`."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

WRAPPERS = """
    tini dumb-init gosu su-exec env nice timeout setpriv su sh taskset numactl chrt ionice prlimit unshare setarch flock
    script watch parallel runuser find xargs busybox chpst envdir softlimit stdbuf setsid start-stop-daemon doppler gdb
    ld-linux-x86-64.so.2 bash capsh strace chroot argv0 s6-setuidgid s6-softlimit
"""
NAMES = ("app", *WRAPPERS.split())
TREE = {f"!bin/{name}": "" for name in NAMES} | {"!jobs/one": "#!/bin/sh\napp\n"}


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
        "env -S 'A=b nice app --now'",
        "env -iS 'PATH=/bin app'",
        "env PATH=/bin app",
        "env -C /bin ./app",
        "taskset -c 0-3 app",
        "taskset 0x3 app",
        "numactl -N 0 --interleave=all -m 0 app",
        "chrt -r 5 app",
        "ionice -c 2 -n 7 app",
        "prlimit --nofile=1024 app",
        "unshare -w / --mount app",
        "setarch x86_64 -R app",
        "setarch -R app",
        "flock -n /run/lock app",
        "flock /run/lock -c 'app --now'",
        "script -qefc 'app --now' /dev/null",
        "script -q /dev/null -- app --now",
        "watch -n 5 'app | cat'",
        "parallel -j 2 app ::: a b",
        "parallel ::: 'app a' 'app b'",
        "runuser -u www -- app",
        "runuser www -c app",
        "su - www -c app",
        "su -s /bin/sh -c 'exec $0 $@' www -- app --now",
        "su www -c '$1' -- sh app",
        "runuser -c 'exec $1' -- - www sh app",
        "find /jobs -type f -exec {} ;",
        "find /jobs -exec sh -c app {} ;",
        "find /none -name x -execdir app {} +",
        "xargs -n 1 app",
        "busybox env app",
        "busybox sh -c app",
        "chpst -u www -e /env -/ / app",
        "envdir /env app",
        "softlimit -m 1000 app",
        "stdbuf -oL app",
        "stdbuf -o L app",
        "setsid -w app",
        "start-stop-daemon --start --exec /bin/app -- --now",
        "start-stop-daemon -S -x /bin/sh -- -c app",
        "/bin/ld-linux-x86-64.so.2 --library-path /lib /bin/app",
        "doppler run --name x -- app",
        "gdb -batch --args app --now",
        "capsh --drop=all -- -c app",
        "chroot / app",
        "argv0 app other",
        "s6-setuidgid www s6-softlimit -m 1 app",
    ],
)
def test_the_wrapped_program_is_started(run, command):
    found = run(TREE, command, PATH="/bin")
    assert "bin/app" in found.certain
    assert not found.gaps


@pytest.mark.parametrize("wrapper", ["gosu", "su-exec", "s6-setuidgid"])
def test_a_user_with_the_name_of_a_program_is_not_started(run, wrapper):
    server = {"!bin/postgres": make_elf(calls="execve")}
    found = run({**TREE, **server}, f"{wrapper} postgres app", PATH="/bin")
    assert "bin/app" in found.certain
    assert not found.gaps
    assert not {"bin/postgres"} & {*found.certain, *found.possible}
    assert "bin/postgres" in run({**TREE, **server}, f"{wrapper} postgres postgres", PATH="/bin").certain
    assert "bin/postgres" in run({**TREE, **server}, f"{wrapper} -x postgres app", PATH="/bin").possible


def test_a_wrapper_without_a_command_starts_nothing(run):
    assert set(run({"!bin/tini": ""}, "tini --version", PATH="/bin").certain) == {"bin/tini"}


@pytest.mark.parametrize("command", ["ionice -c", "nice -n", "ionice -c 2 -n", "nice --"])
def test_an_option_that_ends_before_its_value_starts_nothing(run, command):
    assert set(run(TREE, command, PATH="/bin").certain) == {f"bin/{command.split()[0]}"}


@pytest.mark.parametrize("command", ["xargs env", "xargs -I% % now", "parallel", "find /jobs /bin -exec env {} ;"])
def test_a_command_that_the_input_names_is_a_gap(run, command):
    many = {f"jobs/{number}": "x" for number in range(60)}
    assert any("known only at run time" in gap.reason for gap in run({**TREE, **many}, command, PATH="/bin").gaps)


@pytest.mark.parametrize(
    "command",
    ["tini --new-option value app", "chpst -Z value app", "nice --run='app --now' x"],
)
def test_behind_an_option_that_is_not_known_the_command_is_possible(run, command):
    assert "bin/app" in run(TREE, command, PATH="/bin").possible


def test_variables_and_the_folder_that_env_sets_are_those_of_the_command(run):
    found = run({**TREE, "!srv/bin/tool": ""}, "env -C /srv PATH=/none bin/tool", PATH="/bin")
    assert "srv/bin/tool" in found.certain


@pytest.mark.parametrize("command", ["flock /l -c x", "script -c x", "chroot /srv", "unshare -r", "chroot /"])
def test_the_users_shell_is_started_where_the_variable_names_one(run, command):
    tree = {**TREE, "!bin/app": "", "!bin/flock": "", "!bin/script": ""}
    assert "bin/app" in run(tree, command, SHELL="/bin/app").certain
    assert "bin/app" not in run(tree, command).certain


@pytest.mark.parametrize("command", ["ip netns exec shop app", "less file"])
def test_programs_that_start_others_by_their_words_or_variables_are_not_plain(run, command):
    tree = {**TREE, "!bin/ip": make_elf(calls="execvp"), "!bin/less": make_elf(calls="system")}
    found = run(tree, command, LESSOPEN="|app %s")
    assert "bin/app" in {**found.certain, **found.possible}


@pytest.mark.parametrize("command", ["sudo -i", "sudo -u www -s", "doas -s"])
def test_without_a_command_they_start_the_users_shell(run, command):
    tree = TREE | {"!bin/sudo": "", "!bin/doas": ""}
    assert "bin/sh" in run(tree, command, PATH="/bin").certain
