"""What 20,000 findings cost in every report format: CPU time each and in total, size, and the peak of memory.

python benchmarks/reports.py
"""

import resource
import tempfile
import time
from pathlib import Path

from large_report import large_report

from gate.model import Report
from gate.reports import FORMATS, load_format, write_report

FINDINGS = 20_000
RUNS = 3


def written(name: str, report: Report) -> tuple[float, int]:
    """Return the CPU seconds of writing one format as `gate run` does, and its size in bytes."""
    load_format(name)
    with tempfile.NamedTemporaryFile() as file:
        started = time.process_time()
        write_report(name, report, file.name)
        return time.process_time() - started, Path(file.name).stat().st_size


def peak_mib() -> float:
    """Return the most memory that this process has held so far, the report itself included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the least of some runs a format, as a Markdown table."""
    report = large_report(FINDINGS)
    print(f"{FINDINGS:,} findings; {peak_mib():.0f} MiB before the first format\n")
    print("| format | CPU, s | size, MB | peak so far, MiB |\n| --- | --- | --- | --- |")
    total = 0.0
    for name in FORMATS:
        costs = [written(name, report) for _ in range(RUNS)]
        total += min(costs)[0]
        print(f"| {name} | {min(costs)[0]:.3f} | {costs[0][1] / 1e6:.1f} | {peak_mib():.0f} |")
    print(f"| all | {total:.2f} | | {peak_mib():.0f} |")


if __name__ == "__main__":
    main()
