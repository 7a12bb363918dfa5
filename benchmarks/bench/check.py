"""Compares what the gate costs with what it cost before, in one run: `make bench-check`, or

    python -m benchmarks.bench.check [--base REVISION]

The pieces of work run once in a clone of the base and once in this tree, by instructions that are counted (`valgrind`),
which do not depend on what else the machine does. It fails where a piece takes more than a tenth more. What is meant
to cost more says so in `benchmarks/bench/accepted.jsonl`: {"work": "start", "base": "…", "why": "…"}, a commit of the
base.
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
_COUNTED = re.compile(r"^summary: (\d+)", re.MULTILINE)


def instructions(root: Path, program: list[str], scratch: Path) -> dict[str, int]:
    """Return the instructions that each piece of work takes with the code in `root`."""
    out = scratch / f"counted-{root.name}"
    out.mkdir()
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={out}/%p"]
    done = _run([*counting, *program], root, scratch)
    if done.returncode:
        sys.exit(f"the pieces of work fail below valgrind:\n{done.stderr[-2000:]}")
    numbers = dict(line.split() for line in done.stdout.splitlines())
    totals = {name: _total(out / number) for name, number in numbers.items()}
    start, loaded = totals.pop("start"), totals.pop("loading")
    return {"start": start, "loading": loaded - start, **{name: total - loaded for name, total in totals.items()}}


def _program(root: Path, scratch: Path) -> list[str]:
    """Return the command of the pieces, which has run once: of the tree, or ours where those of an older base end."""
    for script in (root / WORK, ROOT / WORK):
        program = [sys.executable, "-P", str(script)]
        warm = _run(program, root, scratch)
        if not warm.returncode:
            return program
    if root == ROOT:
        sys.exit(f"the pieces of work fail:\n{warm.stderr[-2000:]}")
    return []


def _run(command: list[str], root: Path, scratch: Path) -> subprocess.CompletedProcess[str]:
    home = str(scratch / "home")  # what is compiled for one tree is there for the other, if it needs the same
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": "0", "XDG_CACHE_HOME": home, "HOME": home}
    environment |= {"PYTHONPYCACHEPREFIX": str(scratch / f"bytecode-{root.name}")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _total(counted: Path) -> int:
    found = _COUNTED.search(counted.read_text())
    assert found, "cachegrind writes a summary"
    return int(found[1])


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
        roots = (before, ROOT)
        programs = [_program(root, scratch) for root in roots]
        if not all(programs):
            print(f"{base[:8]} cannot run the pieces of work, so there is nothing to compare with")
            return
        old, new = pool.map(lambda root, program: instructions(root, program, scratch), roots, programs)
    slower = []
    print(f"millions of instructions, beside those of {base[:8]}")
    for piece in new:
        if piece not in old:
            continue
        print(f"{piece:12} {old[piece] / 1e6:8.0f} {new[piece] / 1e6:8.0f}  {new[piece] / old[piece]:.3f}")
        if new[piece] > old[piece] * TOLERATED and piece not in accepted(base):
            slower.append(piece)
    if slower:
        sys.exit(f"{', '.join(slower)}: more than {TOLERATED} times as before")


if __name__ == "__main__":
    main()
