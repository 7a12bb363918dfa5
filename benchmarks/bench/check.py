"""Compares what the gate costs with what it cost before, in one run: `make bench-check`, or

    python -m benchmarks.bench.check [--base REVISION]

Each piece of work is run in a clone of the base and in this tree, by instructions that are counted (`valgrind`), which
do not depend on what else the machine does. It fails where a piece takes more than a tenth more. What is meant to cost
more says so in `benchmarks/bench/accepted.jsonl`: {"work": "start", "base": "…", "why": "…"}, a commit of the base.
Without --base the base is main, or, on main, the last commit of an earlier day.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ACCEPTED = Path(__file__).parent / "accepted.jsonl"
WORK = "benchmarks/bench/work.py"
TOLERATED = 1.10
"""Two runs of the same code differ by 1% (hash seeds are fixed, addresses are not)."""
PIECES = ("start", "dockerfile", "secrets", "definitions", "packages", "reports")
_COUNTED = re.compile(r"^summary: (\d+)", re.MULTILINE)


def instructions(root: Path, piece: str, scratch: Path) -> int | None:
    """Return the instructions that a piece of work takes with the code in `root`; None if it has no such piece."""
    out = scratch / f"{root.name}-{piece}"
    program = [sys.executable, "-P", str(root / WORK), piece]
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={out}", *program]
    home = scratch / f"home-{root.name}-{piece}"
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": "0", "XDG_CACHE_HOME": str(home)}
    environment |= {"PYTHONPYCACHEPREFIX": str(scratch / f"bytecode-{root.name}"), "HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    warm = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    if warm.returncode:
        return _without(root, piece, warm.stderr)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        return _without(root, piece, done.stderr)
    counted = _COUNTED.search(out.read_text())
    assert counted, "cachegrind writes a summary"
    return int(counted[1])


def _without(root: Path, piece: str, said: str) -> None:
    """Say that a piece cannot be measured: an error for this tree, and only news for the base, which is older."""
    if root == ROOT:
        sys.exit(f"{piece} failed:\n{said[-2000:]}")
    print(f"{piece}: not in the base, so there is nothing to compare with")


def base_of(root: Path) -> str:
    """Return main, or on main the last commit of an earlier day."""
    head, main = (_git(root, "rev-parse", "--verify", "--quiet", name) for name in ("HEAD", "main"))
    if main and head != main:
        return _git(root, "merge-base", "HEAD", "main")
    day = _git(root, "log", "-1", "--format=%cs", "HEAD")
    return _git(root, "rev-list", "-1", f"--before={day}T00:00:00", "HEAD") or _git(root, "rev-parse", "HEAD^")


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False).stdout.strip()


def accepted(base: str) -> set[str]:
    """Return the pieces that may cost more than at a base."""
    rows = [json.loads(line) for line in ACCEPTED.read_text().splitlines()] if ACCEPTED.exists() else []
    return {row["work"] for row in rows if base.startswith(row["base"])}


def main() -> None:
    """Print a line a piece. Exits with 1 where one costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="")
    options = parser.parse_args()
    base = options.base or base_of(ROOT)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        scratch = Path(folder)
        before = scratch / "base"
        subprocess.run(["git", "clone", "--quiet", "--shared", "--no-checkout", str(ROOT), str(before)], check=True)
        subprocess.run(["git", "checkout", "--quiet", base], cwd=before, check=True)
        both = [(root, piece) for piece in PIECES for root in (before, ROOT)]
        counted = dict(zip(both, pool.map(lambda one: instructions(*one, scratch), both), strict=True))
    slower = []
    print(f"millions of instructions, beside those of {base[:8]}")
    for piece in PIECES:
        old, new = counted[before, piece], counted[ROOT, piece]
        if old is None or new is None:
            continue
        print(f"{piece:12} {old / 1e6:8.0f} {new / 1e6:8.0f}  {new / old:.3f}")
        if new > old * TOLERATED and piece not in accepted(base):
            slower.append(piece)
    if slower:
        sys.exit(f"{', '.join(slower)}: more than {TOLERATED} times as before")


if __name__ == "__main__":
    main()
