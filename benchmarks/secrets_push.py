"""What the pre-push hook costs for 5 commits in a repository of 100,000 files.

Usage: python benchmarks/secrets_push.py FOLDER [RUNS]

Makes a repository in FOLDER (a new one) and gives the hook what git would, for a push of its last 5 commits: with the
secrets stage alone, and with all stages of a repository without settings. git's own time is that of `git rev-list
--objects`, which a push runs to find out what to send. Processor time, the least of the runs: the machine may be busy.
What the hook remembers of contents is taken away before each run, as a push brings what was never seen; the compiled
patterns stay, as on a developer's machine.
"""

import os
import subprocess
import sys
from pathlib import Path

from measure import run_once
from repositories import make_repository

FILES, COMMITS = 100_000, 5
ALL = "dockerfile,secrets,dependencies"


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    os.environ["XDG_CACHE_HOME"] = f"{folder}-cache"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    if not folder.exists():
        make_repository(folder, files=FILES, commits=COMMITS, lines=12)
    git_s = least(["git", "rev-list", "--objects", "HEAD", "^HEAD~5"], folder, runs)
    print(f"git rev-list --objects: {git_s * 1000:.0f} ms\n\n| hook with | CPU, ms | over git's |\n| --- | --- | --- |")
    for name, stages in (("secrets alone", "secrets"), ("all stages", ALL)):
        os.environ["GATE_STAGE"] = stages
        spent_s = least(hook(folder), folder, runs)
        print(f"| {name} | {spent_s * 1000:.0f} | {(spent_s - git_s) * 1000:.0f} |")


def hook(folder: Path) -> list[str]:
    """Return the command that judges a push of the last commits, as git starts it."""
    head, before = (
        subprocess.run(["git", "rev-parse", revision], cwd=folder, capture_output=True, text=True).stdout.strip()
        for revision in ("HEAD", f"HEAD~{COMMITS}")
    )
    push = f"refs/heads/main {head} refs/heads/main {before}"
    program = f'rm -f "$XDG_CACHE_HOME"/gate/answers-*; echo {push} | "$0" -m gate hook run origin https://git.example.com/shop.git'
    return ["sh", "-c", program, sys.executable]


def least(command: list[str], folder: Path, runs: int) -> float:
    """Return the least processor seconds of the runs, after one to warm up."""
    return min(run_once(command, folder).cpu_s for _ in range(runs + 1))


if __name__ == "__main__":
    main()
