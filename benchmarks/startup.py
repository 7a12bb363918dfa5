"""How long the gate takes to start, beside a bare interpreter. Usage: python benchmarks/startup.py [RUNS]

What is started looks at nothing, or at one file in a folder: the rest is the import of what it takes.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import gate  # noqa: F401  (a Python without the gate would fail in no time, and count as fast)

GATE = [sys.executable, "-m", "gate"]
COMMANDS = {
    "bare Python": [sys.executable, "-c", "pass"],
    "gate --version": [*GATE, "--version"],
    "gate hook run, nothing to judge": [*GATE, "hook", "run", "origin", "url"],
    "gate run, secrets in one file": [*GATE, "run", ".", "--stage", "secrets", "--offline", "--no-cache", "--quiet"],
}


def milliseconds(command: list[str], folder: str) -> tuple[float, float]:
    """Return the wall time of a run, and the processor time of all its processes."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, input=b"", capture_output=True, check=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    with TemporaryDirectory() as folder:
        Path(folder, "a.py").write_text("x = 1\n")
        for turn in range(runs + 1):
            for name, command in COMMANDS.items():
                cost = milliseconds(command, folder)
                if turn:  # the first is to warm up
                    measured[name].append(cost)
    print(
        f"| command | wall, ms: least of {runs} | median | CPU, ms: least | median |\n| --- | --- | --- | --- | --- |"
    )
    for name, costs in measured.items():
        walls, processor = zip(*costs, strict=True)
        parts = (min(walls), statistics.median(walls), min(processor), statistics.median(processor))
        print(f"| {name} | " + " | ".join(f"{part:.0f}" for part in parts) + " |")


if __name__ == "__main__":
    main()
