"""`setup.cfg`: what a Python project built with setuptools asks for (setuptools, "Declarative config")."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gate.inventory.lockfile import Locked, read_text, unparsable
from gate.inventory.lockfiles import pyproject
from gate.inventory.lockfiles.pyproject import asked_for, entry_of
from gate.inventory.lockfiles.requirements import logical_lines
from gate.model import Scope
from gate.trees import FileTree

if TYPE_CHECKING:
    import configparser

LOCKED_BY = pyproject.LOCKED_BY
is_member = pyproject.is_member


def read(tree: FileTree, path: str) -> Locked:
    """Read a setup.cfg; most are without dependencies. Those that `file:` includes are requirements files."""
    import configparser

    class Parser(configparser.RawConfigParser):
        """One that stops at the first mistake: all of them in one message take the square of their number."""

        def _handle_error(self, _exc: object, source: str, number: int, line: str) -> None:
            error = configparser.ParsingError(source)
            error.append(number, repr(line[:80]))
            raise error

    text = read_text(tree, path)
    settings = Parser()
    try:
        settings.read_string(text)
    except configparser.Error as error:
        raise unparsable(
            path, "it is no settings file as setuptools reads it", getattr(error, "lineno", None)
        ) from error
    lines = _lines(text)
    return asked_for(
        path,
        [entry_of(requirement, path, lines.get(requirement), scope) for requirement, scope in _requirements(settings)],
    )


def _lines(text: str) -> dict[str, int | None]:
    """Return the line of each text that is a line, or the value after a key; None if there are several."""
    lines: dict[str, int | None] = {}
    for number, row in enumerate(text.split("\n"), 1):
        for said in {row.strip(), row.partition("=")[2].strip()}:
            lines[said] = None if said in lines else number
    return lines


def _requirements(settings: "configparser.RawConfigParser") -> Iterator[tuple[str, Scope]]:
    values = [(settings.get("options", "install_requires", fallback=""), Scope.RUNTIME)]
    if settings.has_section("options.extras_require"):
        values += [(value, Scope.OPTIONAL) for _, value in settings.items("options.extras_require")]
    for value, scope in values:
        if not value.startswith("file:"):
            yield from ((line.text, scope) for line in logical_lines(value.replace(";\n", "\n")))
