"""Fuzzes one target in this process, as `run.py` starts it; libFuzzer reads the options behind the name."""

import sys
from functools import partial

import atheris

from tests.fuzz.targets import TARGETS, Target, attempt


def _look(target: Target, content: bytes) -> None:
    attempt(target, content)


def main() -> None:
    """Fuzz until the time is over; an exception that is no GateError ends it."""
    target = TARGETS[sys.argv[1]]
    with atheris.instrument_imports(include=["gate"]):
        attempt(target, target.seed)  # which imports the parser
    atheris.Setup([sys.argv[0], *sys.argv[2:]], partial(_look, target))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
