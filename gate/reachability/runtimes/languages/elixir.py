"""Elixir's start script, which turns its options into those of Erlang's launcher (elixir(1))."""

import posixpath
import re
from collections.abc import Iterator

from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, StartedProgram

_NAME = "elixir"
_OF_RELEASE = re.compile(r"^ERTS_BIN=\"?\$\{?SCRIPT_PATH\}?\"?/(?P<folder>[\w./-]+)\"?$", re.MULTILINE)
"""Where a release has its own machine, seen from the script."""
_ITS_OWN = re.compile(r"^\s*erl_set\b", re.MULTILINE)
_ROOT = "-elixir_root"
_SHELL = "+iex"
_FOR_PIPES = "--pipe-to"
_RENAMED = {
    "--cookie": "-setcookie",
    "--sname": "-sname",
    "--name": "-name",
    "--erl-config": "-config",
    "--vm-args": "-args_file",
    "--boot": "-boot",
    "--boot-var": "-boot_var",
    "--hidden": "-hidden",
}
"""Options that the launcher has under another name."""
_WORDS = {"--boot-var": 2, "--hidden": 0}
"""Words behind an option; one behind the others."""
_DROPPED = frozenset({"--logger-otp-reports", "--logger-sasl-reports"})
_KEPT = dict.fromkeys(("+elixirc", _SHELL, "-v", "--no-halt", "--color", "--no-color"), 1)
_KEPT |= dict.fromkeys(("-e", "-r", "-pr", "-pa", "-pz", "--eval", "--remsh", "--dot-iex", "--dbg"), 2)
_KEPT |= {"--rpc-eval": 3}
"""Options that Elixir reads itself, with the number of their words."""


def launched_by_elixir(
    shell: StartedProgram, path: str, words: tuple[str, ...], files: Files
) -> list[StartedProgram] | None:
    """Return the start of Erlang's launcher; None for any other script, and where the machine gets pipes."""
    entry = files.find(path)
    if entry is None or posixpath.basename(entry.path) != _NAME or _FOR_PIPES in words:
        return None
    text = files.text(entry.path)
    if not _ITS_OWN.search(text):
        return None
    root = posixpath.join("/", posixpath.dirname(entry.path))
    found = _OF_RELEASE.search(text)
    program = posixpath.normpath(posixpath.join(root, found["folder"], "erl")) if found else "erl"
    library = posixpath.normpath(f"{root}/../lib")
    begin = ("-noshell", *((_ROOT, library, "-pa", f"{library}/{_NAME}/ebin") if _ROOT in text else ()))
    options = (shell.variable("ELIXIR_ERL_OPTIONS") or "").split()
    command = (program, *begin, *options, *_for_launcher(words))
    started = started_by(shell, command, Because(entry.path, "starts"), files)
    return None if started is None else [started]


def _for_launcher(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the words as the launcher gets them."""
    if _SHELL not in words:
        yield from ("-s", _NAME, "start_cli")
    own: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        behind = words[place + 1 : place + 1 + _WORDS.get(word, 1)]
        if word in _KEPT:
            own += words[place : place + _KEPT[word]]
            place += _KEPT[word]
            continue
        if word == "--erl":
            yield from " ".join(behind).split()
        elif word in _RENAMED:
            yield from (_RENAMED[word], *behind)
        elif word not in _DROPPED:
            own += words[place:]
            break
        place += 1 + len(behind)
    yield from ("-extra", *own)
