"""Which packages a command installs without saying which version."""

from collections.abc import Callable, Iterable

from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.dockerfile.variables import expand, names_in
from gate.dockerfile.written import exports

_SIGNS = "=<>~@:-"
"""What stands between a name and its version."""


def unpinned(command: Command, packages: Iterable[ShellWord], is_pinned: Callable[[str], bool]) -> list[str]:
    """Return the packages, as written, that `is_pinned` says no to; a variable is judged by the words of its value."""
    return [word.text for word in packages if not all(map(is_pinned, _specifications(command, word.text)))]


def _specifications(command: Command, text: str) -> list[str]:
    if "$" not in text:
        return [text]
    value = command.step.expand(text)
    if value:
        return value.split()
    empty = _without_unset(command.step, text)
    return [text] if empty is None else [empty.rstrip(_SIGNS)]


def _without_unset(step: Step, text: str) -> str | None:
    """Return what is left of a text whose variables only another stage sets: here they are empty.

    None if there may be a value: the base image, the script or the builder can set what this file does not.
    """
    names = names_in(text, step.build.dockerfile.escape)
    here = {name for _, name, _, _ in exports(step)}
    if not names or any(name in here or not _is_set_elsewhere(step, name) for name in names):
        return None
    return expand(text, lambda _: "", step.build.dockerfile.escape)


def _is_set_elsewhere(step: Step, name: str) -> bool:
    """True if other stages of the file declare a variable and this one does not."""
    if step.stage.knows(name, step.place):
        return False
    pieces = (step.build.preamble, *step.build.stages)
    return any(one.knows(name, len(one.steps)) for one in pieces if one is not step.stage)
