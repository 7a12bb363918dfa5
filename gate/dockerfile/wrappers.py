"""Programs that do nothing but run the command behind their options: sudo, env, nice, tini and their like.

Their options are those of their own manuals: coreutils, util-linux, findutils, sudo, runit, s6 and dpkg.
"""

import posixpath
from collections.abc import Sequence

import msgspec


class _Wrapper(msgspec.Struct, frozen=True):
    valued: frozenset[str]
    """Options that take the next word as their value."""
    operands: int
    """Words between the options and the command: a user, a duration."""


def _wrapper(valued: str = "", operands: int = 0) -> _Wrapper:
    return _Wrapper(frozenset(valued.split()), operands)


_INIT = _wrapper("-p -e")
_USER = _wrapper(operands=1)
_SHELL_OF_USER = _wrapper("-g -G -s --group --supp-group --shell", operands=1)

OF_USERS = frozenset({"runuser", "su"})
"""Those that also run a script, as a user's shell does: `su USER -c SCRIPT`."""

WRAPPERS = {
    "aws-lambda-rie": _wrapper(),
    "builtin": _wrapper(),
    "catatonit": _wrapper(),
    "chpst": _wrapper("-u -U -b -e -n -l -L -m -d -o -p -f -c"),
    "chronic": _wrapper(),
    "chroot": _wrapper(operands=1),
    "command": _wrapper(),
    "doas": _wrapper("-C -u"),
    "docker-init": _INIT,
    "dumb-init": _wrapper("-r --rewrite"),
    "eatmydata": _wrapper(),
    "env": _wrapper("-u --unset -C --chdir"),
    "exec": _wrapper("-a"),
    "flock": _wrapper("-w -E --timeout --wait --conflict-exit-code", operands=1),
    "gosu": _USER,
    "ionice": _wrapper("-c -n --class --classdata"),
    "nice": _wrapper("-n --adjustment"),
    "nohup": _wrapper(),
    "runuser": _SHELL_OF_USER,
    "s6-setuidgid": _USER,
    "setarch": _wrapper(),
    "setpriv": _wrapper("--reuid --regid --groups --inh-caps --bounding-set"),
    "setsid": _wrapper(),
    "start-stop-daemon": _wrapper("--user --pidfile -u -p --chuid -c"),
    "stdbuf": _wrapper("-i -o -e --input --output --error"),
    "strace": _wrapper("-e -o -s"),
    "su": _SHELL_OF_USER,
    "su-exec": _USER,
    "sudo": _wrapper("-C -D -g -h -p -R -r -T -t -U -u --chdir --chroot --group --host --prompt --role --type --user"),
    "time": _wrapper("-f -o --format --output"),
    "timeout": _wrapper("-k -s --kill-after --signal", operands=1),
    "tini": _INIT,
    "tini-static": _INIT,
    "with-contenv": _wrapper(),
    "xargs": _wrapper("-a -d -E -I -L -n -P -s"),
}
"""By the program's name."""


def behind_wrapper(words: Sequence[str], start: int = 0) -> int | None:
    """Return where the command begins that the wrapper at `start` runs, None if there is no wrapper at `start`.

    It begins behind the last word if the wrapper runs none.
    """
    wrapper = WRAPPERS.get(posixpath.basename(words[start])) if start < len(words) else None
    if wrapper is None:
        return None
    place = start + 1
    while place < len(words) and _is_before_command(words[place]):
        option = words[place]
        place += 2 if option in wrapper.valued else 1
        if option == "--":
            break
    place += wrapper.operands
    return place if place < len(words) and not words[place].startswith("-") else len(words)


def _is_before_command(word: str) -> bool:
    """True for an option, and for an assignment as `env` takes it."""
    name, equals, _ = word.partition("=")
    return word.startswith("-") or bool(equals and name.isidentifier())
