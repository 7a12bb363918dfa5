"""Writes the table of published test vectors: hashes of what the secrets stage takes for a secret in their sources.

Usage: python benchmarks/secrets_published.py [--keep] FOLDER …

Each FOLDER is the unpacked source of one publisher: vectors of RFCs, NIST and Wycheproof, the tests and documentation
of libraries for cryptography and the web. Only truncated hashes are kept; the counts by source are printed. The values
of `secrets_published.txt`, which standards print and no source of these states as a secret, are always among them.
With `--keep` the table only grows.
"""

import os
import sys
from pathlib import Path

from gate.secrets.engine.candidates import Candidate
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.gate_mode import judged
from gate.secrets.engine.scan import scanner
from gate.secrets.engine.text import decode_read
from gate.secrets.triage.published import SHORTEST, TABLE, WIDTH, mark_of

PRINTED = Path(__file__).with_suffix(".txt")
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
    folders = [one for one in sys.argv[1:] if one != "--keep"]
    printed = [line.split()[0] for line in PRINTED.read_text().splitlines() if line and not line.startswith("#")]
    marks = set(map(mark_of, printed))
    print(f"| {PRINTED.name} | {len(marks)} |")
    if len(folders) < len(sys.argv) - 1:
        table = TABLE.read_bytes()
        marks |= {table[at : at + WIDTH] for at in range(0, len(table), WIDTH)}
    for folder in map(Path, folders):
        found = values_of(folder)
        print(f"| {folder.name} | {len(found)} |", flush=True)
        marks |= found
    TABLE.write_bytes(b"".join(sorted(marks)))
    print(f"| all | {len(marks)} |")


if __name__ == "__main__":
    main()
