"""Who works here, as git would name the author of a commit (git-config(1), user.email)."""

import os
from collections.abc import Iterator
from pathlib import Path

from gate.git.configuration import Setting, read_with_includes, values_of
from gate.git.locate import find_place

_VARIABLE = "GIT_AUTHOR_EMAIL"


def user_email(folder: str) -> str | None:
    """Return the address that git has for the author of a commit made in `folder`; None if it has none.

    The strongest place that has one counts: the environment, the repository's configuration, the user's.
    """
    stated = (os.environ.get(_VARIABLE, ""), *(_email(settings) for settings in _configurations(folder)))
    return next(filter(None, stated), None)


def _email(settings: tuple[Setting, ...]) -> str:
    found = values_of(settings, "user", "email")
    return found[-1].strip() if found else ""


def _configurations(folder: str) -> Iterator[tuple[Setting, ...]]:
    place = find_place(folder)
    if place is not None:
        yield read_with_includes(Path(place.common_dir, "config"))
    if "GIT_CONFIG_GLOBAL" in os.environ:
        yield read_with_includes(Path(os.environ["GIT_CONFIG_GLOBAL"]))
        return
    yield read_with_includes(Path("~/.gitconfig").expanduser())
    home = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    yield read_with_includes(Path(home).expanduser() / "git" / "config")
