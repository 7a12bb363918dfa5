"""What the kernel shows of itself, mounted in a root file system while something runs in it."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGKILL

_MOUNTS = (("proc", "proc"), ("dev", "devtmpfs"), ("dev/shm", "tmpfs"))
"""Folders and their kinds, as a container has them; what lies in another follows it."""
_PATIENCE = 20
"""Times that processes are looked for."""


@contextmanager
def kernel_folders(root: Path) -> Iterator[None]:
    """Mount /proc, /dev and /dev/shm below `root`; in the end, end what still runs in it, and unmount."""
    for folder, kind in _MOUNTS:
        if not os.path.ismount(root / folder):
            subprocess.run(["mount", "-t", kind, kind, str(root / folder)], check=True)
    try:
        yield
    finally:
        end_processes(root)
        for folder, _ in reversed(_MOUNTS):
            subprocess.run(["umount", str(root / folder)], check=True)


def end_processes(root: Path) -> None:
    """End the processes whose root file system is `root`."""
    for _ in range(_PATIENCE):
        running = list(_processes(root))
        if not running:
            return
        for process in running:
            with suppress(ProcessLookupError):
                os.kill(process, SIGKILL)
        time.sleep(0.2)


def _processes(root: Path) -> Iterator[int]:
    """Yield the processes whose root file system is `root`: daemons leave the session that started them."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):  # ended by now
                if os.readlink(folder / "root") == str(root.resolve()):
                    yield int(folder.name)
