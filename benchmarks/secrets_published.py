"""Writes the table of published test vectors: hashes of what the secrets stage takes for a secret in their sources.

Usage: python benchmarks/secrets_published.py FOLDER …

Each FOLDER is the unpacked source of one publisher: vectors of RFCs, NIST and Wycheproof, the tests and documentation
of libraries for cryptography and the web. Only truncated hashes are kept; the counts by source are printed.
"""

import os
import sys
from pathlib import Path

from gate.secrets.engine.candidates import Candidate
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.gate_mode import judged
from gate.secrets.engine.scan import scanner
from gate.secrets.engine.text import decode_read
from gate.secrets.triage.published import SHORTEST, TABLE, mark_of

LARGEST = 8 << 20
"""Bytes of the largest file that is read."""


def values_of(folder: Path) -> set[bytes]:
    """Return the marks of all values that detectors claim in the files below a folder."""
    marks: set[bytes] = set()
    detectors = scanner(GATE, None)

    def note(candidate: Candidate) -> bool:
        if len(candidate.value) >= SHORTEST:
            marks.add(mark_of(candidate.value))
        return False

    for root, _, names in os.walk(folder):
        for name in names:
            file = Path(root, name)
            if not file.is_symlink() and file.stat().st_size <= LARGEST:
                text = decode_read(file.read_bytes())
                if text is not None:
                    judged(text, file.relative_to(folder).as_posix(), detectors, note)
                    detectors.forget()
    return marks


def main() -> None:
    marks: set[bytes] = set()
    for folder in map(Path, sys.argv[1:]):
        found = values_of(folder)
        print(f"| {folder.name} | {len(found)} |", flush=True)
        marks |= found
    TABLE.write_bytes(b"".join(sorted(marks)))
    print(f"| all | {len(marks)} |")


if __name__ == "__main__":
    main()
