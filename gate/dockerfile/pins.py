"""Which packages a command installs without saying which version."""

from collections.abc import Callable, Iterable

from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command


def unpinned(command: Command, packages: Iterable[ShellWord], is_pinned: Callable[[str], bool]) -> list[str]:
    """Return the packages, as written, that `is_pinned` says no to; a variable is judged by the words of its value."""
    return [word.text for word in packages if not all(map(is_pinned, _specifications(command, word.text)))]


def _specifications(command: Command, text: str) -> list[str]:
    value = command.step.expand(text) if "$" in text else None
    return value.split() if value else [text]
