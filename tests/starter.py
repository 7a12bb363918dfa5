"""A process that has imported the gate, and forks once for each command that is to be run.

It saves more than half of what a command costs: neither it nor its workers import anything again. The command is a
process with its own environment, folder and standard streams, and ends as the program does. What it does not show is
what happens while Python starts, and that workers import what they need once they are sealed: one
command in 32 of the tests is the program itself (see `tests/starting.py`).

A request is a line of JSON (`words`, `folder`, `environment`) that comes with the three streams; the answers are the
process's number and, once it has ended, its status.
"""

import atexit
import gc
import json
import os
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, NoReturn

_CIPHERS = "cryptography.hazmat.primitives.ciphers.aead"
_LAZILY_IMPORTED = (_CIPHERS, "hyperscan", "packageurl", "requests", "yaml", "zstandard")
"""What others wrote and functions of the gate import. What is not installed is left out, as it is there."""
_TABLES = {
    "gate.core.cache": "own_code",
    "gate.core.end_of_life": "built_in",
    "gate.dockerfile.rules": "all_rules",
    "gate.inventory.discovery": "readers",
    "gate.policy.layers": "built_in",
    "gate.secrets.triage.placeholders": "_whole_values",
    "gate.secrets.triage.published": "_marks",
    "gate.secrets.triage.wordlikeness": "_table",
    "gate.settings.options": "options",
}
"""Functions that read tables of ours, by their module. Each keeps its answer, in which nothing of a run takes part."""
_MOST = 1 << 16
"""Bytes of a request."""


def main() -> None:
    """Serve the socket whose number is the last argument, until it is closed; in a fork, be the command."""
    from gate.__main__ import prepare_process
    from gate.cli import main as gate

    compiled, number = sys.argv[-2:]
    line = socket.socket(fileno=int(number))
    prepare_process()
    _import_all()
    _read_tables()
    _compile_expressions()
    _load_patterns(compiled)
    gc.freeze()  # else a collection in a fork would copy all that it shares with this process
    while request := socket.recv_fds(line, _MOST, 3):
        content, streams, _, _ = request
        if not content:
            return
        if not (process := os.fork()):
            line.close()
            _become(json.loads(content), streams)
            _end(gate())
        for stream in streams:
            os.close(stream)
        line.send(b"%d\n" % process)
        _, status = os.waitpid(process, 0)
        line.send(b"%d\n" % os.waitstatus_to_exitcode(status))


def _import_all() -> None:
    import gate

    for module in walk_packages(gate.__path__, "gate."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in _LAZILY_IMPORTED:
        with suppress(ImportError):
            import_module(name)


def _compile_expressions() -> None:
    """Compile all lazy regular expressions, those in tables too: the ones of a command take half its time."""
    from gate.core.lazy_regex import _LazyPattern

    for value in gc.get_objects():
        if isinstance(value, _LazyPattern):
            _ = value._compiled


def _read_tables() -> None:
    for module, function in _TABLES.items():
        getattr(import_module(module), function)()


def _load_patterns(cache_folder: str) -> None:
    """Have the compiled pre-filter at hand for commands whose cache has none. Nothing else stays from it."""
    from gate.secrets.engine.configuration import GATE
    from gate.secrets.engine.prefilter import load_sieve
    from gate.secrets.engine.scan import scanner
    from tests.compiled import compile_once

    compile_once()
    scanner(GATE, cache_folder).load()
    scanner.cache_clear()
    load_sieve.cache_clear()


def _become(request: dict[str, Any], streams: list[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv[:] = request["words"]


def _end(status: int) -> NoReturn:
    """End as Python does, but leave the modules as they are: to take them apart would copy all that is shared."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


main()
