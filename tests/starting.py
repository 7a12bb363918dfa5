"""How tests run the command `gate`: as a program, or as a fork of the process in `starter.py`."""

import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from zlib import crc32

GATE = str(Path(sys.executable).with_name("gate"))
_SCRIPT = Path(__file__).with_name("starter.py")
_READ_BY_PYTHON = frozenset({"PATH", "HOME", "LANG", "TMPDIR", "TZ"})


def is_sample(name: str) -> bool:
    """True for one test in 32, by its name: it runs the program itself, so that what imports do is seen too.

    All end-to-end tests do.
    """
    return crc32(name.encode()) % 32 == 0


class Starter:
    """The process of `starter.py`, which forks once for each command; a context manager that ends it."""

    def __init__(self, environment: dict[str, str], compiled: Path) -> None:
        """`compiled` is a cache folder that has the compiled pre-filter."""
        self.environment = environment
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        words = [sys.executable, "-P", str(_SCRIPT), str(compiled), str(theirs.fileno())]
        pipe = subprocess.PIPE  # as the streams of its commands are
        self._process = subprocess.Popen(
            words, env=environment, pass_fds=[theirs.fileno()], stdin=pipe, stdout=pipe, stderr=pipe
        )
        theirs.close()

    def __enter__(self) -> "Starter":
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self._process.communicate(timeout=10)

    def can_run(self, environment: dict[str, str]) -> bool:
        """True if the environment differs in nothing that Python reads when it starts."""
        names = {name for name, _ in environment.items() ^ self.environment.items()}
        return not any(name in _READ_BY_PYTHON or name.startswith(("PYTHON", "LC_")) for name in names)

    def run(
        self, words: list[str], folder: Path, environment: dict[str, str], stdin: str, timeout: float
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command as `subprocess.run` does."""
        (given_in, into), (out_of, out), (error_of, error) = os.pipe(), os.pipe(), os.pipe()
        request = {"words": words, "folder": str(folder), "environment": environment}
        socket.send_fds(self._line, [json.dumps(request).encode()], [given_in, out, error])
        for stream in (given_in, out, error):
            os.close(stream)
        with ThreadPoolExecutor(3) as pool:
            pool.submit(_write_all, into, stdin)
            printed, complained = pool.submit(_read_all, out_of), pool.submit(_read_all, error_of)
            process = int(self._line.recv(20))
            self._line.settimeout(timeout)
            try:
                status = int(self._line.recv(20))
            except TimeoutError:
                os.kill(process, signal.SIGKILL)
                self._line.recv(20)
                raise subprocess.TimeoutExpired(words, timeout) from None
            finally:
                self._line.settimeout(None)
        return subprocess.CompletedProcess(words, status, printed.result(), complained.result())


def _read_all(stream: int) -> str:
    with open(stream, errors="backslashreplace") as file:
        return file.read()


def _write_all(stream: int, text: str) -> None:
    with suppress(BrokenPipeError), open(stream, "w") as file:
        file.write(text)
