"""What a file hides from detectors that read it line by line: encodings, and values that stand apart from their names.

A form is one module with `parts(text, path)`; it looks cheaply first whether it applies. What it yields is looked at
besides the file's own text.
"""

from collections.abc import Iterator
from itertools import chain, islice

from gate.secrets.forms import kubernetes, notebooks, pairs
from gate.secrets.forms.part import Part
from gate.secrets.text import Text

__all__ = ["MAX_PARTS", "Part", "parts_of"]

_FORMS = (kubernetes.parts, notebooks.parts, pairs.parts)
MAX_PARTS = 20_000
"""Parts of one file that are looked at; a file with more is said to be too large."""


def parts_of(text: Text, path: str) -> Iterator[Part]:
    """Yield the parts of a file, at most one more than MAX_PARTS; its own text is none of them."""
    return islice(chain.from_iterable(parts(text, path) for parts in _FORMS), MAX_PARTS + 1)
