"""How the cost of each parser grows with its input: `python benchmarks/growth.py [TARGET …]`.

Every piece of a target's seed (a word, a sign, a line, two of them) is repeated in its place until the file has n and
then 2n bytes. What takes more than three times as long for the double, or more than half a second for the larger, is
shown. Each target runs in a process of its own, whose memory and time are limited.
"""

import multiprocessing
import re
import resource
import sys
import time
from collections.abc import Iterator

from gate.core.errors import GateError
from tests.fuzz.targets import TARGETS, Target

SIZE = 16_384
LIMIT_S = 180
MEMORY = 4 << 30
_PIECE = re.compile(rb"[ \t]*[\w.-]+|\n[ \t]*|[^\w\s]")


def _repeats(seed: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield what stands before, is repeated, and stands behind; each text once."""
    pieces = [found.span() for found in _PIECE.finditer(seed[:2000])]
    lines = [found.span() for found in re.finditer(rb"[^\n]*\n", seed[:4000])]
    windows = [(a[0], b[1]) for count in (1, 2) for a, b in zip(pieces, pieces[count - 1 :], strict=False)]
    seen: set[bytes] = set()
    for start, end in [*windows, *lines, (0, len(seed))]:
        if seed[start:end] not in seen:
            seen.add(seed[start:end])
            yield seed[:start], seed[start:end], seed[end:]
            yield seed[:start], seed[start:end], b""


def _seconds(target: Target, content: bytes) -> float:
    began = time.process_time()
    try:
        target.read(content)
    except GateError:
        pass
    except BaseException as error:  # noqa: BLE001  (a memory limit as well)
        print(f"  raises {type(error).__name__}: {content[:60]!r}", flush=True)
    return time.process_time() - began


def _measure(name: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    target = TARGETS[name]
    for before, piece, after in _repeats(target.seed):
        small, large = (before + piece * max(1, size // len(piece)) + after for size in (SIZE, 2 * SIZE))
        first = _seconds(target, small)
        if first < 0.02:
            continue
        second = _seconds(target, large)
        if second > 0.5 or second > 3 * first:
            print(f"  {name}: {piece[:40]!r} {first:.2f} s, {second:.2f} s for the double", flush=True)


def main() -> None:
    """Measure the targets that are named, or all."""
    for name in sys.argv[1:] or TARGETS:
        process = multiprocessing.Process(target=_measure, args=(name,))
        process.start()
        process.join(LIMIT_S)
        if process.is_alive():
            process.kill()
            print(f"  {name}: not done after {LIMIT_S} s", flush=True)
        process.join()


if __name__ == "__main__":
    main()
