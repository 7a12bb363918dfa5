"""Accounts that are root by another way: sudo, groups, user id 0, empty passwords."""

import re
from collections.abc import Iterator
from itertools import pairwise

from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, rule, run_programs, writes_texts
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.dockerfile.written import written
from gate.model import Severity

_WITHOUT_PASSWORD = re.compile(r"\bNOPASSWD[ \t]{0,9}:|!authenticate\b")


@rule(
    "GD049",
    Severity.MEDIUM,
    "sudo without a password",
    looks_at=instructions("COPY", "RUN", where=writes_texts),
    why="Anything that runs as that user can become root with sudo, so USER protects nothing.",
    mend="Do not use sudo: do what needs root in the build, before USER.",
    references=("CWE-250", "CWE-269", "CIS-DI-0001"),
    bad="RUN echo 'app ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers",
    good="RUN make install\nUSER 10001",
    stays_in_image=True,
)
def sudo_without_password(step: Step) -> Iterator[Hit]:
    for text in written(step):
        if _WITHOUT_PASSWORD.search(text.content):
            yield text.hit("anything that runs as this user can become root with sudo")


_PRIVILEGED = frozenset({"admin", "disk", "docker", "libvirt", "lxd", "root", "shadow", "sudo", "wheel"})
_TAKES_GROUPS = {
    "addgroup": frozenset[str](),
    "adduser": frozenset({"-G", "--ingroup"}),
    "gpasswd": frozenset[str](),
    "useradd": frozenset({"-G", "--groups"}),
    "usermod": frozenset({"-G", "-aG", "-Ga", "--groups"}),
}


@rule(
    "GD050",
    Severity.LOW,
    "User in a group equivalent to root",
    looks_at=run_programs("addgroup", "adduser", "gpasswd", "useradd", "usermod"),
    why="Members of such a group become root, or read what only root should read.",
    mend="Remove the user from the group; do what needs root in the build, before USER.",
    references=("CWE-269", "CIS-DI-0001"),
    bad="RUN usermod -aG docker app",
    good="RUN usermod -aG audio app",
    stays_in_image=True,
)
def privileged_group(command: Command) -> Iterator[Hit]:
    for word, groups in _groups_of(command):
        found = _PRIVILEGED.intersection(groups.split(","))
        if found:
            yield command.hit(f"the group {min(found)} is equivalent to root", word)


def _groups_of(command: Command) -> Iterator[tuple[ShellWord, str]]:
    """Yield the supplementary groups that a user is put into. The group of its own (`-g`) is another matter."""
    words = command.words[1:]
    for place, word in enumerate(words):
        name, equals, value = word.text.partition("=")
        if name == "--groups" and equals:
            yield word, value
        elif place and words[place - 1].text in _TAKES_GROUPS[command.program]:
            yield word, word.text
    operands = command.operands("-g", "-G", "-u", "-h", "-s", "-c", "-d", "--gid", "--uid", "--shell", "--home")
    if command.program in ("adduser", "addgroup", "gpasswd") and len(operands) == 2:
        yield operands[1], operands[1].text


_ROOT_LINE = re.compile(r"^[^:\n]{0,64}:[^:\n]{0,256}:0:", re.MULTILINE)


@rule(
    "GD051",
    Severity.HIGH,
    "Second root account",
    looks_at=instructions("COPY", "RUN"),
    why="An account with user id 0 is root under another name, and checks for the name root miss it.",
    mend="Give the user a unique id: useradd --uid 10001 app.",
    references=("CWE-250", "CWE-269", "CIS-DI-0001"),
    bad="RUN useradd -o -u 0 app",
    good="RUN useradd -u 10001 app",
    stays_in_image=True,
)
def second_root(step: Step) -> Iterator[Hit]:
    for command in step.commands if step.name == "RUN" else ():
        if command.program in ("adduser", "useradd", "usermod") and _has_user_id_0(command):
            yield command.hit("the user id 0 is root's")
    for text in written(step):
        if text.path == "/etc/passwd" and _ROOT_LINE.search(text.content):
            yield text.hit("the user id 0 is root's")


def _has_user_id_0(command: Command) -> bool:
    words = command.arguments
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in ("-u", "-ou", "--uid") and following == "0":
            return True
        if word in ("-u0", "-ou0", "--uid=0"):
            return True
    return False


@rule(
    "GD052",
    Severity.HIGH,
    "Account without a password",
    looks_at=run_programs("passwd", "useradd", "usermod", "chpasswd"),
    why=(
        "Anyone can become this user: with su from any process in the container, or over the network if logins are "
        "possible."
    ),
    mend="Lock the account: usermod --lock USER, or passwd --lock USER.",
    references=("CWE-258", "CWE-521"),
    bad="RUN passwd -d root",
    good="RUN passwd -l root",
    stays_in_image=True,
)
def account_without_password(command: Command) -> Iterator[Hit]:
    words = command.arguments
    if command.program == "passwd" and command.has_option("-d", "--delete"):
        yield command.hit("the password is removed, so none is required")
    for option, value in pairwise(words):
        if command.program in ("useradd", "usermod") and option in ("-p", "--password") and value == "":
            yield command.hit("the password is empty, so none is required")
