"""What a file hides from detectors that read it line by line: encodings, and values that stand apart from their names.

A form is one module with `parts(text, path)`; it looks cheaply first whether it applies. What it yields is looked at
besides the file's own text.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from gate.secrets.decoders import (
    below,
    commands,
    inserts,
    kubernetes,
    notebooks,
    pairs,
    sequences,
    stored_logins,
    tables,
)
from gate.secrets.decoders.archive_names import begins_as_archive, sealed_as
from gate.secrets.decoders.encrypted import begins_encrypted
from gate.secrets.decoders.inserts import may_be_dump
from gate.secrets.decoders.part import DecodedPart
from gate.secrets.decoders.pointers import begins_as_pointer
from gate.secrets.decoders.stored_logins import begins_as_login
from gate.secrets.decoders.tables import begins_as_table
from gate.secrets.engine.text import Text

__all__ = ["FORMS", "MAX_PARTS", "SIEVE", "DecodedPart", "MarkedForForms", "is_apart", "parts_of", "reads_whole"]

MarkedForForms = Mapping[str, Mapping[int, int]]
"""By the name of a form the lines that the pre-filter marks for it, from 1, and where in bytes each starts."""

SIEVE = (*kubernetes.SIEVE, *pairs.SIEVE, *below.SIEVE, *commands.SIEVE, *sequences.SIEVE)
"""Lines whose neighbours tell what they hold; a form's name stands for a plugin in its patterns."""
FORMS = frozenset(pattern.plugin for pattern in SIEVE)
MAX_PARTS = 20_000
"""Parts of one file that are looked at; a file with more is said to be too large."""


def parts_of(text: Text, path: str, marked: MarkedForForms | None = None) -> Iterator[DecodedPart]:
    """Yield the parts of a file, at most one more than MAX_PARTS; its own text is none of them.

    `marked`: what SIEVE marks; None: there was no pre-filter.
    """

    def lines_of(form: str) -> Mapping[int, int] | None:
        return None if marked is None else marked.get(form, {})

    forms = (
        kubernetes.parts(text, path, lines_of(kubernetes.FORM)),
        notebooks.parts(text, path),
        pairs.parts(text, path, lines_of(pairs.FORM)),
        below.parts(text, path, lines_of(below.FORM)),
        commands.parts(text, path, lines_of(commands.FORM)),
        sequences.parts(text, path, lines_of(sequences.FORM)),
        tables.parts(text, path),
        inserts.parts(text, path),
        stored_logins.parts(text, path),
    )
    return islice(chain.from_iterable(forms), MAX_PARTS + 1)


def is_apart(content: bytes, path: str) -> bool:
    """True if how a file begins, or that it is a dump, decides what its lines come to."""
    return (
        begins_encrypted(content)
        or begins_as_archive(content)
        or sealed_as(content) is not None
        or begins_as_pointer(content)
        or begins_as_table(content, path)
        or begins_as_login(content, path)
        or may_be_dump(content, path)
    )


def reads_whole(lines: bytes, path: str) -> bool:
    """True if a form may read a file with any of these lines as a whole: a line's neighbours do not tell what it holds.

    What a file as a whole tells is asked of `is_apart`.
    """
    return notebooks.is_notebook(path) or kubernetes.may_be_secret(lines) or tables.may_have_table(lines, path)
