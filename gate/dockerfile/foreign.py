"""What is no Dockerfile by its text: a template, an image, a program's source with a like name.

Only what Docker would refuse is passed over, so that no file can be built unseen.
"""

import codecs
import re
from collections.abc import Iterator

from gate.dockerfile.grammar import problems_of
from gate.dockerfile.parser import parse
from gate.dockerfile.syntax import Dockerfile, Instruction

_WHOLE_NAMES = frozenset({"dockerfile", "containerfile"})
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MARKS = re.compile(
    r"""
      \{\{ | \{% | \{\#            # Jinja, Go and Helm, Mustache, Liquid
    | <% | <\?                     # ERB and EJS, PHP
    | %%\w+%% | (?<![\w.:/])@\w+@  # autoconf, CMake and sed
    | \#\{                         # Ruby, Pug
    | \b(?:m4_)?(?:define|include|sinclude|ifdef|ifelse)\(  # m4
    """,
    re.VERBOSE,
)
"""What a template engine puts something in the place of."""
_IMAGE = re.compile(r"[A-Za-z0-9$]\S*")


def may_be_foreign(content: bytes) -> bool:
    """True for a text that may be a template although all its lines are instructions: to be asked of every file."""
    return any(mark in content for mark in (b"{{", b"{%", b"<%", b"%%", b"#{", b"@"))


def why_foreign(content: bytes, path: str, is_named: bool) -> str | None:
    """Return what a file is instead of a Dockerfile, or None if it may be one.

    `is_named`: something builds from it, so that text of an unknown kind is a Dockerfile that is broken.
    """
    if b"\0" in content and not content.startswith(_UTF_16):
        return "a binary file"
    dockerfile = parse(content)
    if _names_frontend(dockerfile):
        return None
    if any(map(_MARKS.search, _refused(content, dockerfile))):
        return "a template"
    if not is_named and _says_nothing(content):
        return "empty, or comments alone"
    name = path.rpartition("/")[2].lower()
    is_meant = is_named or name in _WHOLE_NAMES
    return "no Dockerfile" if not is_meant and is_other_text(dockerfile) else None


def _names_frontend(dockerfile: Dockerfile) -> bool:
    """True if another frontend reads the file: it may know another language."""
    return any(directive.name == "syntax" for directive in dockerfile.directives)


def is_other_text(dockerfile: Dockerfile) -> bool:
    """True if a file does not begin as a Dockerfile does, and no more than half of what it says can be read.

    Prose and programs have a line now and then that begins with `add`, `run` or `from`.
    """
    if not dockerfile.problems or _names_frontend(dockerfile) or _begins_like_one(dockerfile):
        return False
    instructions = dockerfile.instructions
    faulty = [one for one in instructions if any(problems_of(one))]
    unread = {problem.line for problem in dockerfile.problems} - {one.line for one in instructions}
    return len(instructions) - len(faulty) <= len(unread) + len(faulty)


def _says_nothing(content: bytes) -> bool:
    """True for a file that is kept for later: Docker refuses it, and no build here asks for it."""
    lines = (line.strip() for line in content.removeprefix(codecs.BOM_UTF8).splitlines())
    return all(not line or line.startswith(b"#") for line in lines)


def _refused(content: bytes, dockerfile: Dockerfile) -> Iterator[str]:
    """Yield the lines that Docker refuses, and the images that FROM names: a template's mark is in no reference."""
    lines = content.decode("utf-8", "replace").split("\n")
    yield from (lines[problem.line - 1] for problem in dockerfile.problems if problem.line <= len(lines))
    yield from (one.values[0] for one in dockerfile.instructions if one.name == "FROM" and one.values)


def _begins_like_one(dockerfile: Dockerfile) -> bool:
    """True if the first instruction but ARG is a FROM without fault, and nothing refused stands above it."""
    first = next((one for one in dockerfile.instructions if one.name != "ARG"), None)
    if first is None or not _is_sound_from(first):
        return False
    return all(problem.line > first.line for problem in dockerfile.problems)


def _is_sound_from(instruction: Instruction) -> bool:
    words = instruction.values
    return instruction.name == "FROM" and bool(words) and bool(_IMAGE.fullmatch(words[0])) and len(words) in (1, 3)
