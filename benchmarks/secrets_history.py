"""A whole history of 10,000 commits beside gitleaks.

Usage: python benchmarks/secrets_history.py FOLDER GITLEAKS [RUNS]

Makes a repository in FOLDER (a new one) and runs, in turn, `gate run --stage secrets --history` without and with what
an earlier run left in the cache, and `gitleaks git`. Wall time is told for the record; it is fair on an idle machine
alone. The last column is the processor time beside gitleaks'.
"""

import sys
from pathlib import Path

from measure import compare, print_table
from repositories import make_repository

FILES, COMMITS = 400, 10_000


def main() -> None:
    folder, gitleaks = Path(sys.argv[1]).resolve(), sys.argv[2]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    if not folder.exists():
        make_repository(folder, files=FILES, commits=COMMITS)
    gate = [sys.executable, "-m", "gate", "run", "--stage", "secrets", "--history", "--quiet"]
    costs = compare(
        {
            "gitleaks git": [gitleaks, "git", "--no-banner", "--log-opts=--all", "."],
            "gate, all anew": [*gate, "--no-cache"],
            "gate, second run": gate,
        },
        folder,
        runs,
    )
    print_table(costs, "gitleaks git")


if __name__ == "__main__":
    main()
