"""The gate beside its peers, side by side: `make bench`, or

    python -m benchmarks.bench [--folder .bench] [--runs 5] [PART …]

Makes its inputs from package indexes and Debian, installs the peers, runs each group's commands in turn, and writes
tables and plots into docs/explanation/performance.md. A part is one of: whole secrets files locks images hook.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.bench import page, peers
from benchmarks.bench.groups import Groups
from benchmarks.bench.measured import measure, row_of


def main() -> None:
    """Measure the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(".bench"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--print-only", action="store_true", help="leave the page as it is")
    parser.add_argument("parts", nargs="*", metavar="PART")
    options = parser.parse_args()
    folder = options.folder.resolve()
    programs = peers.install(folder / "peers")
    parts = Groups(folder, programs).all()
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    for name in options.parts or parts:
        measured = {}
        for group in parts[name]():
            measured[group] = measure(group, scratch, options.runs)
            print(f"\n{group.name}: {group.question}")
            for command, spent in measured[group].items():
                sys.stdout.write(
                    f"{command:40} wall {row_of(spent.wall_s)}  cpu {row_of(spent.cpu_s)}  "
                    f"{spent.peak_mib:.0f} MiB  {spent.found}\n"
                )
            sys.stdout.flush()
        if not options.print_only:
            page.keep(name, measured, peers.versions(folder / "peers"))
    if not options.print_only:
        page.write()


if __name__ == "__main__":
    main()
