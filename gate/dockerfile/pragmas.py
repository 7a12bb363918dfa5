"""Comments that silence rules, and BuildKit's `# check=skip=…`.

hadolint's are `# hadolint ignore=DL3008,GD005` for the next instruction, `stage ignore=…` for all from there to the end
of the stage, `global ignore=…` for the file, and `shell=powershell` for what runs the RUN steps from there on.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gate.dockerfile.syntax import Dockerfile, Instruction
from gate.model import Silence

UNPARSABLE = "DL1000"
"""The one rule that no pragma silences: what is not understood is never a pass."""
_PRAGMA = re.compile(r"hadolint[ \t]+(?:(?P<reach>global|stage)[ \t]+)?ignore[ \t]*=[ \t]*(?P<ids>[A-Za-z0-9_, \t]*)")
_SHELL = re.compile(r"hadolint[ \t]+shell[ \t]*=[ \t]*(?P<words>[^#]*)")
_CHECK = re.compile(r"check[ \t]*=[ \t]*(?P<options>\S+)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[, \t]+")
CHECKS: Mapping[str, tuple[str, ...]] = {
    "ConsistentInstructionCasing": ("GD104",),
    "CopyIgnoredFile": ("GD107",),
    "DuplicateStageName": ("DL3024",),
    "ExposeInvalidFormat": ("GD114",),
    "ExposeProtoCasing": ("GD113",),
    "FromAsCasing": ("GD105",),
    "FromPlatformFlagConstDisallowed": ("DL3029",),
    "InvalidDefaultArgInFrom": ("GD106",),
    "InvalidDefinitionDescription": ("GD115",),
    "JSONArgsRecommended": ("DL3025",),
    "LegacyKeyValueFormat": ("GD103",),
    "MaintainerDeprecated": ("DL4000",),
    "MultipleInstructionsDisallowed": ("DL3012", "DL4003", "DL4004"),
    "NoEmptyContinuation": ("GD112",),
    "RedundantTargetPlatform": ("DL3065",),
    "ReservedStageName": ("DL3063",),
    "SecretsUsedInArgOrEnv": ("DL3064", "GD015"),
    "StageNameCasing": ("GD111",),
    "UndefinedArgInFrom": ("GD101",),
    "UndefinedVar": ("GD102",),
    "WorkdirRelativePath": ("DL3000",),
}
"""BuildKit's checks, and the rules that say the same: https://docs.docker.com/reference/build-checks/.

A rule that looks at more than the check does, as GD004 at a secret's value, is not silenced with it.
"""
_EXPERIMENTAL = frozenset({"InvalidDefinitionDescription"})
"""Checks that BuildKit runs on request alone, so that `skip=all` is not about them."""


class Silencers:
    """What the comments of a file silence, and where."""

    def __init__(self, dockerfile: Dockerfile) -> None:
        self.everywhere: Mapping[str, str] = dict(_in_file(dockerfile))
        self._by_line: dict[int, Mapping[str, str]] = {}
        stage: dict[str, str] = {}
        for instruction in dockerfile.instructions:
            if instruction.name == "FROM":
                stage = {}
            stage |= _named(instruction.comments, "stage")
            own = _own(instruction)
            if stage or own:
                self._by_line[instruction.line] = stage | own

    def at(self, instruction: Instruction | None) -> Mapping[str, str]:
        """Return the rules that are silenced at an instruction, each with the words of the comment that does it."""
        here = self._by_line.get(instruction.line) if instruction and self._by_line else None
        return {**self.everywhere, **here} if here else self.everywhere


def ignored_by(instruction: Instruction) -> frozenset[str]:
    """Return the rules that the comments above an instruction silence, there or to the end of its stage."""
    return frozenset(_own(instruction) | _named(instruction.comments, "stage"))


def _own(instruction: Instruction) -> dict[str, str]:
    comments = instruction.comments
    return {**_skipped(comments), **_named(comments, None)} if comments else {}


def _in_file(dockerfile: Dockerfile) -> dict[str, str]:
    directives = [f"{one.name}={one.value}" for one in dockerfile.directives if one.name == "check"]
    return {**_skipped(directives), **_named(dockerfile.comments, "global")}


def silences_of(dockerfile: Dockerfile, content: bytes, path: str) -> tuple[Silence, ...]:
    """Return the rules that comments silence in the whole file, in the order of their ids, each with a line of one."""
    words = _in_file(dockerfile)
    if not words:
        return ()
    lines = content.decode("utf-8", "replace").split("\n")
    numbers = [number for number, line in enumerate(lines, 1) if "hadolint" in line and "global" in line]
    checks = [one.line for one in dockerfile.directives if one.name == "check"]
    return tuple(
        Silence(path, checks[0] if said.startswith("check") else _line_of(rule, lines, numbers), rule)
        for rule, said in sorted(words.items())
    )


def _line_of(rule: str, lines: Sequence[str], numbers: Sequence[int]) -> int:
    return next((number for number in numbers if rule in lines[number - 1].upper()), next(iter(numbers), 1))


def names_shells(dockerfile: Dockerfile) -> bool:
    """True if a comment names the shell of what follows: of another shell's commands no rule knows anything."""
    return any(_SHELL.match(comment) for comment in dockerfile.comments)


def named_shell(instruction: Instruction) -> tuple[str, ...]:
    """Return the shell that the comments above an instruction name, and its options; empty if they name none."""
    found = [shell for shell in map(_SHELL.match, instruction.comments) if shell]
    return tuple(found[-1]["words"].split()) if found else ()


def requests_check(dockerfile: Dockerfile, check: str) -> bool:
    """True if `# check=experimental=…` at the top of the file asks for one of BuildKit's checks."""
    directives = (one.value for one in dockerfile.directives if one.name == "check")
    asked = [name for value in directives for name in _values_of(value, "experimental")]
    return "all" in asked or check in asked


def _named(comments: Sequence[str], reach: str | None) -> dict[str, str]:
    """Return the rules that hadolint's comments silence as far as `reach` says, with the words that do it."""
    if not comments:
        return {}
    found = (_PRAGMA.match(comment) for comment in comments)
    texts = (pragma["ids"] for pragma in found if pragma and pragma["reach"] == reach)
    ids = {id.upper() for text in texts for id in _SEPARATOR.split(text) if id} - {UNPARSABLE}
    words = "hadolint ignore" if reach is None else f"hadolint {reach} ignore"
    return {id: f"{words}={id}" for id in ids}


def _skipped(comments: Iterable[str]) -> dict[str, str]:
    """Return the rules whose checks `check=skip=…` skips, with the words that do it."""
    found = (_CHECK.match(comment) for comment in comments)
    names = [name for check in found if check for name in _values_of(check["options"], "skip")]
    if "all" in names:
        names = [name for name in CHECKS if name not in _EXPERIMENTAL]
    return {rule: f"check=skip={name}" for name in names for rule in CHECKS.get(name, ())}


def _values_of(options: str, key: str) -> Iterator[str]:
    """Yield the values of one option of `skip=A,B;error=true`."""
    for option in options.split(";"):
        name, _, values = option.partition("=")
        if name.strip() == key:
            yield from (value.strip() for value in values.split(","))
