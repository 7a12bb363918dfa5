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
from gate.secrets.decoders.part import FORMS, DecodedPart
from gate.secrets.decoders.pointers import begins_as_pointer
from gate.secrets.decoders.stored_logins import begins_as_login
from gate.secrets.decoders.tables import begins_as_table
from gate.secrets.engine.text import Text

__all__ = ["FORMS", "MAX_PARTS", "SIEVE", "DecodedPart", "is_apart", "parts_of", "reads_whole"]

SIEVE = (*kubernetes.SIEVE, *pairs.SIEVE, *below.SIEVE, *commands.SIEVE, *sequences.SIEVE)
"""Lines that these forms want to see."""
MAX_PARTS = 20_000
"""Parts of one file that are looked at; a file with more is said to be too large."""


def parts_of(text: Text, path: str, values: Mapping[int, int] | None = None) -> Iterator[DecodedPart]:
    """Yield the parts of a file, at most one more than MAX_PARTS; its own text is none of them.

    `values`: the lines that SIEVE marks, and where they start; None: there was no pre-filter.
    """
    forms = (
        kubernetes.parts(text, path, values),
        notebooks.parts(text, path),
        pairs.parts(text, path, values),
        below.parts(text, path, values),
        commands.parts(text, path, values),
        sequences.parts(text, path, values),
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
