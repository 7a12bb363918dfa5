"""gem: pinned."""

from collections.abc import Iterator
from itertools import takewhile

from gate.dockerfile.hits import Hit
from gate.dockerfile.pins import unpinned
from gate.dockerfile.rule import rule, run_programs
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command
from gate.model import Severity

_WITH_VALUE = ("-v", "--version", "-s", "--source", "-i", "--install-dir", "-n", "--bindir", "-P", "--trust-policy")
_WITH_VALUE_TOO = (
    "--platform",
    "--document",
    "--build-root",
    "-g",
    "--file",
    "--without",
    "-B",
    "-p",
    "--http-proxy",
    "--use-system-libraries",
)


def _packages(command: Command) -> tuple[ShellWord, ...]:
    """Return the gems of `gem install`; what follows `--` is for the compiler."""
    own = tuple(takewhile(lambda word: word.text != "--", command.words))
    words = [word for word in command.operands(*_WITH_VALUE, *_WITH_VALUE_TOO) if word in own]
    return tuple(words[1:]) if words and words[0].text in ("install", "i") else ()


def _is_pinned(gem: str) -> bool:
    return ":" in gem or gem.endswith(".gem")


@rule(
    "DL3028",
    Severity.LOW,
    "Ruby gem without a version",
    looks_at=run_programs("gem"),
    why="The same Dockerfile installs something else tomorrow; a build cannot be repeated or compared.",
    mend="Write gem:version, or install from a lock file: bundle install.",
    references=("CWE-1357",),
    bad="RUN gem install rake",
    good="RUN gem install rake:13.2.1",
)
def unpinned_gem(command: Command) -> Iterator[Hit]:
    if command.has_option("-v", "--version"):
        return
    loose = unpinned(command, _packages(command), _is_pinned)
    if loose:
        yield command.hit(f"no version is given for {', '.join(loose)}")
