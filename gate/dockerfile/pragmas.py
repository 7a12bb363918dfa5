"""hadolint's comments: `# hadolint ignore=DL3008,GD005` for the next instruction, `global ignore=…` for the file."""

import re
from collections.abc import Iterable

from gate.dockerfile.rule import UNPARSABLE
from gate.dockerfile.syntax import Dockerfile, Instruction

_PRAGMA = re.compile(r"hadolint[ \t]+(?P<everywhere>global[ \t]+)?ignore[ \t]*=[ \t]*(?P<ids>[A-Za-z0-9_, \t]*)")
_SEPARATOR = re.compile(r"[, \t]+")


def ignored_by(instruction: Instruction | None) -> frozenset[str]:
    """Return the rules that the comments above an instruction silence."""
    return _ids(instruction.comments, is_global=False) if instruction and instruction.comments else frozenset()


def ignored_everywhere(dockerfile: Dockerfile) -> frozenset[str]:
    """Return the rules that a comment anywhere in the file silences."""
    return _ids(dockerfile.comments, is_global=True)


def _ids(comments: Iterable[str], is_global: bool) -> frozenset[str]:
    found = (_PRAGMA.match(comment) for comment in comments)
    texts = (pragma["ids"] for pragma in found if pragma and bool(pragma["everywhere"]) == is_global)
    return frozenset(id.upper() for text in texts for id in _SEPARATOR.split(text) if id) - {UNPARSABLE}
