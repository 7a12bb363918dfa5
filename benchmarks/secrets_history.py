"""A whole history of 10,000 commits beside gitleaks.

Usage: python benchmarks/secrets_history.py FOLDER GITLEAKS [RUNS]

Makes a repository in FOLDER (a new one) and runs, in turn, `gitleaks git` and `gate run --stage secrets --history`:
with nothing kept, with the compiled patterns alone (as on a machine that has run the gate before, but never on this
repository), and with what an earlier run of it left in the cache. Wall time is told for the record; it is fair on an
idle machine alone. The last columns are the processor time beside gitleaks', and the peak memory.
"""

import os
import sys
from pathlib import Path

from measure import compare, print_table
from repositories import make_repository

FILES, COMMITS = 400, 10_000
FORGET = 'rm -f "$XDG_CACHE_HOME"/gate/answers-*'


def main() -> None:
    folder, gitleaks = Path(sys.argv[1]).resolve(), sys.argv[2]
    os.environ["XDG_CACHE_HOME"] = f"{folder}-cache"
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    if not folder.exists():
        make_repository(folder, files=FILES, commits=COMMITS)
    gate = [sys.executable, "-m", "gate", "run", "--stage", "secrets", "--history", "--quiet"]
    costs = compare(
        {
            "gitleaks git": [gitleaks, "git", "--no-banner", "--log-opts=--all", "."],
            "gate, no cache": [*gate, "--no-cache"],
            "gate, repository never seen": ["sh", "-c", f'{FORGET}; exec "$@"', "sh", *gate],
            "gate, second run": gate,
        },
        folder,
        runs,
    )
    print_table(costs, "gitleaks git")


if __name__ == "__main__":
    main()
