"""A process that has imported what `gate` imports, and forks once for each command that is to be run.

It saves half of what a case costs. The command is a process with its own environment, folder and standard streams, and
ends as the program does; only what happens while Python starts is not shown by it (see `Scene.gate`).

A request is a line of JSON (`words`, `folder`, `environment`) that comes with the three streams; the answers are the
process's number and, once it has ended, its status.
"""

import json
import os
import socket
import sys
from importlib import import_module
from typing import Any

_IMPORTED_BY_A_RUN = (
    "gate.cli.run",
    "gate.app.api",
    "gate.pipeline.run",
    "gate.policy.assemble",
    "gate.reports.terminal.console",
    "gate.reports.terminal.overview",
    "gate.reports.terminal.sections",
    "gate.yaml",
)
"""In the process that the user starts. What only its workers import is imported by them, sealed as they are."""
_MOST = 1 << 16
"""Bytes of a request."""


def main() -> None:
    """Serve the socket whose number is the last argument, until it is closed; in a fork, be the command."""
    from gate.cli import main as gate
    from gate.cli import start_light

    line = socket.socket(fileno=int(sys.argv[-1]))
    start_light()
    for name in _IMPORTED_BY_A_RUN:
        import_module(name)
    while request := socket.recv_fds(line, _MOST, 3):
        content, streams, _, _ = request
        if not content:
            return
        if not (process := os.fork()):
            line.close()
            _become(json.loads(content), streams)
            sys.exit(gate())
        for stream in streams:
            os.close(stream)
        line.send(b"%d\n" % process)
        _, status = os.waitpid(process, 0)
        line.send(b"%d\n" % os.waitstatus_to_exitcode(status))


def _become(request: dict[str, Any], streams: list[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv[:] = request["words"]


main()
