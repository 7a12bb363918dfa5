"""hadolint's comments: `# hadolint ignore=DL3008,GD005` for the next instruction, `global ignore=…` for the file,
`shell=powershell` for what runs the RUN steps from there to the end of the stage.
"""

import re
from collections.abc import Iterable, Sequence

from gate.dockerfile.syntax import Dockerfile, Instruction
from gate.model import Silence

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


def silences_of(dockerfile: Dockerfile, content: bytes, path: str) -> tuple[Silence, ...]:
    """Return the rules that comments silence in the whole file, in the order of their ids, each with a line of one."""
    rules = sorted(ignored_everywhere(dockerfile))
    if not rules:
        return ()
    lines = content.decode("utf-8", "replace").split("\n")
    numbers = [number for number, line in enumerate(lines, 1) if "hadolint" in line and "global" in line]
    return tuple(Silence(path, _line_of(rule, lines, numbers), rule) for rule in rules)


def _line_of(rule: str, lines: Sequence[str], numbers: Sequence[int]) -> int:
    return next((number for number in numbers if rule in lines[number - 1].upper()), next(iter(numbers), 1))


def names_shells(dockerfile: Dockerfile) -> bool:
    """True if a comment names the shell of what follows: of another shell's commands no rule knows anything."""
    return any(_SHELL.match(comment) for comment in dockerfile.comments)


def words_for(rule: str, instruction: Instruction | None) -> str:
    """Return the words of the comment that silences a rule at an instruction."""
    return f"hadolint ignore={rule}" if rule in ignored_by(instruction) else f"hadolint global ignore={rule}"


def named_shell(instruction: Instruction) -> tuple[str, ...]:
    """Return the shell that the comments above an instruction name, and its options; empty if they name none."""
    found = [shell for shell in map(_SHELL.match, instruction.comments) if shell]
    return tuple(found[-1]["words"].split()) if found else ()


def _ids(comments: Iterable[str], is_global: bool) -> frozenset[str]:
    found = (_PRAGMA.match(comment) for comment in comments)
    texts = (pragma["ids"] for pragma in found if pragma and bool(pragma["everywhere"]) == is_global)
    return frozenset(id.upper() for text in texts for id in _SEPARATOR.split(text) if id) - {UNPARSABLE}
