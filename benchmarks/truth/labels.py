"""The data of the corpus of truth: its repositories, and what readers said of findings in them. No code of theirs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

FOLDER = Path(__file__).parent
REPOSITORIES = FOLDER / "repositories.jsonl"
LABELS = FOLDER / "labels"
Row = TypeVar("Row")
UNREADABLE = "unreadable"
"""Stands for the rule where a stage says that it could not read a file, which ends a run in exit status 3."""

Verdict = Literal["worth", "right", "wrong"]
"""`worth`: a careful colleague would have stopped the change for it; `right`: true, and not worth stopping for;
`wrong`: it is not what the message says."""
Place = tuple[str, str, str, int]
"""Repository, stage, path and line; the line is 0 where a finding is about a whole file."""


class Repository(msgspec.Struct, frozen=True, kw_only=True):
    """A public repository at one commit."""

    repository: str
    """Owner and name."""
    commit: str
    half: Literal[
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"
    ]
    """The first half is read before a change of the gate, the second stays unread until its end. The third is a set of
    its own, fetched and read once both halves had been used to make rules; the fourth to the eleventh are further ones,
    each read once the sets before it had been used."""
    kind: str
    language: str

    @property
    def folder(self) -> str:
        """Name of the folder in which it is expected."""
        return self.repository.replace("/", "+")


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What one reader said of one finding."""

    repository: str
    commit: str
    stage: str
    rule: str
    path: str
    line: int
    fingerprint: str
    """Empty for a file that could not be read."""
    label: Verdict
    why: str
    """The class of the reason, in a word or three."""
    reader: str
    blocking: bool
    """Whether the gate blocked on it when it was read."""
    reading: int = 1
    """2: read again by another person, to measure how often two agree."""

    @property
    def key(self) -> tuple[str, str, str]:
        return key_of(self.repository, self.stage, self.fingerprint, self.path)

    @property
    def place(self) -> Place:
        return (self.repository, self.stage, self.path, self.line)


def key_of(repository: str, stage: str, fingerprint: str, path: str) -> tuple[str, str, str]:
    """Return what names a finding: its fingerprint, or the file where that is what could not be read."""
    return (repository, stage, fingerprint or f"{UNREADABLE} {path}")


def read_repositories(path: Path = REPOSITORIES) -> dict[str, Repository]:
    """Return the repositories of the corpus by the names of their folders."""
    return {one.folder: one for one in _read_lines(path, Repository)}


def read_labels(folder: Path = LABELS) -> list[Label]:
    """Return all labels of a folder. Raises msgspec.ValidationError for a line of another form."""
    return [label for path in sorted(folder.glob("*.jsonl")) for label in _read_lines(path, Label)]


def _read_lines(path: Path, kind: type[Row]) -> Iterable[Row]:
    decoder = msgspec.json.Decoder(kind)
    return decoder.decode_lines(path.read_bytes())
