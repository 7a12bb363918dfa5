"""Fuzzes the targets with atheris, one process each: `FUZZ_SECONDS=60 python -m tests.fuzz.run [TARGET …]`.

What is found that reaches further is kept in `.fuzz/TARGET/` for the next run, and what makes a parser stumble as
`.fuzz/crash-TARGET-…`: `python -m tests.fuzz.run TARGET FILE` reads one such file again.
"""

import os
import subprocess
import sys
from pathlib import Path

KEPT = Path(".fuzz")
SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
"""For all targets together, but at least one for each."""
MAX_LENGTH = 16_384
SLOW_S = 10
"""Seconds for one input; more count as a crash."""
MEMORY_MB = 2048


def main(words: list[str]) -> int:
    """Fuzz the targets that are named, or all; return 1 if one of them stumbled."""
    from tests.fuzz.targets import TARGETS, attempt

    if len(words) == 2 and Path(words[1]).is_file():
        attempt(TARGETS[words[0]], Path(words[1]).read_bytes())
        return 0
    names = words or list(TARGETS)
    failed = [name for name in names if not _fuzzed(name, TARGETS[name].seed, max(1, SECONDS // len(names)))]
    print(f"{len(names)} targets; stumbled: {', '.join(failed) or 'none'}", file=sys.stderr)
    return 1 if failed else 0


def _fuzzed(name: str, seed: bytes, seconds: int) -> bool:
    folder = KEPT / name.replace("/", "_").replace(" ", "_")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seed").write_bytes(seed)
    bounds = (
        f"-max_total_time={seconds}",
        f"-max_len={MAX_LENGTH}",
        f"-timeout={SLOW_S}",
        f"-rss_limit_mb={MEMORY_MB}",
    )
    command = [sys.executable, "-m", "tests.fuzz.one", name, *bounds, f"-artifact_prefix={KEPT}/crash-{folder.name}-"]
    done = subprocess.run([*command, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    last = [line for line in done.stdout.splitlines() if line.strip()][-1:] if done.returncode == 0 else [done.stdout]
    print(f"{name}: {' '.join(last)}", file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
