"""Programs that start only what certain words or variables of theirs say, as `restic --password-command`.

Their other words are data: that one is called like a program leaves nothing unknown.
"""

import re

import msgspec

from gate.reachability.runtimes.walk.graph import UNKNOWN, StartedProgram


class _Commands(msgspec.Struct, frozen=True):
    """What gives a program a command."""

    words: "re.Pattern[str]"
    variables: "re.Pattern[str]"
    is_first: bool = False
    """True if only the first word that is no option counts, as it selects what the program does."""


_NONE = re.compile(r"(?!)")
_PROGRAMS = {
    "restic": _Commands(
        re.compile(r"--password-command.*|--option.*|-\w*o.*|--stdin-from-command", re.DOTALL),
        re.compile(r"RESTIC_(?:PASSWORD_COMMAND|REPOSITORY_FILE)|RCLONE_\w+"),
    ),
    "borg": _Commands(
        re.compile(r"--(?:rsh|remote-path|content-from-command|paths-from-\w+|rcfile|options).*", re.DOTALL),
        re.compile(r"BORG_(?:PASSCOMMAND|RSH|REMOTE_PATH)"),
    ),
    "apt-config": _Commands(re.compile(r"-[oc].*|--(?:option|config-file).*", re.DOTALL), _NONE),
    "pdnsutil": _Commands(re.compile(r"edit-zone|edit|zone"), _NONE, is_first=True),
}
"""By name (restic(1), borg(1), pdnsutil(1)). Settings and repositories that name a program are read elsewhere."""


def starts_no_word(started: StartedProgram, words: tuple[str, ...]) -> bool:
    """True for the start of such a program without any of these words and variables."""
    program = _PROGRAMS.get(started.name)
    if program is None or any(map(program.variables.fullmatch, dict(started.environment))):
        return False
    if program.is_first:
        words = tuple(word for word in words if not word.startswith("-"))[:1]
    return not any(word.startswith(UNKNOWN) or program.words.fullmatch(word) for word in words)
