"""How long the gate takes to start, beside a bare interpreter. Usage: python benchmarks/startup.py [RUNS]"""

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "bare Python": ([sys.executable, "-c", "pass"], ""),
    "gate --version": ([sys.executable, "-m", "gate", "--version"], ""),
    "gate hook run, nothing to judge": ([sys.executable, "-m", "gate", "hook", "run", "origin", "url"], ""),
}


def milliseconds(command: list[str], standard_input: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, input=standard_input, text=True, capture_output=True, check=True)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, (command, standard_input) in COMMANDS.items():
            times[name].append(milliseconds(command, standard_input))
    print(f"| command | median, ms | worst of {runs}, ms |\n| --- | --- | --- |")
    for name, measured in times.items():
        print(f"| {name} | {statistics.median(measured):.0f} | {max(measured):.0f} |")


if __name__ == "__main__":
    main()
