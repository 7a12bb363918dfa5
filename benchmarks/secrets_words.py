"""The table of short words by which `gate.secrets.triage.wordlikeness` tells words from random letters.

Usage: python benchmarks/secrets_words.py FOLDER [FOLDER …] [--write]

Counts in how many files of documentation and source under each FOLDER a word of three to eight letters stands; those
of at least FILES files of one FOLDER go into a Bloom filter. No word can be read back from it. What it says of random
letters and of the words of each FOLDER alone is printed.
"""

import argparse
import random
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gate.secrets.triage.wordlikeness import LONGEST_LISTED, SHORTEST, TABLE, TABLE_SIZE, places_of

FILES = 8
_TEXTS = {".py", ".rst", ".md", ".txt", ".js", ".ts", ".mjs", ".json", ".html", ".pm", ".pl", ".po"}
_MOST = 200_000
"""Characters of a file that are read."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def words_of(folder: Path) -> set[str]:
    """Return the words that stand in at least FILES files under a folder."""
    counts: Counter[str] = Counter()
    for text in _texts(folder):
        counts.update({word.lower() for word in _WORD.findall(text) if SHORTEST <= len(word) <= LONGEST_LISTED})
    return {word for word, files in counts.items() if files >= FILES}


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in _TEXTS and ".min." not in path.name and path.is_file():
            yield path.read_text(encoding="utf-8", errors="ignore")[:_MOST]


def table_of(words: set[str]) -> bytes:
    """Return the filter that holds `words`."""
    table = bytearray(TABLE_SIZE // 8)
    for word in words:
        for place in places_of(word):
            table[place >> 3] |= 1 << (place & 7)
    return bytes(table)


def held(words: set[str], table: bytes) -> float:
    """Return which share of `words` the table says to hold."""
    return sum(all(table[at >> 3] >> (at & 7) & 1 for at in places_of(word)) for word in words) / max(len(words), 1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = {folder: words_of(folder) for folder in options.folders}
    table = table_of(set().union(*found.values()))
    print(f"{len(set().union(*found.values())):,} words, {len(table):,} bytes")
    for folder, words in found.items():
        rest = table_of(set().union(*(others for other, others in found.items() if other != folder)))
        print(f"{folder.name}: {len(words):,} words, {held(words, rest):.0%} of them known without it")
    draw = random.Random(1)
    for length in range(SHORTEST, LONGEST_LISTED + 1):
        chance = {"".join(draw.choices(string.ascii_lowercase, k=length)) for _ in range(5_000)}
        print(f"random, {length} letters: {held(chance, table):.1%} pass for words")
    if options.write:
        TABLE.write_bytes(table)


if __name__ == "__main__":
    main()
