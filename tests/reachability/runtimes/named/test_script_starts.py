"""Scripts that packages bring, of which is known what they start."""

import pytest

from gate.model import InUse
from gate.reachability.runtimes.named.script_starts import script_starts
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.named.test_starters import OWNERS, state_of

GIT = "usr/lib/git-core/git-"


def tidied(path: str, word: str, *, own: bool = False) -> InUse:
    """Return whether a package with a program `word` is in use beside a script that may be started and has the word."""
    script = f"#!/bin/sh\nif x; then echo 'a {word}'; fi\n"
    tree = {f"!{path}": script, "!bin/sh": make_elf(soname="sh"), f"!usr/bin/{word}": make_elf()}
    owners = OWNERS | {"tidy": [f"usr/bin/{word}"], "sh": ["bin/sh"]} | ({} if own else {"it": [path]})
    start = {"app/run.js": f"require('child_process').spawn('/{path}', x)"}
    return state_of("tidy", tree, start, owners=owners).in_use


@pytest.mark.parametrize(
    ("path", "word", "in_use"),
    [
        ("usr/bin/savelog", "tidy", InUse.NO),
        ("usr/bin/savelog", "bzip2", InUse.UNKNOWN),
        ("usr/bin/savelog", "mkdir", InUse.UNKNOWN),
        ("bin/savelog", "tidy", InUse.NO),
        ("usr/local/bin/savelog", "tidy", InUse.UNKNOWN),
        ("usr/bin/savelogs", "tidy", InUse.UNKNOWN),
        (GIT + "instaweb", "convert", InUse.NO),
        (GIT + "instaweb", "perl", InUse.UNKNOWN),
        (GIT + "new", "convert", InUse.UNKNOWN),
    ],
)
def test_a_script_of_a_package_names_what_it_starts(path, word, in_use):
    """git-instaweb has names of endings and modules, and these were taken for ImageMagick's `convert` and `import`."""
    assert tidied(path, word) is in_use


def test_an_own_script_of_the_same_name_may_start_whatever_it_names():
    assert tidied("usr/bin/savelog", "tidy", own=True) is not InUse.NO


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (GIT + "web--browse", ["firefox", "xdg-open", "w3m", "sed"]),
        (GIT + "sh-setup", ["git", "git-rev-parse", "less", "sed", "uname"]),
        ("usr/bin/sensible-browser", ["x-www-browser", "gnome-terminal", "sensible-terminal"]),
        ("usr/bin/ssh-copy-id", ["ssh", "ssh-add", "sftp", "mktemp"]),
        ("usr/lib/apt/apt.systemd.daily", ["apt-get", "unattended-upgrade", "xargs"]),
    ],
)
def test_each_name_counts_as_a_whole(path, names):
    known = script_starts(path)
    assert known is not None
    assert [name for name in names if not known.fullmatch(name.encode())] == []
    assert known.fullmatch(b"tidy") is None
