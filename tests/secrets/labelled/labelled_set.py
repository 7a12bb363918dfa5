"""Writes the labelled set: files with and without credentials, of each kind as many, the same for the same seed.

`kinds.txt` and `formats.txt` hold the templates. A kind begins with `## name`; a file with `+ path` (it holds a
credential) or `- path` (it only looks as if). Its text follows, indented by two blanks; `»` marks the line that counts
(else it is the first), `«name»` is drawn from VALUES.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from labelled_values import VALUES

TEMPLATES = tuple(Path(__file__).with_name(name) for name in ("kinds.txt", "formats.txt"))
BLIND = (
    "blind.txt",
    "blind_second.txt",
    "blind_third.txt",
    "blind_fourth.txt",
    "blind_fifth.txt",
    "blind_sixth.txt",
    "blind_seventh.txt",
    "blind_eighth.txt",
    "blind_ninth.txt",
    "blind_tenth.txt",
    "leaky.txt",
    "leaky_second.txt",
    "leaky_third.txt",
)
EACH = 8
"""Files of a kind with a credential, and as many without."""


class Template(NamedTuple):
    """One file to write, before its values are drawn."""

    kind: str
    path: str
    is_secret: bool
    text: str


class Labelled(NamedTuple):
    """One file of the set, and the line of it that holds a credential, or looks as if."""

    kind: str
    path: str
    line: int
    is_secret: bool
    text: str


def templates() -> Iterator[Template]:
    """Read the templates, in the order of the files."""
    kind = ""
    for block in re.split(r"\n(?=## |[+-] )", "\n".join(file.read_text(encoding="utf-8") for file in TEMPLATES)):
        head, _, body = block.partition("\n")
        if head.startswith("## "):
            kind = head.removeprefix("## ").strip()
        elif head[:2] in ("+ ", "- "):
            lines = [line.removeprefix("  ") for line in body.splitlines()]
            yield Template(kind, head[2:].strip(), head[0] == "+", "\n".join(lines).rstrip("\n") + "\n")


def labelled() -> Iterator[Labelled]:
    """Yield the set: for each kind at least EACH files with and EACH without a credential, its templates in turn."""
    groups: dict[tuple[str, bool], list[Template]] = {}
    for template in templates():
        groups.setdefault((template.kind, template.is_secret), []).append(template)
    for (kind, is_secret), group in groups.items():
        for number in range(max(EACH, *(len(groups[kind, held]) for held in (True, False)))):
            yield _drawn(group[number % len(group)], f"{kind} {is_secret} {number}", number)


def blind(name: str) -> Iterator[Labelled]:
    """Yield a blind set, one of BLIND: one case for each line that counts; those of a file share path and text."""
    blocks = Path(__file__).with_name(name).read_text(encoding="utf-8").split("\n== ")[1:]
    for number, block in enumerate(blocks):
        head, _, body = block.partition("\n")
        kind, path = head.split(": ")
        draw = random.Random(f"blind {head}")
        marked = re.sub(
            r"«(\w+)»",
            lambda match, draw=draw: VALUES[match[1]](draw).replace("\n", "\n "),  # type: ignore[misc]
            body.rstrip("\n"),
        ).split("\n")
        text = "".join(line[1:] + "\n" for line in marked)
        for place, line in enumerate(marked, 1):
            if line[:1] in ("+", "-"):
                yield Labelled(kind, f"{number}/{path}", place, line[0] == "+", text)


def _drawn(template: Template, seed: str, number: int) -> Labelled:
    draw = random.Random(seed)
    text = re.sub(r"«(\w+)»", lambda match: VALUES[match[1]](draw), template.text)
    lines = text.split("\n")
    line = next((place for place, one in enumerate(lines, 1) if one.startswith("»")), 1)
    folder = f"{template.kind.replace(' ', '-')}/{'held' if template.is_secret else 'clean'}{number}"
    return Labelled(template.kind, f"{folder}/{template.path}", line, template.is_secret, text.replace("»", "", 1))


def write(root: Path, cases: list[Labelled]) -> list[Labelled]:
    """Write the files of `cases` under `root` and return the cases."""
    for case in cases:
        file = root / case.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(case.text, encoding="utf-8")
    return cases
