"""A whole history beside gitleaks.

Usage: python benchmarks/secrets_history.py FOLDER GITLEAKS [RUNS] [SHAPE]

Makes a repository in FOLDER, unless it is there: of SHAPE `short` (10,000 commits to 400 files of 6 kB) or `long`
(3,000 commits to 12 files of 41 kB). Then it runs, in turn, `gitleaks git` and `gate run --stage secrets --history`:
with nothing kept, with the compiled patterns alone (as on a machine that has run the gate before, but never on this
repository), with what an earlier run of it left in the cache, and so after one more commit (git's own time to make it
is counted). Wall time is told for the record; it is fair on an idle machine alone. The last columns are the processor
time beside gitleaks', and the peak memory.
"""

import os
import sys
from pathlib import Path

from measure import compare, print_table
from repositories import make_repository

SHAPES = {
    "short": {"files": 400, "commits": 10_000, "lines": 120},
    "long": {"files": 12, "commits": 3_000, "lines": 800},
}
COMMIT = (
    'date +%s%N > NOTES; git add NOTES; git -c user.name=Ada -c user.email=ada@example.com commit -q -m "One more"; '
    'exec "$@"'
)
FORGET = 'rm -f "$XDG_CACHE_HOME"/gate/answers-*'


def main() -> None:
    folder, gitleaks = Path(sys.argv[1]).resolve(), sys.argv[2]
    os.environ["XDG_CACHE_HOME"] = f"{folder}-cache"
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    if not folder.exists():
        make_repository(folder, **SHAPES[sys.argv[4] if len(sys.argv) > 4 else "short"])
    gate = [sys.executable, "-m", "gate", "run", "--stage", "secrets", "--history", "--quiet"]
    costs = compare(
        {
            "gitleaks git": [gitleaks, "git", "--no-banner", "--log-opts=--all", "."],
            "gate, no cache": [*gate, "--no-cache"],
            "gate, repository never seen": ["sh", "-c", f'{FORGET}; exec "$@"', "sh", *gate],
            "gate, second run": gate,
            "gate, after one more commit": ["sh", "-c", COMMIT, "sh", *gate],
        },
        folder,
        runs,
    )
    print_table(costs, "gitleaks git")


if __name__ == "__main__":
    main()
