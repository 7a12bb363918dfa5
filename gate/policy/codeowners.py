"""Who owns a path: the CODEOWNERS file as GitHub and GitLab read it, through the package `codeowners`."""

import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.errors import ConfigError

if TYPE_CHECKING:
    from codeowners import CodeOwners

PLACES = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the two look for it; the first that is there counts."""
MAX_SIZE = 3 << 20
"""Bytes; GitHub reads no larger one."""

_SECTION = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?(?P<owners>(?:\s+\S+)*)\s*")
_OWNER = re.compile(r"@[\w.-]+(?:/[\w.-]+)*|@@[\w-]+|[^@\s]+@[^@\s]+")


class Codeowners(msgspec.Struct, frozen=True):
    """A CODEOWNERS file whose lines are known to be sound."""

    text: str

    def of(self, path: str) -> tuple[str, ...]:
        """Return the owners of the file at `path`, relative to the root: those of the last line that matches."""
        return tuple(owner for _, owner in _parsed(self.text).of(path))


@lru_cache(maxsize=8)
def _parsed(text: str) -> "CodeOwners":
    from codeowners import CodeOwners

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # `[[` in a pattern: Python may read it otherwise one day
        return CodeOwners(text)


def read_codeowners(root: str) -> Codeowners | None:
    """Return the CODEOWNERS file of the project in `root`, or None. Raises ConfigError with the line that is wrong."""
    file = next((Path(root) / place for place in PLACES if (Path(root) / place).is_file()), None)
    return None if file is None else read_file(file)


def read_file(file: Path) -> Codeowners:
    """Read one file in the form of CODEOWNERS. Raises ConfigError with the line that is wrong."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_SIZE + 1)
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("cannot be read as text", path=str(file)) from error
    if len(content) > MAX_SIZE:
        raise ConfigError(f"has more than {MAX_SIZE:,} bytes", path=str(file))
    return parse(text, str(file))


def parse(text: str, path: str) -> Codeowners:
    """Check every line. Raises ConfigError with the line that is wrong and the right form."""
    sound = Codeowners("\n".join(_lines(text, path)))
    try:
        _parsed(sound.text)
    except (ValueError, re.error) as error:
        raise ConfigError(f"cannot be parsed: {error}", path=path) from error
    return sound


def _lines(text: str, path: str) -> Iterator[str]:
    """Yield the lines, those of a GitLab section that name no owner with the section's owners."""
    default = ""
    for number, line in enumerate(text.splitlines(), 1):
        rule = line.partition(" #")[0].strip()
        section = _SECTION.fullmatch(rule)
        if section:
            default = section["owners"].strip()
            yield ""
        elif not rule or rule.startswith("#"):
            yield ""
        else:
            yield _checked(rule, default, f"{path}:{number}")


def _checked(rule: str, default: str, place: str) -> str:
    pattern, *owners = rule.replace("\\ ", "\0").split()
    wrong = next((owner for owner in owners if not _OWNER.fullmatch(owner)), None)
    if wrong is not None:
        raise ConfigError(f"{wrong} is no owner; write @name, @group/name or an e-mail address", path=place)
    return rule if owners else f"{pattern} {default}".replace("\0", "\\ ")
