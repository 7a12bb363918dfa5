"""hadolint's comments: `# hadolint ignore=DL3008,GD005` for the next instruction, `global ignore=…` for the file,
`shell=powershell` for what runs the RUN steps from there to the end of the stage.
"""

import re
from collections.abc import Iterable

from gate.dockerfile.syntax import Dockerfile, Instruction

UNPARSABLE = "DL1000"
"""The one rule that no pragma silences: what is not understood is never a pass."""
_PRAGMA = re.compile(r"hadolint[ \t]+(?P<everywhere>global[ \t]+)?ignore[ \t]*=[ \t]*(?P<ids>[A-Za-z0-9_, \t]*)")
_SHELL = re.compile(r"hadolint[ \t]+shell[ \t]*=[ \t]*(?P<words>[^#]*)")
_SEPARATOR = re.compile(r"[, \t]+")


def ignored_by(instruction: Instruction | None) -> frozenset[str]:
    """Return the rules that the comments above an instruction silence."""
    return _ids(instruction.comments, is_global=False) if instruction and instruction.comments else frozenset()


def ignored_everywhere(dockerfile: Dockerfile) -> frozenset[str]:
    """Return the rules that a comment anywhere in the file silences."""
    return _ids(dockerfile.comments, is_global=True)


def named_shell(instruction: Instruction) -> tuple[str, ...]:
    """Return the shell that the comments above an instruction name, and its options; empty if they name none."""
    found = [shell for shell in map(_SHELL.match, instruction.comments) if shell]
    return tuple(found[-1]["words"].split()) if found else ()


def _ids(comments: Iterable[str], is_global: bool) -> frozenset[str]:
    found = (_PRAGMA.match(comment) for comment in comments)
    texts = (pragma["ids"] for pragma in found if pragma and bool(pragma["everywhere"]) == is_global)
    return frozenset(id.upper() for text in texts for id in _SEPARATOR.split(text) if id) - {UNPARSABLE}
