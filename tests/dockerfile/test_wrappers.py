"""Rules look at the command that a wrapper runs.

Goes through `gate/dockerfile/other_names.py`.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from gate.dockerfile.wrappers import WRAPPERS, behind_wrapper

COMMAND = "curl -k https://packages.example/a"


@pytest.mark.parametrize(
    "line",
    [
        f"sudo {COMMAND}",
        f"sudo -E -u app -- {COMMAND}",
        f"sudo --user app {COMMAND}",
        f"doas -u app {COMMAND}",
        f"env -u LANG A=1 {COMMAND}",
        f"env --unset LANG {COMMAND}",
        f"timeout 10 {COMMAND}",
        f"timeout -s KILL 10 {COMMAND}",
        f"timeout --kill-after 5 10 {COMMAND}",
        f"setsid {COMMAND}",
        f"gosu app {COMMAND}",
        f"su-exec app:app {COMMAND}",
        f"chroot /mnt {COMMAND}",
        f"flock /tmp/lock {COMMAND}",
        f"xargs -n 1 {COMMAND}",
        f"sudo env nice -n 5 {COMMAND}",
        f"su -c '{COMMAND}'",
        f"su - app -s /bin/sh -c '{COMMAND}'",
        f'runuser -u app --command "{COMMAND}"',
    ],
)
def test_the_command_behind_it_is_judged(line: str, rules_that_catch: Callable[[str], Counter[str]]) -> None:
    assert rules_that_catch(f"RUN {line}")["GD008"] == 1


@pytest.mark.parametrize(
    "line", ["timeout --help", "su app", "su - app -c", "gosu", "sudo -u", "env A=1", "chroot /mnt", "su app -l"]
)
def test_what_runs_no_command_is_none(line: str) -> None:
    words = line.split()
    assert behind_wrapper(words) == len(words)


def test_what_is_no_wrapper_hides_nothing() -> None:
    assert behind_wrapper(COMMAND.split()) is None
    assert behind_wrapper([]) is None


@pytest.mark.parametrize("name", WRAPPERS)
def test_every_wrapper_is_known_by_its_path_too(name: str) -> None:
    operands = ["x"] * WRAPPERS[name].operands
    assert behind_wrapper([f"/usr/bin/{name}", "-v", *operands, "command"]) == 2 + len(operands)
