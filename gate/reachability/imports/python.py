"""Python: `import yaml` and `from yaml import …` are of the distribution PyYAML."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from gate.model import Package
from gate.reachability.imports.language import Import, beginnings
from gate.reachability.imports.python_sources import read_source
from gate.trees import FileTree

NAME = "Python"
ENDINGS = (".py", ".pyi", ".pyw")


def imports(text: str) -> Iterator[Import]:
    """Yield the imported modules, those in functions included, those for type checkers left out."""
    for each in read_source(text).imports:
        if not each.module.startswith("."):
            yield Import(f"{each.module}.{each.name}" if each.name else each.module, each.line)


def keys_of(module: str) -> Iterator[str]:
    """Yield a module and those above it."""
    return beginnings(module.lower(), ".")


def names_of(package: Package, _tree: FileTree) -> tuple[str, ...]:
    """Return a distribution's modules: those in `python_names.txt`, or else its own name."""
    name = package.name.lower()
    return _names().get(name) or (name.replace("-", "_"), name.replace("-", "."))


@cache
def _names() -> dict[str, tuple[str, ...]]:
    lines = files("gate.reachability.imports").joinpath("python_names.txt").read_text().splitlines()
    rows = (line.lower().split() for line in lines if not line.startswith("#"))
    return {name: tuple(modules) for name, *modules in rows}
